package import FollowUpCore
internal import GRDB

/// The reminders that a change planned.
package struct Planned: Sendable, Equatable {
  package var count = 0
  /// The earliest that is still to come or due now, and its step.
  package var first: Instant?
}

extension Transaction {
  /// Plans every step of an occurrence at its present revision, and its escalation. Rows that stand already stay: planning
  /// twice changes nothing.
  /// - Throws: `ZoneError` if the patient's zone is unknown; whatever SQLite says.
  @discardableResult
  package func plan(occurrence id: Int64, settings: Settings, zones: any ZoneSource, now: Instant) throws -> Planned {
    guard let row = try anchorRow(id), let priority = Priority(rawValue: row["priority"]) else { return Planned() }
    let plan = try settings.plans[row["plan"]] ?? latestPlan(named: row["plan"])
    guard let plan else { return Planned() }
    let zone = try zones.zone(named: row["patient_zone"] ?? settings.clinic.zone)
    let hours = (row["patient_hours"] as String?).flatMap(ContactHours.init(_:)) ?? settings.contactHours.week
    let planner = Planner(patientZone: zone, hours: hours, now: now)
    let subject = "F-\(row["follow_up_id"] as Int64)@\(row["key"] as String)"
    let anchor = Instant(row["anchor_at"] as Int64)
    let version = try planVersion(of: plan, now: now)
    var planned = Planned()
    for reminder in planner.reminders(of: plan, anchor: anchor, key: subject) {
      let isNew = try insert(
        reminder, occurrence: id, revision: row["revision"], version: version, priority: priority, now: now)
      guard isNew else { continue }
      if reminder.isPermitted {
        planned.count += 1
        if reminder.expiresAt > now { planned.first = min(planned.first ?? reminder.plannedAt, reminder.plannedAt) }
      } else if priority != .routine {
        let task = try openTask(
          NewTask(
            subject: subject, reason: .noPermittedTime, patientID: row["patient_id"], occurrenceID: id,
            priority: priority, owner: row["owner"],
            dueAt: taskDue(priority, now: now, anchor: anchor, settings: settings, zones: zones)), now: now)
        try db.execute(
          sql: "UPDATE reminder SET task_id = ? WHERE occurrence_id = ? AND revision = ? AND step = ?",
          arguments: [task, id, row["revision"] as Int, reminder.step])
      }
    }
    if let escalation = plan.escalation, priority != .routine || escalation.routine, anchor > now,
      row["status"] == "open", row["answer"] == "none"
    {
      let at = max(now, escalation.after.instant(anchor: anchor, in: zone))
      try setDeadline(.escalation, subject: subject, occurrence: id, at: at)
    }
    return planned
  }

  private func insert(
    _ reminder: PlannedReminder, occurrence: Int64, revision: Int, version: Int64, priority: Priority, now: Instant
  ) throws -> Bool {
    let state: ReminderState =
      reminder.isPermitted ? .planned : priority == .routine ? .dropped : .handed
    try db.cachedStatement(
      sql: """
        INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
          expires_at, wake_at, state, reason, updated_at)
        VALUES (?, ?, 'step', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (occurrence_id, revision, kind, step) DO NOTHING
        """
    ).execute(arguments: [
      occurrence, revision, reminder.step, version, priority.rank, reminder.intendedAt.seconds,
      reminder.plannedAt.seconds, reminder.expiresAt.seconds, reminder.isPermitted ? reminder.plannedAt.seconds : nil,
      state.rawValue, reminder.isPermitted ? nil : Reason.noPermittedTime.rawValue, now.seconds,
    ])
    return db.changesCount > 0
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
        try move(reminder: reminder.id, .wake, reason: nil, wakeAt: max(now, reminder.plannedAt), now: now)
      }
    }
    try cancelEmptyMessages(of: id, now: now)
    let isAwaited = status == .open && answer == .none && patient == .active
    if !isAwaited { try removeDeadlines(of: id, .escalation) }
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
    guard reminder.kind == .step, let when = try step(of: reminder)?.when,
      case .not(let reason, forGood: true) = Standing.of(when, status: status, answer: answer)
    else { return nil }
    return reason
  }

  private func waitsForStatus(_ reminder: DueReminder, _ status: OccurrenceStatus, _ answer: Answer) throws -> Bool {
    guard reminder.state == .deferred, let when = try step(of: reminder)?.when else { return false }
    return when != .unconfirmed && when != .expected && Standing.of(when, status: status, answer: answer) == .applies
  }

  /// The step of the plan version that a reminder was planned by; nil for a notice.
  package func step(of reminder: DueReminder) throws -> Step? {
    guard reminder.kind == .step, let version = reminder.planVersionID else { return nil }
    return try plan(version: version)?.step(reminder.step)
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
