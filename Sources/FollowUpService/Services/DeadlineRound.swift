internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// Acts on the timed events that are no reminders, inside one transaction.
struct DeadlineRound {
  let transaction: Transaction
  let terms: ClearanceTerms
  let now: Instant
  private(set) var notes: [Note] = []
  /// How many more dates of series this pass may make.
  private var room = Self.dates
  /// Series are due that this pass had no room for.
  private var isUnfinished = false

  /// Dates of series made in one pass.
  private static let dates = 200
  /// How long until a series is tried again whose rows cannot be understood, in seconds.
  private static let pause: Int64 = 86_400

  /// Bodies deleted in one pass.
  private static let batch = 500

  init(_ transaction: Transaction, terms: ClearanceTerms, now: Instant) {
    self.transaction = transaction
    self.terms = terms
    self.now = now
  }

  /// Acts on up to `limit` of what is due. Returns how many that were, or `limit` if more is due at once.
  mutating func run(limit: Int) throws -> Int {
    let due = try transaction.dueDeadlines(now: now, limit: limit)
    for deadline in due {
      if deadline.kind == .horizon {
        try extend(deadline)
        continue
      }
      try transaction.removeDeadline(deadline.kind, subject: deadline.subject)
      switch deadline.kind {
      case .escalation: try escalate(deadline)
      case .holdEnd: try endHold(deadline)
      case .retention: try deleteBodies()
      case .horizon, .ladder, .unmarked, .staffMessage, .task, .digest, .notSent, .auditHead: break
      }
    }
    return isUnfinished ? limit : due.count
  }

  /// R5: makes the dates of a series that have come within reach. One whose rows cannot be understood stops no other.
  private mutating func extend(_ deadline: Deadline) throws {
    guard room > 0 else {
      isUnfinished = true
      return
    }
    guard let id = Int64(deadline.subject.dropFirst(2)) else {
      return try transaction.removeDeadline(.horizon, subject: deadline.subject)
    }
    do {
      let made = try transaction.extend(
        series: id, settings: terms.settings, zones: terms.zones, now: now, limit: room)
      room -= made
      if made > 0 {
        try transaction.audit(AuditRecord("extend", deadline.subject, ["dates=\(made)"]), by: .daemon, at: now)
      }
      if room <= 0 { isUnfinished = true }
    } catch let error where error is ZoneError || error is RecurrenceError {
      try transaction.setDeadline(.horizon, subject: deadline.subject, at: now + Self.pause)
      guard let followUp = try transaction.followUp(id: id) else { return }
      let task = try transaction.openTask(
        NewTask(
          subject: deadline.subject, reason: .manual, patientID: followUp.patientID, priority: followUp.priority,
          owner: followUp.owner.description, dueAt: now, tried: ["unreadable"]), now: now)
      notes.append(
        Note(
          event: .remindersHanded,
          fields: [
            .followup: deadline.subject, .task: SubjectID.task(task), .reason: Reason.unreadable.rawValue,
          ]))
    }
  }

  /// Unconfirmed by then: a person calls.
  private mutating func escalate(_ deadline: Deadline) throws {
    guard let id = deadline.occurrenceID, let visit = try transaction.unconfirmedVisit(id), visit.anchorAt > now else {
      return
    }
    let plan = try terms.settings.plans[visit.plan] ?? transaction.latestPlan(named: visit.plan)
    let task = try transaction.openTask(
      NewTask(
        subject: deadline.subject, reason: .unconfirmed, patientID: visit.patientID, occurrenceID: id,
        priority: visit.priority, owner: plan?.escalation?.to.description ?? visit.owner,
        dueAt: taskDue(
          visit.priority, now: now, anchor: visit.anchorAt, settings: terms.settings, zones: terms.zones)), now: now)
    notes.append(
      Note(
        event: .remindersHanded,
        fields: [
          .followup: deadline.subject, .task: SubjectID.task(task), .reason: TaskReason.unconfirmed.rawValue,
        ]))
  }

  private mutating func endHold(_ deadline: Deadline) throws {
    guard let id = Int64(deadline.subject.dropFirst(2)), try !transaction.isReleased(hold: id) else { return }
    try transaction.release(hold: id, by: Actor.daemon.staff, now: now)
    try transaction.wakeHeld(now: now)
    try transaction.audit(AuditRecord("release", deadline.subject, ["until"]), by: .daemon, at: now)
    notes.append(Note(event: .holdReleased, fields: [.hold: deadline.subject]))
  }

  private func deleteBodies() throws {
    let kept = terms.settings.retention.messageBodies.seconds
    _ = try transaction.deleteBodies(finalBefore: now - kept + 1, limit: Self.batch)
    if let next = try transaction.nextBodyDeletion(after: kept, now: now) {
      try transaction.setDeadline(.retention, subject: "clinic", at: next)
    }
  }
}
