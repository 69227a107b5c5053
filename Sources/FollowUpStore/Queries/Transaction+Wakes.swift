package import FollowUpCore
internal import GRDB

extension Transaction {
  /// The earliest instant at which anything is to be looked at: seeks in partial indexes only, however many rows wait.
  package func nextWake() throws -> Instant? {
    let seconds = try db.cachedStatement(
      sql: """
        SELECT min(at) FROM (
          SELECT * FROM (SELECT wake_at AS at FROM reminder
            WHERE priority = 0 AND wake_at IS NOT NULL ORDER BY wake_at LIMIT 1)
          UNION ALL SELECT * FROM (SELECT wake_at FROM reminder
            WHERE priority = 1 AND wake_at IS NOT NULL ORDER BY wake_at LIMIT 1)
          UNION ALL SELECT * FROM (SELECT wake_at FROM reminder
            WHERE priority = 2 AND wake_at IS NOT NULL ORDER BY wake_at LIMIT 1)
          UNION ALL SELECT * FROM (SELECT expires_at FROM reminder
            WHERE wake_at IS NULL AND state IN ('held', 'deferred') ORDER BY expires_at LIMIT 1)
          UNION ALL SELECT * FROM (SELECT wake_at FROM deadline WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1))
        """)
    return try Int64.fetchOne(seconds).map(Instant.init(_:))
  }

  /// What is due at `now` of a priority, the first in triage order first (R17): the numbers of at most `limit`.
  package func due(_ priority: Priority, now: Instant, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id FROM reminder WHERE priority = ? AND wake_at IS NOT NULL AND wake_at <= ?
          ORDER BY expires_at, planned_at, id LIMIT ?
          """), arguments: [priority.rank, now.seconds, limit])
  }

  /// The numbers of what is parked and of no use any more: at most `limit`.
  package func parkedPastUse(now: Instant, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id FROM reminder
          WHERE wake_at IS NULL AND state IN ('held', 'deferred') AND expires_at <= ? ORDER BY expires_at LIMIT ?
          """), arguments: [now.seconds, limit])
  }

  /// What could have been sent by `now` and is not final: due, or due with another of the same patient within `seconds` (R13).
  package func mayHaveLeft(by now: Instant, bundledWithin seconds: Int64) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        WITH open AS (
          SELECT reminder.id, patient_id, reminder.priority, planned_at FROM reminder
          JOIN occurrence ON occurrence.id = occurrence_id JOIN follow_up ON follow_up.id = follow_up_id
          WHERE reminder.state IN ('planned', 'deferred', 'held', 'waiting', 'uncertain') AND planned_at <= ?1 + ?2)
        SELECT id FROM open WHERE planned_at <= ?1
          OR priority > 0 AND patient_id IN (SELECT patient_id FROM open WHERE planned_at <= ?1 AND priority > 0)
        ORDER BY id
        """, arguments: [now.seconds, seconds])
  }

  private static let ofOneOccurrence = HotText(
    """
    SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
    WHERE reminder.occurrence_id = (SELECT occurrence_id FROM reminder WHERE id = ?)
      AND reminder.state <> 'dropped' AND reminder.state <> 'superseded' AND reminder.state <> 'expired'
      AND reminder.state <> 'cancelled' AND reminder.state <> 'handed' AND reminder.state <> 'failed'
    """)

  /// A reminder that is to be looked at, with the others of its occurrence whose instant has come, short of a claim (R10),
  /// and the occurrence's steps that went or are on their way. Without it where it is claimed or final by now.
  package func dueReminders(with id: Int64, now: Instant) throws -> (due: [DueReminder], sent: [DueReminder]) {
    let all = try hot(Self.ofOneOccurrence).bind(id).rows(DueReminder.init(_:))
    let isGone: (DueReminder) -> Bool = { $0.state == .sent || $0.state == .claimed }
    return (
      all.filter { !isGone($0) && ($0.plannedAt <= now || $0.id == id) },
      all.filter { isGone($0) && $0.kind == .step }
    )
  }

  private static let ofOtherOccurrences = HotText(
    """
    SELECT \(DueReminder.columns) FROM follow_up JOIN occurrence ON occurrence.follow_up_id = follow_up.id
    JOIN reminder ON reminder.occurrence_id = occurrence.id
    WHERE follow_up.patient_id = ? AND occurrence.id <> ? AND occurrence.anchor_at > ?
      AND occurrence.status IN ('open', 'confirmed') AND reminder.revision = occurrence.revision
      AND reminder.kind = 'step' AND reminder.priority > 0 AND reminder.state IN ('planned', 'deferred')
      AND reminder.wake_at IS NOT NULL AND coalesce(reminder.sendable_at, reminder.planned_at) BETWEEN ? AND ?
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = reminder.message_id AND message.final_at IS NULL)
    ORDER BY reminder.intended_at, reminder.id
    """)

  /// R13: what may join a message to a patient: reminders of other occurrences that are ahead, neither urgent nor on
  /// their way, and can be sent from `first` to `last`.
  package func companions(
    patient: Int64, except occurrence: Int64, from first: Instant, to last: Instant, now: Instant
  ) throws -> [DueReminder] {
    try hot(Self.ofOtherOccurrences).bind(patient, occurrence, now.seconds, first.seconds, last.seconds)
      .rows(DueReminder.init(_:))
  }

  /// The pending reminders of an occurrence.
  package func pendingReminders(of occurrence: Int64) throws -> [DueReminder] {
    try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
      WHERE reminder.occurrence_id = ?
        AND reminder.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')
      """, occurrence)
  }

  package func reminder(_ id: Int64) throws -> DueReminder? {
    try fetchDue(
      "SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins) WHERE reminder.id = ?", id
    ).first
  }

  /// The reminders that a message carries.
  package func reminders(of message: Int64) throws -> [DueReminder] {
    try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM message_reminder
      JOIN reminder ON reminder.id = message_reminder.reminder_id \(DueReminder.joins)
      WHERE message_reminder.message_id = ?
      """, message)
  }

  func fetchDue<each Value: HotStatement.Bindable>(
    _ sql: String, _ values: repeat each Value
  ) throws -> [DueReminder] {
    try HotStatement(db, sql).bind(repeat each values).rows(DueReminder.init(_:))
  }

  /// The intended instant of the latest step of this revision that went, or is on its way (R10).
  package func latestSentStep(of occurrence: Int64, revision: Int) throws -> Instant? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT max(intended_at) FROM reminder
          WHERE occurrence_id = ? AND revision = ? AND kind = 'step' AND state IN ('sent', 'claimed')
          """), arguments: [occurrence, revision]
    ).map(Instant.init(_:))
  }

  /// Whether anything of an occurrence ever reached a patient, live (R10).
  package func wasEverSent(occurrence: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM reminder JOIN message ON message.id = reminder.message_id
          WHERE reminder.occurrence_id = ? AND message.mode = 'live'
            AND (reminder.state = 'sent' OR message.state = 'doubtful' AND message.delivered_at IS NOT NULL))
          """), arguments: [occurrence]) ?? false
  }

  /// Looks at a reminder again at `instant`, for its channel has no room now. It was looked at in time (R10).
  package func postpone(reminder id: Int64, to instant: Instant, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE reminder SET wake_at = ?, state = CASE state WHEN 'planned' THEN 'deferred' ELSE state END, updated_at = ?
        WHERE id = ? AND state IN ('planned', 'deferred', 'waiting', 'uncertain')
        """
    ).execute(arguments: [instant.seconds, now.seconds, id])
  }

  /// Gives a reminder whose row means nothing to staff, whatever its state says (promise 33).
  package func setAside(reminder id: Int64, task: Int64, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE reminder SET state = 'handed', reason = ?, answers = NULL, wake_at = NULL, task_id = ?, updated_at = ?
        WHERE id = ?
        """
    ).execute(arguments: [Reason.unreadable.rawValue, task, now.seconds, id])
  }

  /// The clock was set back by `seconds`: what waits for a while and for no civil time (a retry, its channel's pace) is
  /// looked at no later for that (promise 14).
  package func shiftWaits(by seconds: Int64, now: Instant) throws {
    try db.execute(
      sql: """
        UPDATE reminder SET wake_at = max(:now, wake_at - :step), updated_at = :now
        WHERE wake_at > :now AND state IN ('waiting', 'uncertain') AND id IN (
          SELECT reminder_id FROM message JOIN message_reminder ON message_id = message.id
          WHERE message.final_at IS NULL)
        """, arguments: ["now": now.seconds, "step": seconds])
    for priority in Priority.allCases {
      try db.execute(
        sql: """
          UPDATE reminder SET wake_at = :now, updated_at = :now
          WHERE priority = :priority AND wake_at IS NOT NULL AND wake_at > :now AND wake_at <= :now + :step + 60
            AND ((state = 'deferred' AND wake_at IS NOT sendable_at) OR (state = 'planned' AND wake_at > planned_at))
          """, arguments: ["now": now.seconds, "step": seconds, "priority": priority.rank])
    }
  }

  /// Moves a reminder by `event`; false if it was in a state that knows no such event, and then nothing changes.
  /// - Parameter record: what clearance found, kept for `explain`; without one, what `reason` says of a check.
  @discardableResult
  package func move(
    reminder id: Int64, _ event: ReminderEvent, reason: Reason?, record: ClearanceRecord? = nil,
    wakeAt: Instant? = nil, task: Int64? = nil, now: Instant
  ) throws -> Bool {
    guard
      let raw = try String.fetchOne(
        db.cachedStatement(sql: "SELECT state FROM reminder WHERE id = ?"), arguments: [id]),
      let state = ReminderState(rawValue: raw)
    else { return false }
    return try move(
      reminder: id, from: state, event, reason: reason, record: record, wakeAt: wakeAt, task: task, now: now)
  }

  /// The same for a reminder whose state is known; false if it is another by now, too.
  @discardableResult
  package func move(
    reminder id: Int64, from state: ReminderState, _ event: ReminderEvent, reason: Reason?,
    record: ClearanceRecord? = nil, wakeAt: Instant? = nil, task: Int64? = nil, now: Instant
  ) throws -> Bool {
    guard let next = state.next(event) else { return false }
    // A hold does not shift since when it could have been sent; hours and the budget do (R11).
    let isShifted = event == .deferred && (reason == .outsideHours || reason == .budget)
    try hot(
      """
      UPDATE reminder SET state = ?, reason = ?, answers = ?, wake_at = ?, sendable_at = coalesce(?, sendable_at),
        task_id = coalesce(?, task_id), waits_for = NULL, updated_at = ?
      WHERE id = ? AND state = ?
      """
    ).bind(
      next.rawValue, reason?.rawValue, (record ?? reason.flatMap { ClearanceRecord($0) })?.stored, wakeAt?.seconds,
      isShifted ? wakeAt?.seconds : nil, task, now.seconds, id, state.rawValue
    ).run()
    return db.changesCount == 1
  }
}
