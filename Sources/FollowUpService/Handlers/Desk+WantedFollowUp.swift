internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What an `add` asks for, checked before anything is looked up.
extension Desk {
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

  func checked(_ request: AddFollowUp.Request) throws -> WantedFollowUp {
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
}
