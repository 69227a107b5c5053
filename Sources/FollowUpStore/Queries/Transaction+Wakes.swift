package import FollowUpCore
internal import GRDB

/// A reminder that is due to be looked at, with what it hangs on.
package struct DueReminder: Sendable, Equatable {
  package var id: Int64
  package var occurrenceID: Int64
  package var followUpID: Int64
  package var patientID: Int64
  /// `F-12@2026-12-01`
  package var subject: String
  package var revision: Int
  package var kind: ReminderKind
  package var step: String
  package var planVersionID: Int64?
  package var priority: Priority
  package var intendedAt: Instant
  package var plannedAt: Instant
  package var expiresAt: Instant
  package var state: ReminderState
  package var messageID: Int64?
  /// Nil while parked.
  package var wakeAt: Instant?

  /// `F-12@2026-12-01/1/step/day-before`
  package var name: String { "\(subject)/\(revision)/\(kind.rawValue)/\(step)" }

  static let columns = """
    reminder.id, reminder.occurrence_id, occurrence.follow_up_id, follow_up.patient_id, occurrence.key,
    reminder.revision, reminder.kind, reminder.step, reminder.plan_version_id, reminder.priority,
    reminder.intended_at, reminder.planned_at, reminder.expires_at, reminder.state, reminder.message_id,
    reminder.wake_at
    """
  static let joins = """
    JOIN occurrence ON occurrence.id = reminder.occurrence_id JOIN follow_up ON follow_up.id = occurrence.follow_up_id
    """

  /// Nil for a row that does not parse: it blocks no other (`delivery.md`).
  init?(_ row: Row) {
    guard let kind = ReminderKind(rawValue: row[6]), let priority = Priority(rank: row[9]),
      let state = ReminderState(rawValue: row[13])
    else { return nil }
    id = row[0]
    occurrenceID = row[1]
    followUpID = row[2]
    patientID = row[3]
    subject = "F-\(followUpID)@\(row[4] as String)"
    revision = row[5]
    self.kind = kind
    step = row[7]
    planVersionID = row[8]
    self.priority = priority
    intendedAt = Instant(row[10])
    plannedAt = Instant(row[11])
    expiresAt = Instant(row[12])
    self.state = state
    messageID = row[14]
    wakeAt = (row[15] as Int64?).map(Instant.init(_:))
  }
}

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

  /// What is due at `now`, in triage order, a fifth kept for routine (R17); at most `limit`.
  package func dueReminders(now: Instant, limit: Int) throws -> [DueReminder] {
    var found: [Priority: [DueReminder]] = [:]
    for priority in Priority.allCases {
      found[priority] = try fetchDue(
        """
        SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
        WHERE reminder.priority = ? AND reminder.wake_at IS NOT NULL AND reminder.wake_at <= ?
        ORDER BY reminder.wake_at LIMIT ?
        """, [priority.rank, now.seconds, limit])
    }
    let shares = triageShares(of: limit, waiting: found.mapValues(\.count))
    let parked = try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
      WHERE reminder.wake_at IS NULL AND reminder.state IN ('held', 'deferred') AND reminder.expires_at <= ?
      LIMIT ?
      """, [now.seconds, limit])
    let due = Priority.allCases.flatMap { (found[$0] ?? []).prefix(shares[$0] ?? 0) }
    return parked
      + due.sorted {
        TriageKey(priority: $0.priority, expires: $0.expiresAt, planned: $0.plannedAt)
          < TriageKey(priority: $1.priority, expires: $1.expiresAt, planned: $1.plannedAt)
      }
  }

  /// The pending reminders of an occurrence that are due at `now`, whatever their state short of a claim.
  package func dueReminders(of occurrence: Int64, now: Instant) throws -> [DueReminder] {
    try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
      WHERE reminder.occurrence_id = ? AND reminder.planned_at <= ?
        AND reminder.state IN ('planned', 'deferred', 'held', 'waiting', 'uncertain')
      """, [occurrence, now.seconds])
  }

  /// The pending reminders of an occurrence.
  package func pendingReminders(of occurrence: Int64) throws -> [DueReminder] {
    try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
      WHERE reminder.occurrence_id = ?
        AND reminder.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')
      """, [occurrence])
  }

  package func reminder(_ id: Int64) throws -> DueReminder? {
    try fetchDue(
      "SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins) WHERE reminder.id = ?", [id]
    ).first
  }

  /// The reminders that a message carries.
  package func reminders(of message: Int64) throws -> [DueReminder] {
    try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM message_reminder
      JOIN reminder ON reminder.id = message_reminder.reminder_id \(DueReminder.joins)
      WHERE message_reminder.message_id = ?
      """, [message])
  }

  private func fetchDue(_ sql: String, _ arguments: StatementArguments) throws -> [DueReminder] {
    let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
    var found: [DueReminder] = []
    while let row = try rows.next() {
      if let reminder = DueReminder(row) { found.append(reminder) }
    }
    return found
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
          WHERE reminder.occurrence_id = ? AND reminder.state = 'sent' AND message.mode = 'live')
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
      let next = ReminderState(rawValue: raw)?.next(event)
    else { return false }
    // A hold does not shift since when it could have been sent; hours and the budget do (R11).
    let isShifted = event == .deferred && (reason == .outsideHours || reason == .budget)
    try db.cachedStatement(
      sql: """
        UPDATE reminder SET state = ?, reason = ?, answers = ?, wake_at = ?, sendable_at = coalesce(?, sendable_at),
          task_id = coalesce(?, task_id), updated_at = ?
        WHERE id = ?
        """
    ).execute(arguments: [
      next.rawValue, reason?.rawValue, (record ?? reason.flatMap { ClearanceRecord($0) })?.stored, wakeAt?.seconds,
      isShifted ? wakeAt?.seconds : nil, task, now.seconds, id,
    ])
    return true
  }
}
