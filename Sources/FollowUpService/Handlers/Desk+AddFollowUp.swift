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

  /// What an `add` asks for, checked.
  struct WantedFollowUp {
    var plan: Plan
    var priority: Priority
    var owner: Owner
    var clinician: String?
    var note: String?
    var anchor: CivilDateTime
    var zone: Zone
    var anchorAt: Instant
    /// As typed, and as understood; nil: it does not repeat.
    var rule: (text: String, recurrence: RecurrenceRule)?
    var source: String?
    var externalID: String?
    /// What was written, as against what the plan says.
    var given: AddFollowUp.Request
  }

  private func checked(_ request: AddFollowUp.Request) throws -> WantedFollowUp {
    let plan = try plan(named: request.plan ?? settings.clinic.defaultPlan)
    let zone = try zone(named: request.zone ?? settings.clinic.zone)
    let anchor = try anchor(
      request.when, zone: zone, defaultTime: plan.defaultTime, allowPast: request.allowPast, anyHour: request.anyHour)
    let (source, external) = try external(request)
    let rule = try request.repeat.flatMap { try self.rule($0) }.map { text in
      (text: text, recurrence: try recurrence(text, anchor: anchor.date, requiresAnchor: true))
    }
    return WantedFollowUp(
      plan: plan, priority: try request.priority.map { try word($0, "priority") } ?? plan.priority,
      owner: try request.owner.map { try owner($0) } ?? plan.taskOwner,
      clinician: try request.with.map { try clinician($0) }, note: try request.note.flatMap { try note($0) },
      anchor: anchor, zone: zone, anchorAt: zone.instant(of: anchor), rule: rule, source: source, externalID: external,
      given: request)
  }

  /// A WHEN that can be promised: ahead, within 28 years, in the clinic's hours.
  func anchor(
    _ text: String, zone: Zone, defaultTime: CivilTime, allowPast: Bool?, anyHour: Bool?
  ) throws -> CivilDateTime {
    let anchor = try understood(text, zone: zone, defaultTime: defaultTime)
    var isTimeGiven = true
    if case .some(.noTime) = whenFault(text, zone: zone) { isTimeGiven = false }
    let instant = zone.instant(of: anchor)
    let understood = "understood as \(echo(anchor, zone))"
    guard instant >= now || allowPast == true else {
      throw ControlError.invalid(
        verb, "when", "'\(text.shown)' is in the past, \(understood)", "correct it, or use --allow-past")
    }
    let years = zone.civil(at: instant).date.year - zone.civil(at: now).date.year
    guard abs(years) <= Self.furthestYears else {
      throw ControlError.invalid(
        verb, "when", "'\(text.shown)' is more than \(Self.furthestYears) years away, \(understood)", "correct the year"
      )
    }
    let hours = settings.clinic.hours
    let minute = anchor.time.minuteOfDay
    let isOpen = (hours.start..<hours.end).contains(minute) || (hours.start..<hours.end).contains(minute + 1440)
    guard isOpen || anyHour == true || !isTimeGiven else {
      throw ControlError.invalid(
        verb, "when", "'\(text.shown)' is outside the clinic's hours \(hours), \(understood)",
        "correct it, or use --any-hour")
    }
    return anchor
  }

  /// As far as a recurrence is looked ahead (R5), and any promise is worth making.
  private static let furthestYears = 28

  private func understood(_ text: String, zone: Zone, defaultTime: CivilTime) throws -> CivilDateTime {
    do {
      return try WhenParser.parse(text, now: now, zone: zone, defaultTime: defaultTime)
    } catch { throw refused(error, "when") }
  }

  private func whenFault(_ text: String, zone: Zone) -> WhenError? {
    do {
      _ = try WhenParser.parse(text, now: now, zone: zone, defaultTime: nil)
      return nil
    } catch { return error }
  }

  private func external(_ request: AddFollowUp.Request) throws -> (String?, String?) {
    guard request.source != nil || request.externalId != nil else { return (nil, nil) }
    guard let source = request.source, let external = request.externalId else {
      throw ControlError.invalid(
        verb, request.source == nil ? "source" : "externalId", "--source and --external-id go together", "give both")
    }
    for (text, field) in [(source, "source"), (external, "externalId")] {
      let checked = try line(text, field, longest: 128)
      guard checked == text, !text.contains(where: \.isWhitespace) else {
        throw ControlError.invalid(verb, field, "the \(field) has spaces", "leave them out")
      }
    }
    guard !source.contains(":"), !source.contains("@") else {
      throw ControlError.invalid(
        verb, "source", "the source has a ':' or '@'", "leave it out: an id is written SOURCE:EXTERNALID")
    }
    return (source, external)
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
    let planned = try transaction.plan(
      occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
    try record(
      transaction, occurrence.subject,
      ["patient=\(SubjectID.patient(patient.id))", "plan=\(wanted.plan.name)", "priority=\(wanted.priority.rawValue)"]
        + given(wanted.given))
    try extend(series: followUp.id, in: transaction)
    var said = try told(followUp, occurrence, patient, planned, in: transaction)
    if followUp.rule != nil { said += "; " + (try repetition(of: followUp, after: occurrence, in: transaction)) }
    return Effect(
      try view(followUp: followUp.id, in: transaction), said: [said],
      warnings: try warnings(of: patient, wanted.plan, in: transaction))
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

  private func warnings(of patient: Patient, _ plan: Plan, in transaction: Transaction) throws -> [String] {
    if patient.callOnly || plan.callOnly { return ["nothing is sent: a person calls"] }
    if try firstChannel(of: patient, in: transaction) == nil {
      return ["\(patient.ref) has no address that a message may go to; staff get a task instead"]
    }
    return []
  }

  /// Changes the follow-up of (source, external id) to what is given.
  private func upsert(
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
      _ = try transaction.plan(occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
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
