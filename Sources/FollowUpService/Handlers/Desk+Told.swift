internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What whoever adds or moves a follow-up is told of what will be sent.
extension Desk {
  /// One line that can be read out: when, and what is sent.
  func told(
    _ followUp: FollowUp, _ occurrence: Occurrence, _ patient: Patient, _ planned: Planned, as id: String? = nil,
    in transaction: Transaction
  ) throws -> String {
    let what = "\(id ?? SubjectID.followUp(followUp.id)) for \(patient.name): \(when(occurrence))"
    guard planned.count > 0, let first = planned.first else { return what + "; no reminders" }
    let patientZone = try self.zone(named: patient.zone ?? settings.clinic.zone)
    let by = try firstChannel(of: patient, in: transaction).map { " by \($0)" } ?? ""
    let moment = first <= now ? "due now" : short(first, patientZone)
    return what + "; \(counted(planned.count, "reminder")), the first \(moment)\(by)"
  }

  /// The channel of the first contact that a message may go to.
  private func firstChannel(of patient: Patient, in transaction: Transaction) throws -> String? {
    try transaction.contacts(patient: patient.id).first {
      $0.channel != "phone" && $0.consent == .granted && $0.state == .ok
    }?.channel
  }

  func warnings(of patient: Patient, _ plan: Plan, in transaction: Transaction) throws -> [String] {
    if patient.callOnly || plan.callOnly { return ["nothing is sent: a person calls"] }
    if try firstChannel(of: patient, in: transaction) == nil {
      return ["\(patient.ref) has no address that a message may go to; staff get a task instead"]
    }
    return []
  }
}
