internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What whoever adds or moves a follow-up is told of what will be sent.
extension Desk {
  /// What is to be sent for a visit that was added or moved.
  struct Prospect {
    var count = 0
    /// When the first is looked at.
    var first: Instant?
    /// What decides that one; nil where there is none, or it cannot be read.
    var facts: ClearanceFacts?
  }

  /// What will be sent for dates as they stand now: ask once all about them is written.
  func prospect(of occurrences: [Occurrence], in transaction: Transaction) throws -> Prospect {
    let expected = try occurrences.flatMap { try self.expected(of: $0, in: transaction) }
    guard let first = expected.min(by: { ($0.plannedAt, $0.id) < ($1.plannedAt, $1.id) }) else { return Prospect() }
    let terms = try clearanceTerms(in: transaction)
    return Prospect(
      count: expected.count, first: first.plannedAt,
      facts: try? transaction.clearanceCase(first, terms, at: max(now, first.plannedAt))?.facts)
  }

  /// The reminders of a date that are still of use, without those for when it is over; of those that are late, what R10
  /// leaves.
  private func expected(of occurrence: Occurrence, in transaction: Transaction) throws -> [DueReminder] {
    let pending = try transaction.pendingReminders(of: occurrence.id).filter { reminder in
      guard reminder.expiresAt > now else { return false }
      guard let when = try transaction.step(of: reminder)?.when else { return true }
      return Standing.of(when, status: occurrence.status, answer: occurrence.answer) == .applies
    }
    let due = try pending.filter { $0.kind == .step && $0.plannedAt <= now }.map { reminder in
      let plan = try reminder.planVersionID.flatMap { try transaction.plan(version: $0) }
      return DueStep(
        id: reminder.id, intendedAt: reminder.intendedAt, plannedAt: reminder.plannedAt,
        policy: plan?.step(reminder.step)?.late ?? .send, lateAfter: plan?.lateAfter.seconds ?? 900,
        isFirstLook: reminder.isFirstLook)
    }
    let lastSent = try transaction.latestSentStep(of: occurrence.id, revision: occurrence.revision)
    let verdicts = Lateness.decide(due, lastSent: lastSent, now: now)
    return pending.filter { verdicts[$0.id] ?? .goes == .goes }
  }

  /// One line that can be read out: when, and what is sent.
  func told(
    _ followUp: FollowUp, _ occurrence: Occurrence, _ patient: Patient, _ prospect: Prospect, as id: String? = nil
  ) throws -> String {
    let what = "\(id ?? SubjectID.followUp(followUp.id)) for \(patient.name): \(when(occurrence))"
    guard let first = prospect.first else { return what + "; no reminders" }
    let patientZone = try self.zone(named: patient.zone ?? settings.clinic.zone)
    let by = prospect.facts.flatMap(Self.channel).map { " by \($0)" } ?? ""
    let moment = first <= now ? "due now" : short(first, patientZone)
    return what + "; \(counted(prospect.count, "reminder")), the first \(moment)\(by)"
  }

  /// What staff should know of the way to the patient. A follow-up that has no reminder needs none.
  func warnings(of patient: Patient, _ plan: Plan, _ prospect: Prospect) -> [String] {
    if patient.callOnly || plan.callOnly { return ["nothing is sent: a person calls"] }
    guard let facts = prospect.facts,
      let failure = Clearance(facts, now: now).failures.first(where: { $0.check == .contact })
    else { return [] }
    guard case .drop = failure.decision else {
      return ["\(patient.ref) has no address that a message may go to; staff get a task instead"]
    }
    // R16: what is routine ends there.
    return ["\(patient.ref) wants no messages, and this is routine: nothing is sent, and nobody gets a task"]
  }

  /// The channel of the contact that it would go to.
  private static func channel(_ facts: ClearanceFacts) -> String? {
    func place(_ contact: ContactFacts) -> (Int, Int, Int64) {
      (contact.text == .ready ? 0 : 1, contact.rank, contact.id)
    }
    return facts.contacts.filter { $0.isServed && $0.obstacle == nil }.min { place($0) < place($1) }?.channel
  }
}
