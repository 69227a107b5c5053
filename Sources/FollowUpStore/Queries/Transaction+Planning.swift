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
    guard let visit = try plannedVisit(id, settings: settings, zones: zones, now: now) else { return Planned() }
    var planned = Planned()
    for reminder in visit.reminders where try insert(reminder, of: visit, now: now) {
      if reminder.isPermitted {
        planned.count += 1
        if reminder.expiresAt > now { planned.first = min(planned.first ?? reminder.plannedAt, reminder.plannedAt) }
      } else {
        try hand(reminder, of: visit, settings: settings, zones: zones, now: now)
      }
    }
    try setEscalation(of: visit, now: now)
    return planned
  }

  /// An occurrence with what its plan makes of it.
  private struct PlannedVisit {
    var id: Int64
    var revision: Int
    var subject: String
    var patientID: Int64
    var owner: String
    var priority: Priority
    var anchor: Instant
    var isAwaited: Bool
    var zone: Zone
    var plan: Plan
    var version: Int64
    var reminders: [PlannedReminder]
  }

  private func plannedVisit(
    _ id: Int64, settings: Settings, zones: any ZoneSource, now: Instant
  ) throws -> PlannedVisit? {
    guard let row = try anchorRow(id), let priority = Priority(rawValue: row["priority"]),
      let plan = try settings.plans[row["plan"]] ?? latestPlan(named: row["plan"])
    else { return nil }
    let zone = try zones.zone(named: row["patient_zone"] ?? settings.clinic.zone)
    let hours = (row["patient_hours"] as String?).flatMap(ContactHours.init(_:)) ?? settings.contactHours.week
    let subject = "F-\(row["follow_up_id"] as Int64)@\(row["key"] as String)"
    let anchor = Instant(row["anchor_at"] as Int64)
    return PlannedVisit(
      id: id, revision: row["revision"], subject: subject, patientID: row["patient_id"], owner: row["owner"],
      priority: priority, anchor: anchor, isAwaited: row["status"] == "open" && row["answer"] == "none", zone: zone,
      plan: plan, version: try planVersion(of: plan, now: now),
      reminders: Planner(patientZone: zone, hours: hours, now: now).reminders(of: plan, anchor: anchor, key: subject))
  }

  /// R8: staff hear of a step that no permitted minute is left for, if it is urgent or soon.
  private func hand(
    _ reminder: PlannedReminder, of visit: PlannedVisit, settings: Settings, zones: any ZoneSource, now: Instant
  ) throws {
    guard visit.priority != .routine else { return }
    let task = try openTask(
      NewTask(
        subject: visit.subject, reason: .noPermittedTime, patientID: visit.patientID, occurrenceID: visit.id,
        priority: visit.priority, owner: visit.owner,
        dueAt: taskDue(visit.priority, now: now, anchor: visit.anchor, settings: settings, zones: zones)), now: now)
    try db.execute(
      sql: "UPDATE reminder SET task_id = ? WHERE occurrence_id = ? AND revision = ? AND kind = 'step' AND step = ?",
      arguments: [task, visit.id, visit.revision, reminder.step])
  }

  private func setEscalation(of visit: PlannedVisit, now: Instant) throws {
    guard let escalation = visit.plan.escalation, visit.priority != .routine || escalation.routine,
      visit.anchor > now, visit.isAwaited
    else { return }
    let at = max(now, escalation.after.instant(anchor: visit.anchor, in: visit.zone))
    try setDeadline(.escalation, subject: visit.subject, occurrence: visit.id, at: at)
  }

  /// False if the step has a row at this revision already. What is planned late can be sent from now on only (R11).
  private func insert(_ reminder: PlannedReminder, of visit: PlannedVisit, now: Instant) throws -> Bool {
    let (state, reason): (ReminderState, Reason?) =
      reminder.isPermitted ? (.planned, nil) : (visit.priority == .routine ? .dropped : .handed, .noPermittedTime)
    try db.cachedStatement(
      sql: """
        INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
          expires_at, wake_at, sendable_at, state, reason, updated_at)
        VALUES (?, ?, 'step', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (occurrence_id, revision, kind, step) DO NOTHING
        """
    ).execute(arguments: [
      visit.id, visit.revision, reminder.step, visit.version, visit.priority.rank, reminder.intendedAt.seconds,
      reminder.plannedAt.seconds, reminder.expiresAt.seconds,
      state == .planned ? max(now, reminder.plannedAt).seconds : nil, reminder.plannedAt < now ? now.seconds : nil,
      state.rawValue, reason?.rawValue, now.seconds,
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
        // It was looked at in time, and waited for people: it is not late (R10), and stays deferred.
        try move(reminder: reminder.id, .deferred, reason: nil, wakeAt: max(now, reminder.plannedAt), now: now)
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
