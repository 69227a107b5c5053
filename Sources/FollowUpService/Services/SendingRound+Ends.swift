internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// What becomes of a reminder that is not sent, and who hears of it (R10, R11, R18).
extension SendingRound {
  mutating func end(
    _ reminder: DueReminder, _ event: ReminderEvent, reason: Reason, record: ClearanceRecord? = nil, task: Int64? = nil
  ) throws {
    try transaction.move(reminder: reminder.id, event, reason: reason, record: record, task: task, now: now)
    try transaction.cancelEmptyMessages(of: reminder.occurrenceID, now: now)
  }

  mutating func expire(_ found: ClearanceCase, _ record: ClearanceRecord?) throws {
    let reminder = found.reminder
    if try handDoubt(of: found) { return }
    guard reminder.priority != .routine, try !transaction.wasEverSent(occurrence: reminder.occurrenceID) else {
      return try end(reminder, .expire, reason: .expired, record: record)
    }
    let task = try openTask(for: found, .expired, tried: ["step=\(reminder.step)"])
    try end(reminder, .expire, reason: .expired, record: record, task: task)
    guard found.anchorAt > now else { return tell(reminder, task: task, .expired) }
    note(
      .patientLostSoon,
      [.followup: reminder.subject, .until: found.anchorAt.rfc3339, .reason: Reason.expired.rawValue])
  }

  /// Of what is to end unsent. Whether it arrived is not known, and nobody will be told again: a person asks
  /// (`delivery.md`, Doubt). False if it is not in doubt.
  mutating func handDoubt(of found: ClearanceCase) throws -> Bool {
    guard let message = try found.reminder.messageID.flatMap({ try transaction.pendingMessage($0) }), message.doubts > 0
    else { return false }
    try hand(found, reason: .uncertainDelivery, task: .uncertainDelivery)
    return true
  }

  /// Of what may have left and was forgotten: it counts as told, is never said again, and a person asks (promise 9). Left
  /// alone is what nobody need ask about: the visit is no more, or past use.
  mutating func doubt(_ id: Int64) throws {
    guard let reminder = try transaction.reminder(id), !reminder.state.isFinal, let found = try examine(reminder) else {
      return
    }
    let isMoot = Clearance(found.facts, now: now).failures.contains {
      $0.check.rawValue <= ClearanceCheck.expiry.rawValue
    }
    guard !isMoot else { return }
    try hand(found, reason: .uncertainDelivery, task: .uncertainDelivery)
    if terms.settings.delivery.mode == .live {
      try transaction.setTold(occurrence: reminder.occurrenceID, revision: reminder.revision, now: now)
    }
  }

  mutating func hand(
    _ found: ClearanceCase, reason: Reason, record: ClearanceRecord? = nil, task: TaskReason, tried: [String] = []
  ) throws {
    let told = tried.isEmpty ? ["step=\(found.reminder.step)"] : tried
    let id = try openTask(
      for: found, task, tried: told + (found.reminder.wasWritten ? transaction.tried(for: found.reminder) : []))
    try end(found.reminder, reason == .deliveryFailed ? .fail : .hand, reason: reason, record: record, task: id)
    tell(found.reminder, task: id, reason)
  }

  /// A row that means nothing goes to staff, and no other is affected (promise 33).
  mutating func setAside(_ reminder: DueReminder) throws {
    let id = try transaction.openTask(
      NewTask(
        subject: reminder.subject, reason: .manual, patientID: reminder.patientID, occurrenceID: reminder.occurrenceID,
        priority: reminder.priority, owner: Owner.frontDesk.description,
        dueAt: terms.dueOfUnreadable(reminder.priority, now: now), tried: ["unreadable"]), now: now)
    try transaction.setAside(reminder: reminder.id, task: id, now: now)
    try transaction.cancelEmptyMessages(of: reminder.occurrenceID, now: now)
    tell(reminder, task: id, .unreadable)
  }

  private mutating func tell(_ reminder: DueReminder, task: Int64, _ reason: Reason) {
    note(
      .remindersHanded, [.followup: reminder.subject, .task: SubjectID.task(task), .reason: reason.rawValue])
  }

  /// What concerns the patient's addresses is one task a patient, whatever the number of visits (R16, R18).
  @discardableResult
  func openTask(for found: ClearanceCase, _ reason: TaskReason, tried: [String]) throws -> Int64 {
    let ofPatient: Set<TaskReason> = [.noContact, .noConsent, .stopped, .bounced, .wrongNumber]
    let isOfPatient = ofPatient.contains(reason)
    let reminder = found.reminder
    // The stop itself told staff, for the visit that comes next (R16).
    if reason == .stopped, let known = try transaction.openTask(ofPatient: reminder.patientID, reason) { return known }
    return try transaction.openTask(
      NewTask(
        subject: isOfPatient ? SubjectID.patient(reminder.patientID) : reminder.subject, reason: reason,
        patientID: reminder.patientID, occurrenceID: isOfPatient ? nil : reminder.occurrenceID,
        priority: reminder.priority, owner: found.followUpOwner,
        dueAt: taskDue(
          reminder.priority, now: now, anchor: found.anchorAt, settings: terms.settings, zones: terms.zones),
        tried: tried), now: now)
  }

  /// R11: where too many are overdue at once, all but the urgent ones wait for a decision of staff: one hold, one task.
  /// Clearance parks them one by one, while what is timely goes on.
  mutating func watchBacklog() throws {
    let limit = terms.settings.delivery.backlogLimit
    // While nothing leaves at all there is nothing to decide: what that hold kept too long shows once it is released.
    guard !terms.holds.contains(where: { $0.kind == .backlog || $0.stopsAll }),
      try transaction.isOverdue(moreThan: limit, now: now)
    else { return }
    let counts = try transaction.overdue(now: now)
    let held = Priority.allCases.filter { $0 != .urgent && counts[$0, default: 0] > 0 }
    guard !held.isEmpty else { return }
    let count = held.reduce(0) { $0 + counts[$1, default: 0] }
    var hold = Hold(
      kind: .backlog, subject: nil, until: nil, reason: "\(count) reminders are overdue",
      createdBy: Actor.daemon.staff, now: now)
    hold.id = try transaction.insert(hold)
    terms.holds.append(hold)
    let name = SubjectID.hold(hold.id)
    try transaction.audit(AuditRecord("hold", name, ["kind=backlog"]), by: .daemon, at: now)
    let task = try transaction.openTask(
      NewTask(
        subject: "clinic", reason: .backlog, priority: .urgent, owner: Owner.frontDesk.description,
        dueAt: taskDue(.urgent, now: now, anchor: nil, settings: terms.settings, zones: terms.zones),
        tried: held.map { "\($0.rawValue)=\(counts[$0, default: 0])" }), now: now)
    note(.backlogHeld, [.count: String(count), .hold: name, .task: SubjectID.task(task)])
  }

  /// R11: a hold that keeps nothing back any more, for all of it expired or was answered, ends by itself. There is nothing
  /// left to decide, and what is late later is no part of it.
  mutating func endBacklog() throws {
    guard let hold = terms.holds.first(where: { $0.kind == .backlog }),
      try transaction.isBacklogOver(limit: terms.settings.delivery.backlogLimit, now: now)
    else { return }
    let name = SubjectID.hold(hold.id)
    try transaction.release(hold: hold.id, by: Actor.daemon.staff, now: now)
    try transaction.closeBacklogTask(by: Actor.daemon.staff, now: now)
    try transaction.audit(AuditRecord("release", name, ["kind=backlog"]), by: .daemon, at: now)
    terms.holds.removeAll { $0.kind == .backlog }
    note(.holdReleased, [.hold: name])
  }

  mutating func note(_ event: Event, _ fields: JournalFields) {
    notes.append(Note(event: event, fields: fields))
  }
}

extension DueReminder {
  /// A message was made of it, or of the one that it follows.
  fileprivate var wasWritten: Bool { messageID != nil || Rung(step) != nil }
}

extension ClearanceTerms {
  /// When somebody is to look at a row that means nothing: what is urgent or soon at once, for its own times cannot be
  /// relied on; what is routine like other routine work (R19).
  func dueOfUnreadable(_ priority: Priority, now: Instant) -> Instant {
    priority == .routine ? taskDue(.routine, now: now, anchor: nil, settings: settings, zones: zones) : now
  }
}

extension TaskReason {
  /// The task that a clearance's reason raises (R12, R18).
  init(_ reason: Reason) {
    switch reason {
    case .notReviewed: self = .noTemplate
    default: self = TaskReason(rawValue: reason.rawValue) ?? .manual
    }
  }
}
