internal import FollowUpCore
internal import GRDB

/// What planning anew reads and writes of reminders and escalations.
extension Transaction {
  func stepRows(from first: Int64, through last: Int64) throws -> [Int64: [StepRow]] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT id, occurrence_id, revision, step, state, reason, intended_at, planned_at, expires_at, wake_at,
            plan_version_id,
            EXISTS (SELECT 1 FROM message WHERE message.id = reminder.message_id AND doubts > 0
              AND message.state IN ('claimed', 'waiting', 'uncertain'))
          FROM reminder WHERE occurrence_id >= ? AND occurrence_id <= ? AND kind = 'step'
          """), arguments: [first, last])
    var found: [Int64: [StepRow]] = [:]
    while let row = try rows.next() {
      if let step = StepRow(row) { found[row[1], default: []].append(step) }
    }
    return found
  }

  func escalations(from first: Int64, through last: Int64) throws -> [Int64: Instant] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT occurrence_id, due_at FROM deadline
          WHERE occurrence_id IS NOT NULL AND occurrence_id >= ? AND occurrence_id <= ? AND kind = 'escalation'
          """), arguments: [first, last])
    var found: [Int64: Instant] = [:]
    while let row = try rows.next() { found[row[0]] = Instant(row[1] as Int64) }
    return found
  }

  func setAnchor(_ anchor: Instant, of occurrence: Int64, now: Instant) throws {
    try db.cachedStatement(sql: "UPDATE occurrence SET anchor_at = ?, updated_at = ? WHERE id = ?")
      .execute(arguments: [anchor.seconds, now.seconds, occurrence])
  }

  func write(_ change: ReminderChange, to row: StepRow?, step: String, of planned: PlannedOccurrence) throws {
    let task: Int64? =
      switch (change.state, change.reason) {
      case (.handed, .uncertainDelivery):
        try openTask(.uncertainDelivery, about: planned.occurrence, tried: ["step=\(step)"], planned.book)
      case (.handed, _): try openTask(.noPermittedTime, about: planned.occurrence, planned.book)
      default: nil
      }
    let version = change.takesPlan ? planned.version : row?.version
    let now = planned.now.seconds
    if let row {
      // A new instant is what lateness counts from; other hours shift it as clearance would (R11).
      let isPlacedAnew = change.plannedAt != row.reminder.plannedAt || change.state != row.reminder.state
      let sendable = change.reason == .outsideHours ? change.wakeAt : nil
      try db.cachedStatement(
        sql: """
          UPDATE reminder SET priority = ?, intended_at = ?, planned_at = ?, expires_at = ?, wake_at = ?, plan_version_id = ?,
            state = ?, reason = ?, answers = CASE WHEN ? THEN NULL ELSE answers END,
            sendable_at = CASE WHEN ? THEN NULL ELSE coalesce(?, sendable_at) END,
            task_id = coalesce(?, task_id), updated_at = ?
          WHERE id = ?
          """
      ).execute(arguments: [
        planned.priority.rank, change.intendedAt.seconds, change.plannedAt.seconds, change.expiresAt.seconds,
        change.wakeAt?.seconds, version, change.state.rawValue, change.reason?.rawValue, isPlacedAnew, isPlacedAnew,
        sendable?.seconds, task, now,
        row.id,
      ])
    } else {
      try db.cachedStatement(
        sql: """
          INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
            expires_at, wake_at, sendable_at, state, reason, task_id, updated_at)
          VALUES (?, ?, 'step', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        planned.id, planned.occurrence.revision, step, version, planned.priority.rank, change.intendedAt.seconds,
        change.plannedAt.seconds, change.expiresAt.seconds, change.wakeAt?.seconds,
        // What is promised late can be sent from now on only (R11).
        change.wakeAt.flatMap { $0 > change.plannedAt ? $0.seconds : nil }, change.state.rawValue,
        change.reason?.rawValue, task, now,
      ])
    }
  }

  /// R10: one that was due already fires, and none fires twice. One whose instant has passed is made only where staff
  /// changed this follow-up or patient: another configuration must not call all of them at once.
  func planEscalation(of planned: PlannedOccurrence, present: Instant?, isByStaff: Bool) throws {
    let now = planned.now
    guard let at = planned.escalatesAt else {
      if present != nil { try removeDeadlines(of: planned.id, .escalation) }
      return
    }
    if let present {
      let next = max(at, min(present, now))
      if next != present { try setEscalation(of: planned, at: next) }
    } else if isByStaff || at > now, try !hasEscalated(planned.id) {
      try setEscalation(of: planned, at: max(now, at))
    }
  }

  func setEscalation(of planned: PlannedOccurrence, at instant: Instant) throws {
    try setDeadline(.escalation, subject: planned.occurrence.subject, occurrence: planned.id, at: instant)
  }

  private func hasEscalated(_ occurrence: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM task WHERE occurrence_id = ? AND occurrence_id IS NOT NULL AND reason = 'unconfirmed')
          """), arguments: [occurrence]) ?? false
  }

  /// Returns the task's number.
  @discardableResult
  func openTask(
    _ reason: TaskReason, about occurrence: PlannableOccurrence, tried: [String] = [], _ book: PlanBook
  ) throws -> Int64 {
    let priority = Priority(rawValue: occurrence.priority) ?? .routine
    return try openTask(
      NewTask(
        subject: occurrence.subject, reason: reason, patientID: occurrence.patientID, occurrenceID: occurrence.id,
        priority: priority, owner: occurrence.owner,
        dueAt: taskDue(
          priority, now: book.now, anchor: occurrence.anchorAt, settings: book.settings, zones: book.zones),
        tried: tried), now: book.now)
  }
}

/// A step's reminder as it stands.
struct StepRow {
  var id: Int64
  var revision: Int
  var step: String
  var reminder: CurrentReminder
  var version: Int64?

  init?(_ row: Row) {
    guard let state = ReminderState(rawValue: row[4]) else { return nil }
    id = row[0]
    revision = row[2]
    step = row[3]
    reminder = CurrentReminder(
      state: state, reason: (row[5] as String?).flatMap(Reason.init(rawValue:)), intendedAt: Instant(row[6]),
      plannedAt: Instant(row[7]), expiresAt: Instant(row[8]), wakeAt: (row[9] as Int64?).map { Instant($0) },
      isOfPresentPlan: false, isInDoubt: row[11])
    version = row[10]
  }
}
