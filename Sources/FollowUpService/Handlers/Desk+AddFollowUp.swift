internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Promises a follow-up and plans its reminders, in one transaction.
  func addFollowUp(_ request: AddFollowUp.Request) throws -> AddFollowUp.Reply {
    let wanted = try checked(request)
    return try changeOne(request) { transaction, withdrawing in
      let patient = try patient(request.who, in: transaction)
      if let source = wanted.source, let external = wanted.externalID,
        let known = try transaction.followUp(source: source, externalID: external)
      {
        guard request.upsert == true else {
          throw duplicate(known, "\(source):\(external) is there already", "use --upsert to change it")
        }
        return try upsert(known, wanted, patient, transaction, withdrawing)
      }
      try refuseUnfit(patient)
      if request.another != true,
        let equal = try transaction.equalFollowUp(
          patient: patient.id, plan: wanted.plan.name, anchorAt: wanted.anchorAt)
      {
        throw duplicate(
          equal, "an equal follow-up of \(patient.ref) is open", "use --another to add a second one, or 'show' it")
      }
      return try insert(wanted, of: patient, in: transaction)
    }
  }

  func refuseUnfit(_ patient: Patient) throws {
    try refuseDeceased(patient)
    guard patient.status == .inactive else { return }
    throw ControlError(
      .conflict, what: "patient \(patient.ref)", why: "the patient is inactive",
      hint: "use 'followupctl patient active \(patient.ref)' first", existing: patient.ref)
  }

  private func duplicate(_ followUp: FollowUp, _ why: String, _ hint: String) -> ControlError {
    let id = SubjectID.followUp(followUp.id)
    return ControlError(.duplicate, what: verb, why: "\(why): \(id)", hint: hint, existing: id)
  }

  private func insert(
    _ wanted: WantedFollowUp, of patient: Patient, in transaction: Transaction
  ) throws -> Effect<FollowUpView> {
    var followUp = FollowUp(
      patientID: patient.id, plan: wanted.plan.name, priority: wanted.priority, owner: wanted.owner,
      anchor: wanted.anchor, zone: wanted.zone.name, now: now)
    followUp.clinician = wanted.clinician
    followUp.note = wanted.note
    followUp.source = wanted.source
    followUp.externalID = wanted.externalID
    if let (text, rule) = wanted.rule {
      followUp.rule = text
      followUp.lastDate = rule.last
      // Of a series that began long ago: its first date, then those from today on.
      followUp.nextDate = rule.next(after: max(wanted.anchor.date, wanted.zone.civil(at: now).date.adding(days: -1)))
    }
    followUp.id = try transaction.insert(followUp)
    var occurrence = Occurrence(
      followUpID: followUp.id, key: wanted.anchor.date, anchor: wanted.anchor, zone: wanted.zone.name,
      anchorAt: wanted.anchorAt, now: now)
    occurrence.id = try transaction.insert(occurrence)
    try transaction.plan(occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
    try record(
      transaction, occurrence.subject,
      ["patient=\(SubjectID.patient(patient.id))", "plan=\(wanted.plan.name)", "priority=\(wanted.priority.rawValue)"]
        + given(wanted.given))
    try extend(series: followUp.id, in: transaction)
    let next = wanted.anchorAt > now ? nil : try nextDate(of: followUp, after: occurrence, in: transaction)
    let prospect = try prospect(of: [occurrence] + (next.map { [$0] } ?? []), in: transaction)
    var said = try told(followUp, occurrence, patient, prospect)
    if followUp.rule != nil { said += "; " + (try repetition(of: followUp, after: occurrence, in: transaction)) }
    return Effect(
      try view(followUp: followUp.id, in: transaction), said: [said],
      warnings: warnings(of: patient, wanted.plan, prospect))
  }

  /// The names of what was written, for the record.
  private func given(_ request: AddFollowUp.Request) -> [String] {
    [
      (request.owner != nil, "owner"), (request.with != nil, "with"), (request.note != nil, "note"),
      (request.repeat != nil, "repeat"), (request.zone != nil, "zone"), (request.source != nil, "source"),
      (request.allowPast == true, "allow-past"),
      (request.anyHour == true, "any-hour"), (request.another == true, "another"),
    ].filter(\.0).map(\.1)
  }
}
