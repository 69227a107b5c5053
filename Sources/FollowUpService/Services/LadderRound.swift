internal import FollowUpCore
internal import FollowUpStore

/// The ladder (`delivery.md`, Retry), inside one transaction: the next contact by rank where one was silent or not reached.
/// The last rung is a person.
struct LadderRound {
  let transaction: Transaction
  let terms: ClearanceTerms
  let now: Instant

  init(_ transaction: Transaction, terms: ClearanceTerms, now: Instant) {
    self.transaction = transaction
    self.terms = terms
    self.now = now
  }

  /// A step was sent for real, or turned out to have arrived: its silence counts from now on, where the plan has a ladder.
  /// - Parameter keepsEarlier: what is known late must not put off the ladder of a later step.
  func begin(after reminder: DueReminder, keepsEarlier: Bool = false) throws {
    guard reminder.kind == .step, reminder.priority != .routine,
      let plan = try reminder.planVersionID.flatMap({ try transaction.plan(version: $0) }),
      let step = plan.step(reminder.step), let due = Ladder.due(after: now, step, plan, reminder.priority)
    else { return }
    try transaction.setDeadline(
      .ladder, subject: reminder.subject, occurrence: reminder.occurrenceID, at: due, keepsEarlier: keepsEarlier)
  }

  /// Nobody may have answered what was sent last of an occurrence: what follows by the plan in force. Returns the task of
  /// the person who takes over, if it comes to that.
  func climb(_ deadline: Deadline) throws -> Int64? {
    guard let id = deadline.occurrenceID, let occurrence = try transaction.unconfirmedOccurrence(id),
      let plan = try terms.settings.plans[occurrence.plan] ?? transaction.latestPlan(named: occurrence.plan),
      var last = try latestAsked(of: id), plan.step(last.step) != nil, let zone = try zone(of: last)
    else { return nil }
    let sentAt = last.state == .sent || last.state == .handed ? try transaction.sentForReal(last) : nil
    last.priority = occurrence.priority
    let next = try self.next(after: last, due: deadline.dueAt)
    let facts = LadderFacts(
      thenAfter: plan.thenAfter, priority: occurrence.priority, isAwaited: true, isSent: sentAt != nil,
      sentAt: sentAt ?? now, expiresAt: last.expiresAt, lastRungAt: try transaction.lastRung(of: id),
      hasNext: next != nil, zone: zone)
    switch Ladder(facts, now: now) {
    case .ends: return nil
    case .waits(let until):
      try transaction.setDeadline(.ladder, subject: deadline.subject, occurrence: id, at: until)
      return nil
    case .climbs:
      if let next { try promise(next, after: last, by: .daemon) }
      return nil
    case .person:
      return try transaction.openTask(
        NewTask(
          subject: deadline.subject, reason: .unconfirmed, patientID: occurrence.patientID, occurrenceID: id,
          priority: occurrence.priority, owner: plan.escalation?.to.description ?? occurrence.owner,
          dueAt: taskDue(
            occurrence.priority, now: now, anchor: occurrence.anchorAt, settings: terms.settings, zones: terms.zones),
          tried: try transaction.tried(for: last)), now: now)
    }
  }

  /// The next contact's turn of a reminder that did not reach its own, at once. False if there is no further contact that
  /// could be written to in time.
  func advance(after reminder: DueReminder, by actor: Actor) throws -> Bool {
    guard let next = try next(after: reminder, due: now) else { return false }
    try promise(next, after: reminder, by: actor)
    return true
  }

  /// What was tried for an occurrence since its latest step that asks for an answer was due.
  func tried(of occurrence: Int64) throws -> [String] {
    try latestAsked(of: occurrence).map { try transaction.tried(for: $0) } ?? []
  }

  private func promise(_ next: PlannedReminder, after reminder: DueReminder, by actor: Actor) throws {
    try transaction.insert(rung: next, after: reminder, now: now)
    try transaction.audit(AuditRecord("ladder", reminder.subject, ["step=\(next.step)"]), by: actor, at: now)
  }

  /// The latest step that asks for an answer and that has been tried, or is due: what is ahead, or ended unsaid, leaves
  /// the one before it in its place.
  func latestAsked(of occurrence: Int64) throws -> DueReminder? {
    try transaction.stepReminders(of: occurrence).last { reminder in
      guard reminder.isReadable, try transaction.step(of: reminder)?.when == .unconfirmed else { return false }
      switch reminder.state {
      case .cancelled, .superseded, .dropped, .expired: return false
      case .planned, .deferred, .held: return reminder.plannedAt <= now
      case .claimed, .waiting, .uncertain, .sent, .handed, .failed: return true
      }
    }
  }

  /// The next rung, to be looked at from `due` on, when hours allow; nil where nobody is left to write to, or no time.
  private func next(after reminder: DueReminder, due: Instant) throws -> PlannedReminder? {
    let rung = try transaction.nextRung(after: reminder)
    var probe = reminder
    (probe.id, probe.step, probe.state, probe.messageID) = (0, rung.description, .planned, nil)
    guard let found = try transaction.clearanceCase(probe, terms, at: now),
      !Clearance(found.facts, now: now).failures.contains(where: { $0.check == .contact })
    else { return nil }
    let planned = Planner(patientZone: found.patientZone, hours: found.facts.hours, now: now).reminder(
      for: rung, intended: reminder.intendedAt, due: due, expires: reminder.expiresAt, key: reminder.subject)
    return planned.isPermitted ? planned : nil
  }

  private func zone(of reminder: DueReminder) throws -> Zone? {
    let patient = try transaction.patient(id: reminder.patientID)
    return try terms.zones.zone(named: patient?.zone ?? terms.settings.clinic.zone)
  }
}
