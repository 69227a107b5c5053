internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What whoever adds or moves a follow-up is told of what will be sent.
extension Desk {
  /// What is to be sent for a visit that was added or moved.
  struct Prospect {
    var planned: Planned
    /// What decides the reminder that is looked at first; nil where there is none, or it cannot be read.
    var facts: ClearanceFacts?
  }

  /// - Parameter next: the date of a series that began long ago for which something is sent first.
  func prospect(
    of occurrence: Occurrence, _ planned: Planned, next: Occurrence? = nil, in transaction: Transaction
  ) throws -> Prospect {
    Prospect(
      planned: try next.map { try plannedFirst($0, beside: planned, in: transaction) } ?? planned,
      facts: try facts(of: [occurrence] + (next.map { [$0] } ?? []), in: transaction))
  }

  /// One line that can be read out: when, and what is sent.
  func told(
    _ followUp: FollowUp, _ occurrence: Occurrence, _ patient: Patient, _ prospect: Prospect, as id: String? = nil
  ) throws -> String {
    let what = "\(id ?? SubjectID.followUp(followUp.id)) for \(patient.name): \(when(occurrence))"
    guard prospect.planned.count > 0, let first = prospect.planned.first else { return what + "; no reminders" }
    let patientZone = try self.zone(named: patient.zone ?? settings.clinic.zone)
    let by = prospect.facts.flatMap(Self.channel).map { " by \($0)" } ?? ""
    let moment = first <= now ? "due now" : short(first, patientZone)
    return what + "; \(counted(prospect.planned.count, "reminder")), the first \(moment)\(by)"
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

  /// The reminders of a date, and of one before it those that are still of use.
  private func plannedFirst(
    _ occurrence: Occurrence, beside earlier: Planned, in transaction: Transaction
  ) throws -> Planned {
    var planned = earlier
    if earlier.first == nil { planned.count = 0 }
    for reminder in try transaction.pendingReminders(of: occurrence.id) where reminder.expiresAt > now {
      planned.count += 1
      planned.first = min(planned.first ?? reminder.plannedAt, reminder.plannedAt)
    }
    return planned
  }

  private func facts(of occurrences: [Occurrence], in transaction: Transaction) throws -> ClearanceFacts? {
    let pending = try occurrences.flatMap { try transaction.pendingReminders(of: $0.id) }
    guard let first = pending.filter({ $0.expiresAt > now }).min(by: { ($0.plannedAt, $0.id) < ($1.plannedAt, $1.id) })
    else { return nil }
    return try? transaction.clearanceCase(first, clearanceTerms(in: transaction), at: max(now, first.plannedAt))?.facts
  }

  /// The channel of the contact that it would go to.
  private static func channel(_ facts: ClearanceFacts) -> String? {
    func place(_ contact: ContactFacts) -> (Int, Int, Int64) {
      (contact.text == .ready ? 0 : 1, contact.rank, contact.id)
    }
    return facts.contacts.filter { $0.isServed && $0.obstacle == nil }.min { place($0) < place($1) }?.channel
  }
}
