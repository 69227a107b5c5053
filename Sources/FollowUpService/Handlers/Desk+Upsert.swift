internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Changes the follow-up of (source, external id) to what is given.
  func upsert(
    _ known: FollowUp, _ wanted: WantedFollowUp, _ patient: Patient, _ transaction: Transaction,
    _ withdrawing: any Withdrawing
  ) throws -> Effect<FollowUpView> {
    guard known.patientID == patient.id else {
      throw ControlError(
        .conflict, what: SubjectID.followUp(known.id), why: "it is another patient's",
        hint: "use another --external-id", field: "externalId", existing: SubjectID.followUp(known.id))
    }
    guard var occurrence = try transaction.occurrences(followUp: known.id).meant else {
      throw ControlError.unexpected(verb)
    }
    let given = wanted.given
    var edit = FollowUpEdit()
    if given.plan != nil { edit.plan = wanted.plan }
    if given.priority != nil { edit.priority = wanted.priority }
    if given.owner != nil { edit.owner = wanted.owner }
    if given.with != nil { edit.clinician = .some(wanted.clinician) }
    if given.note != nil { edit.note = .some(wanted.note) }
    if given.repeat != nil { edit.rule = .some(wanted.rule?.text) }
    var isMoved =
      occurrence.anchor != wanted.anchor || !occurrence.isAnchorReadable || occurrence.zone != wanted.zone.name
    if known.rule != nil, isMoved {
      // What is given of a series is where it begins, not the date that is next.
      if known.anchor != wanted.anchor || known.zone != wanted.zone.name {
        edit.start = SeriesStart(anchor: wanted.anchor, zone: wanted.zone)
      }
      isMoved = false
    }
    if isMoved, occurrence.status.isOver { throw alreadyClosed(occurrence, SubjectID.followUp(known.id)) }
    if isMoved {
      try refuseUnfit(patient)
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      place(&occurrence, at: wanted.anchor, wanted.zone, by: .clinic)
      if edit.rule != nil { edit.start = SeriesStart(anchor: wanted.anchor, zone: wanted.zone) }
    }
    let outcome = try self.edit(known, edit, patient, present: occurrence, transaction, withdrawing)
    guard isMoved || !outcome.fields.isEmpty else {
      return .none(
        try view(known, in: transaction), "\(SubjectID.followUp(known.id)) is as given; nothing to change")
    }
    if isMoved {
      try transaction.update(occurrence, now: now)
      try transaction.closeTasksOfFormerDate(occurrence: occurrence.id, now: now)
      try transaction.plan(occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
      try transaction.settle(occurrence: occurrence.id, now: now)
      try extend(series: known.id, in: transaction)
      try transaction.touch(followUp: known.id, now: now)
    }
    let fields = outcome.fields + (isMoved ? ["anchor"] : [])
    try record(transaction, occurrence.subject, fields, verb: isMoved ? "MoveFollowUp" : "EditFollowUp")
    let when = when(occurrence)
    let said = ["\(SubjectID.followUp(known.id)) for \(patient.name) is now \(when)"] + outcome.said
    return Effect(try view(followUp: known.id, in: transaction), said: [said.joined(separator: "; ")])
  }
}
