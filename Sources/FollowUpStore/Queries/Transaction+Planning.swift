package import FollowUpCore
internal import GRDB

extension Transaction {
  /// Plans every step of an occurrence at its present revision, and its escalation. Rows that stand already stay: planning
  /// twice changes nothing.
  /// - Throws: `ZoneError` if the patient's zone is unknown; whatever SQLite says.
  package func plan(occurrence id: Int64, settings: Settings, zones: any ZoneSource, now: Instant) throws {
    let found = try plannableOccurrences(from: id, through: id, limit: 1, isAnyStatus: true).occurrences.first
    guard let found,
      let planned = try PlanBook(settings, zones, now: now).planned(found, in: self)
    else { return }
    let present = Set(
      try stepRows(from: id, through: id)[id, default: []].filter { $0.revision == found.revision }.map(\.step))
    for reminder in planned.reminders where !present.contains(reminder.step) {
      try write(
        ReminderChange(promising: reminder, planned.priority, now: now), to: nil, step: reminder.step, of: planned)
    }
    if let at = planned.escalatesAt { try setEscalation(of: planned, at: max(now, at)) }
  }

  func anchorRow(_ occurrence: Int64) throws -> Row? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT occurrence.*, follow_up.plan, follow_up.priority, follow_up.owner, follow_up.clinician,
            follow_up.patient_id, patient.zone AS patient_zone, patient.hours AS patient_hours,
            patient.status AS patient_status, patient.call_only, patient.language
          FROM occurrence JOIN follow_up ON follow_up.id = occurrence.follow_up_id
          JOIN patient ON patient.id = follow_up.patient_id WHERE occurrence.id = ?
          """), arguments: [occurrence])
  }

  /// Clears what can no longer apply after a change of status, answer, anchor or patient (R14), wakes what waited for this
  /// status, and closes tasks whose reason is gone. Withdraw claims first.
  package func settle(occurrence id: Int64, now: Instant) throws {
    guard let row = try anchorRow(id), let status = OccurrenceStatus(rawValue: row["status"]),
      let answer = Answer(rawValue: row["answer"]), let patient = PatientStatus(rawValue: row["patient_status"])
    else { return }
    for reminder in try pendingReminders(of: id) where reminder.state != .claimed {
      if let reason = try obsolescence(of: reminder, row["revision"], status, answer, patient) {
        try move(reminder: reminder.id, .cancel, reason: reason, now: now)
      } else if try waitsForStatus(reminder, status, answer) {
        // It was looked at in time, and waited for people: it is not late (R10), and stays deferred.
        try move(reminder: reminder.id, .deferred, reason: nil, wakeAt: max(now, reminder.plannedAt), now: now)
      }
    }
    try cancelEmptyMessages(of: id, now: now)
    let isAwaited = status == .open && answer == .none && patient == .active
    if !isAwaited { for kind in [DeadlineKind.escalation, .ladder] { try removeDeadlines(of: id, kind) } }
    try closeTasks(of: id, Self.reasonsGone(status, answer, patient), now: now)
  }

  private func obsolescence(
    of reminder: DueReminder, _ revision: Int, _ status: OccurrenceStatus, _ answer: Answer, _ patient: PatientStatus
  ) throws -> Reason? {
    switch patient {
    case .deceased: return .deceased
    case .inactive: return .inactive
    case .active: break
    }
    if reminder.revision != revision { return .moved }
    guard reminder.kind == .step else { return nil }
    // No step is for a cancelled date, whether or not its plan can be read.
    if status == .cancelled { return .cancelled }
    guard let when = try step(of: reminder)?.when,
      case .not(let reason, forGood: true) = Standing.of(when, status: status, answer: answer)
    else { return nil }
    return reason
  }

  private func waitsForStatus(_ reminder: DueReminder, _ status: OccurrenceStatus, _ answer: Answer) throws -> Bool {
    guard reminder.state == .deferred, reminder.wakeAt == nil, let when = try step(of: reminder)?.when else {
      return false
    }
    return when != .unconfirmed && when != .expected && Standing.of(when, status: status, answer: answer) == .applies
  }

  /// The step of the plan version that a reminder was planned by; nil for a notice.
  package func step(of reminder: DueReminder) throws -> Step? {
    guard reminder.kind == .step, let version = reminder.planVersionID else { return nil }
    return try plan(version: version)?.step(reminder.step)
  }

  /// Closes the tasks that were about the date that an occurrence had before it was moved (R14), and ends its ladder. Before
  /// it is planned anew, for that may open its own.
  package func closeTasksOfFormerDate(occurrence id: Int64, now: Instant) throws {
    try removeDeadlines(of: id, .ladder)
    try closeTasks(of: id, [.closed, .noPermittedTime, .expired, .late, .budget, .unconfirmed], now: now)
  }

  private static func reasonsGone(
    _ status: OccurrenceStatus, _ answer: Answer, _ patient: PatientStatus
  ) -> [TaskReason] {
    let aboutSending: [TaskReason] = [
      .unconfirmed, .unreachable, .noPermittedTime, .expired, .late, .budget, .deliveryFailed, .uncertainDelivery,
      .callOnly, .noTemplate, .closed, .noticeUndelivered, .stopped, .noContact, .noConsent, .bounced, .wrongNumber,
    ]
    if patient != .active { return TaskReason.allCases }
    if status.isOver { return aboutSending + [.declined, .rearrange, .callMe, .noOutcome] }
    if status == .confirmed { return aboutSending + [.declined, .rearrange, .callMe] }
    switch answer {
    case .none: return [.declined, .rearrange, .callMe]
    case .yes, .no, .rearrange, .callMe: return [.unconfirmed, .unreachable]
    }
  }
}
