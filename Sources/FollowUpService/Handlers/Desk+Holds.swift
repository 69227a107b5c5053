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
        createdAt: now.rfc3339)
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

  /// Ends holds. Staff may release a patient and a backlog; else an administrator is needed.
  func releaseHolds(_ request: ReleaseHolds.Request) throws -> ReleaseHolds.Reply {
    let what = request.what.trimmed
    if let reason = request.reason { _ = try line(reason, "reason", longest: 200) }
    if request.drop == true {
      guard what == HoldKind.backlog.rawValue else {
        throw ControlError(
          .usage, what: verb, why: "--drop is for a backlog only", hint: "write 'release backlog --drop --reason R'",
          field: "drop")
      }
      guard request.reason != nil else {
        throw ControlError(.usage, what: verb, why: "--drop needs a reason", hint: "add --reason R", field: "reason")
      }
    }
    let kinds = try kinds(released: what)
    if kinds != [.backlog], kinds != nil { try require(.admin) }
    var chosen: [Hold] = []
    if kinds == nil {
      let hold = try read { try self.hold(what, in: $0) }
      if ![.patient, .backlog].contains(hold.kind) { try require(.admin) }
      chosen = [hold]
    }
    let reply = try changeList(
      request, mayAsk: what == "all" || kinds == [.backlog] || chosen.contains { $0.kind == .backlog }
    ) { transaction, _ in
      let open = try transaction.openHolds()
      let holds = kinds.map { kinds in open.filter { kinds.contains($0.kind) } } ?? chosen
      var effect = try release(holds, open: open, drop: request.drop == true, in: transaction)
      if kinds == [.clock], !service.isClockBelieved {
        // This hold is no row (R6), and who vouches for the clock stands in the record all the same.
        try record(transaction, "clinic", ["kind=clock"])
        effect.count += 1
        effect.said.append("the clock is believed again")
      }
      if effect.count == 0 { effect.said = [holds.isEmpty ? "nothing is on hold" : "it is released already"] }
      effect.asks = what == "all" || effect.isChange
      if holds.contains(where: { $0.kind == .backlog }) {
        effect.question =
          request.drop == true ? "Drop this backlog? This has no way back." : "Send this backlog now?"
      } else {
        effect.question = "Release everything?"
      }
      return effect
    }
    if kinds == [.clock], reply.changed > 0 { service.believeClock() }
    if reply.changed > 0 { for hold in reply.items { service.released(hold: hold.id, uid: actor.uid) } }
    return reply
  }

  /// The kinds that a word names; nil for the id of one hold.
  private func kinds(released what: String) throws -> [HoldKind]? {
    switch what {
    case "all": return [.all, .plan, .patient, .channel]
    case "clock": return [.clock]
    case "restored": return [.restored]
    case "backlog": return [.backlog]
    default: return nil
    }
  }

  private func hold(_ text: String, in transaction: Transaction) throws -> Hold {
    switch TypedID(text) {
    case .hold(let id), .number(let id):
      if let hold = try transaction.hold(id: id) { return hold }
      throw ControlError(
        .notFound, what: text.shown, why: "there is no such hold", hint: "see 'followupctl hold list'", field: "what")
    default:
      throw ControlError.invalid(
        verb, "what", "'\(text.shown)' is no hold", "write H-ID, all, clock, restored or backlog")
    }
  }

  private func release(
    _ holds: [Hold], open: [Hold], drop: Bool, in transaction: Transaction
  ) throws -> Effect<[HoldView]> {
    var said: [String] = []
    var lines: [String] = []
    var count = 0
    for hold in holds where open.contains(where: { $0.id == hold.id }) {
      let words = hold.kind == .backlog ? try end(backlog: drop, &lines, in: transaction) : "is released"
      try transaction.release(hold: hold.id, by: actor.staff, now: now)
      try record(
        transaction, SubjectID.hold(hold.id), ["kind=\(hold.kind.rawValue)"] + (drop ? ["drop", "reason"] : []))
      said.append("\(SubjectID.hold(hold.id)) (\(hold.kind.rawValue)) \(words)")
      count += 1
    }
    if count > 0 { try transaction.wakeHeld(now: now) }
    var effect = Effect(try holds.map { try view($0, in: transaction) }, count: count, said: said)
    if !lines.isEmpty { effect.lines = said + lines }
    return effect
  }

  /// R11: what is held goes out in triage order, exempt from now on; or, dropped, what is urgent or soon becomes a task and
  /// the rest a recorded reason. Returns what happened, in words.
  private func end(backlog drop: Bool, _ lines: inout [String], in transaction: Transaction) throws -> String {
    let counts = try transaction.backlog()
    try transaction.closeBacklogTask(by: actor.staff, now: now)
    guard drop else {
      try transaction.releaseBacklog(now: now)
      return "is released: \(spelled(counts)) to go out now, in triage order"
    }
    lines += try transaction.backlogged().map { reminder in
      let task =
        try reminder.priority == .routine ? nil : handOver(reminder, .backlog, tried: ["held"], in: transaction)
      try transaction.move(
        reminder: reminder.id, task == nil ? .drop : .hand, reason: .droppedByStaff, task: task, now: now)
      try transaction.cancelEmptyMessages(of: reminder.occurrenceID, now: now)
      return "\(reminder.spelled): \(task.map(SubjectID.task) ?? "dropped")"
    }
    return "is dropped: \(spelled(counts)); what is urgent or soon is a task now"
  }

  /// `12 soon and 300 routine reminders`
  func spelled(_ counts: [Priority: Int]) -> String {
    let parts = Priority.allCases.compactMap { priority in
      counts[priority].flatMap { $0 > 0 ? "\($0) \(priority.rawValue)" : nil }
    }
    let total = counts.values.reduce(0, +)
    return parts.isEmpty ? "no reminder" : parts.joined(separator: " and ") + (total == 1 ? " reminder" : " reminders")
  }

  /// A person takes a reminder over.
  func handOver(
    _ reminder: ListedReminder, _ reason: TaskReason, tried: [String], in transaction: Transaction
  ) throws -> Int64? {
    guard let followUp = try transaction.followUp(id: reminder.followUpID),
      let occurrence = try transaction.occurrence(id: reminder.occurrenceID)
    else { return nil }
    return try transaction.openTask(
      NewTask(
        subject: occurrence.subject, reason: reason, patientID: followUp.patientID, occurrenceID: occurrence.id,
        priority: followUp.priority, owner: followUp.owner.description,
        dueAt: taskDue(
          followUp.priority, now: now, anchor: occurrence.anchorAt, settings: settings, zones: context.zones),
        tried: tried), now: now)
  }
}
