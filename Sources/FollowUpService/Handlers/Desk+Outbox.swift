internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  func listMessages(_ request: ListMessages.Request) throws -> ListMessages.Reply {
    let state: MessageState? = try request.state.map { try self.word($0, "state") }
    let channel = try request.channel.map { try self.channel($0) }
    let zone = try clinicZone()
    let since = try request.since.map {
      zone.instant(of: CivilDateTime(date: try day($0, "since"), time: .midnight))
    }
    let limit = try self.limit(request.limit)
    let after = try self.after(request.after)
    return try read { transaction in
      let page = try transaction.listMessages(
        state: state, channel: channel, since: since, limit: limit, after: after)
      return list(page.items.map { view($0) }, total: page.total, next: page.next, in: transaction)
    }
  }

  func showMessage(_ request: ShowMessage.Request) throws -> MessageView {
    let id = try messageID(request.id)
    return try read { transaction in
      let message = try message(id, in: transaction)
      return view(message, body: request.body == true ? try transaction.messageBody(id: id) : nil)
    }
  }

  /// Looks at what waits for another try now.
  func retryMessages(_ request: RetryMessages.Request) throws -> RetryMessages.Reply {
    let ids = try (request.ids ?? []).map { try messageID($0) }
    let state: MessageState? = try request.state.map { try self.word($0, "state") }
    guard (state == nil) != ids.isEmpty else {
      throw ControlError(
        .usage, what: verb, why: ids.isEmpty ? "no message is named" : "ids and --state exclude each other",
        hint: "write M-IDs, or --state waiting", field: ids.isEmpty ? "ids" : "state")
    }
    guard state == nil || state == .waiting else {
      throw ControlError.invalid(
        verb, "state", "messages that are \(state?.rawValue ?? "") cannot be tried again", "write --state waiting")
    }
    return try changeList(request, mayAsk: ids.count != 1) { transaction, _ in
      let chosen = try state == nil ? ids : transaction.waitingMessages()
      var items: [MessageView] = []
      var failures: [Failure] = []
      var said: [String] = []
      var count = 0
      for id in chosen {
        do {
          let message = try message(id, in: transaction)
          guard message.state == .waiting else { throw finished(message, "only what waits can be tried again") }
          if try transaction.retryNow(message: id, now: now) {
            count += 1
            said.append("\(SubjectID.message(id)) is tried again now")
            try record(transaction, SubjectID.message(id), ["wake"])
          } else {
            said.append("\(SubjectID.message(id)) is looked at already")
          }
          items.append(view(try self.message(id, in: transaction)))
        } catch let error as ControlError where chosen.count > 1 {
          failures.append(Failure(error, id: SubjectID.message(id)))
        }
      }
      if chosen.isEmpty { said = ["no message waits"] }
      var effect = Effect(items, count: count, said: said)
      effect.failures = failures
      effect.asks = count > 1
      effect.question = "Try these \(count) again now?"
      return effect
    }
  }

  /// Gives messages up for good: urgent and soon ones become tasks.
  func dropMessages(_ request: DropMessages.Request) throws -> DropMessages.Reply {
    _ = try line(request.reason, "reason", longest: 200)
    let ids = try request.ids.map { try messageID($0) }
    guard !ids.isEmpty else {
      throw ControlError(.usage, what: verb, why: "no message is named", hint: "write one or more M-IDs", field: "ids")
    }
    return try changeList(request, mayAsk: true) { transaction, withdrawing in
      var items: [MessageView] = []
      var failures: [Failure] = []
      var said: [String] = []
      var count = 0
      for id in ids {
        do {
          let words = try drop(id, transaction, withdrawing)
          if words.isNew { count += 1 }
          said.append(words.text)
          items.append(view(try message(id, in: transaction)))
        } catch let error as ControlError where ids.count > 1 {
          failures.append(Failure(error, id: SubjectID.message(id)))
        }
      }
      var effect = Effect(items, count: count, said: said)
      effect.failures = failures
      effect.asks = count > 0
      effect.question = "Give \(counted(count, "message")) up? This has no way back."
      return effect
    }
  }

  private func drop(
    _ id: Int64, _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws -> (text: String, isNew: Bool) {
    let name = SubjectID.message(id)
    var message = try message(id, in: transaction)
    if message.state == .cancelled, message.reason == .droppedByStaff { return ("\(name) is dropped already", false) }
    if message.state.isFinal { throw finished(message, "only what is not final can be dropped") }
    if message.state == .claimed {
      try transaction.withdrawClaims(.message(id), via: withdrawing, now: now)
      message = try self.message(id, in: transaction)
      // A rehearsal takes nothing back from a worker; the real one must.
      guard message.state != .claimed || withdrawing is NoWithdrawal else {
        throw ControlError(
          .conflict, what: name, why: "it is being sent at this moment", hint: "see 'followupctl outbox show \(name)'",
          existing: name)
      }
    }
    let reminders = try transaction.drop(message: id, now: now)
    var tasks: [String] = []
    for reminder in reminders where reminder.priority != .routine {
      let tried = message.attempts.map { "\(message.channel):\($0.state.rawValue)" }
      if let task = try handOver(reminder, .deliveryFailed, tried: tried, in: transaction) {
        tasks.append(SubjectID.task(task))
      }
    }
    try record(transaction, name, ["state=cancelled", "reason"])
    let people = tasks.isEmpty ? "" : "; a person has \(tasks.joined(separator: ", "))"
    return ("\(name) is given up\(people)", true)
  }

  private func finished(_ message: ListedMessage, _ why: String) -> ControlError {
    let name = SubjectID.message(message.id)
    return ControlError(
      .conflict, what: name, why: "it is \(message.state.rawValue): \(why)",
      hint: "see 'followupctl outbox show \(name)'", existing: name)
  }

  func messageID(_ text: String) throws -> Int64 {
    switch TypedID(text.trimmed) {
    case .message(let id), .number(let id): return id
    default:
      throw ControlError.invalid(
        verb, "id", "'\(text.shown)' is no id of a message", "write M-7; see 'followupctl outbox list'")
    }
  }

  func message(_ id: Int64, in transaction: Transaction) throws -> ListedMessage {
    guard let message = try transaction.listedMessage(id: id) else {
      throw ControlError(
        .notFound, what: SubjectID.message(id), why: "there is no such message",
        hint: "see 'followupctl outbox list'", field: "id")
    }
    return message
  }
}
