internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  func listHolds(_ request: ListHolds.Request) throws -> ListHolds.Reply {
    try read { transaction in
      let items = try transaction.openHolds().map { try view($0, in: transaction) } + clockHold
      return ItemList(items: items, total: items.count)
    }
  }

  /// The hold `clock` is the service's own and no row: while it lasts nothing is written (R6).
  var clockHold: [HoldView] {
    guard !service.isClockBelieved else { return [] }
    return [
      HoldView(
        id: "clock", kind: HoldKind.clock.rawValue, subject: nil, until: nil, reason: "the clock is not believed",
        createdAt: now.rfc3339, zone: settings.clinic.zone)
    ]
  }

  /// Pauses sending. Staff may hold a patient; else an administrator is needed.
  func addHold(_ request: AddHold.Request) throws -> AddHold.Reply {
    let kind: HoldKind = try word(request.kind, "kind")
    guard [.all, .plan, .patient, .channel].contains(kind) else {
      throw ControlError.invalid(
        verb, "kind", "a hold of kind '\(kind.rawValue)' is the service's own", "write all, plan, patient or channel")
    }
    if kind != .patient { try require(.admin) }
    let reason = try line(request.reason, "reason", longest: 200)
    let until = try request.until.map { try ending($0) }
    guard (request.subject == nil) == (kind == .all) else {
      throw ControlError(
        .usage, what: verb,
        why: kind == .all ? "'hold all' takes no name" : "'hold \(kind.rawValue)' needs a name",
        hint: kind == .all ? "leave it out" : "write 'hold \(kind.rawValue) NAME'", field: "subject")
    }
    let reply = try changeOne(request) { transaction, withdrawing in
      let (subject, scope, words) = try held(kind, request.subject ?? "", in: transaction)
      if let same = try transaction.openHolds().first(where: {
        $0.kind == kind && $0.subject == subject && $0.until == until
      }) {
        return .none(try view(same, in: transaction), "\(words) is on hold already: \(SubjectID.hold(same.id))")
      }
      var hold = Hold(
        kind: kind, subject: subject, until: until, reason: reason, createdBy: actor.staff, now: now)
      hold.id = try transaction.insert(hold)
      let withdrawn = try transaction.withdrawClaims(scope, via: withdrawing, now: now)
      try record(
        transaction, SubjectID.hold(hold.id), ["kind=\(kind.rawValue)"] + (until == nil ? [] : ["until"]) + ["reason"])
      let end = try until.map { "until \(short($0, try clinicZone()))" } ?? "until it is released"
      let back = withdrawn == 0 ? "" : "; \(counted(withdrawn, "message")) taken back"
      return Effect(
        try view(hold, in: transaction),
        said: ["\(SubjectID.hold(hold.id)): nothing is sent for \(words) \(end)\(back)"])
    }
    if reply.changed { service.raised(hold: reply.thing.id, kind: kind, uid: actor.uid) }
    return reply
  }

  private func ending(_ text: String) throws -> Instant {
    let zone = try clinicZone()
    do {
      let opening = CivilTime(minuteOfDay: settings.clinic.workingHours.start)
      let until = zone.instant(of: try WhenParser.parse(text, now: now, zone: zone, defaultTime: opening))
      guard until > now else {
        throw ControlError.invalid(verb, "until", "'\(text.shown)' is in the past", "write a time ahead")
      }
      return until
    } catch let error as WhenError {
      throw refused(error, "until")
    }
  }

  private func held(
    _ kind: HoldKind, _ name: String, in transaction: Transaction
  ) throws -> (subject: String?, scope: ClaimScope, words: String) {
    switch kind {
    case .plan:
      let plan = try plan(named: name)
      return (plan.name, .plan(plan.name), "the plan \(plan.name)")
    case .patient:
      let patient = try patient(name, in: transaction)
      return (SubjectID.patient(patient.id), .patient(patient.id), "\(patient.name) (\(patient.ref))")
    case .channel:
      guard settings.channels[name] != nil || ["email", "sms"].contains(name) else {
        throw ControlError(
          .notFound, what: "channel \(name.shown)", why: "there is no such channel",
          hint: Spelling.nearest(to: name, among: settings.channels.keys).map { "did you mean '\($0)'?" }
            ?? "see 'followupctl status'", field: "subject")
      }
      let channel = name
      return (channel, .channel(channel), "the channel \(channel)")
    case .all, .backlog, .clock, .restored: return (nil, .all, "anyone")
    }
  }
}
