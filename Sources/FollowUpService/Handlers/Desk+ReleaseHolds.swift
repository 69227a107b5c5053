internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
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
    var touched = 0
    let others = open.filter { hold in !holds.contains { $0.id == hold.id } }
    for hold in holds where open.contains(where: { $0.id == hold.id }) {
      var words = "is released"
      if hold.kind == .backlog {
        let counts = try transaction.backlog()
        touched += max(1, counts.values.reduce(0, +))
        words = try end(backlog: counts, drop: drop, beside: others, &lines, in: transaction)
      } else {
        touched += 1
      }
      try transaction.release(hold: hold.id, by: actor.staff, now: now)
      try record(
        transaction, SubjectID.hold(hold.id), ["kind=\(hold.kind.rawValue)"] + (drop ? ["drop", "reason"] : []))
      said.append("\(SubjectID.hold(hold.id)) (\(hold.kind.rawValue)) \(words)")
      count += 1
    }
    if count > 0 { try transaction.wakeHeld(now: now) }
    var effect = Effect(try holds.map { try view($0, in: transaction) }, count: count, said: said)
    effect.touched = touched > count ? touched : nil
    if !lines.isEmpty { effect.lines = said + lines }
    return effect
  }

  /// R11: what is held goes out in triage order, exempt from now on; or, dropped, what is urgent or soon becomes a task and
  /// the rest a recorded reason. Returns what happened, in words.
  private func end(
    backlog counts: [Priority: Int], drop: Bool, beside others: [Hold], _ lines: inout [String],
    in transaction: Transaction
  ) throws -> String {
    try transaction.closeBacklogTask(by: actor.staff, now: now)
    guard drop else {
      try transaction.releaseBacklog(now: now)
      if counts.isEmpty { return "is released: it held nothing" }
      let start = others.first(where: \.stopsAll).map { "once \(SubjectID.hold($0.id)) is released" } ?? "now"
      return "is released: \(spelled(counts)) to go out \(start), in triage order"
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
