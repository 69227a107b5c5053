internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What a peer says of a message that it took: its word ends doubt, and turns `sent` into `failed` (`domain.md`, States).
extension Desk {
  /// How far a peer's clock may be from ours, in seconds.
  private static let clockSlack: Int64 = 300
  private static let mostCandidates = 20

  func recordReceipt(_ request: RecordReceipt.Request) throws -> RecordReceipt.Reply {
    let outcome: ReceiptOutcome = try word(request.outcome, "outcome")
    let code = try request.code.map { try self.code($0) }
    var (tasks, bounced): ([Int64], Int64?) = ([], nil)
    var reply = try changeOne(request) { transaction, withdrawing in
      let id = try receiptMessage(request.id, in: transaction)
      if try message(id, in: transaction).state == .claimed {
        // What has not begun cannot have arrived, and shall not leave beside what did.
        try transaction.withdrawClaims(.message(id), via: withdrawing, now: now)
      }
      let message = try message(id, in: transaction)
      let receipt = Receipt(outcome: outcome, code: code?.text, at: try happened(request.at, message))
      let effect = try record(receipt, code, of: message, in: transaction)
      (tasks, bounced) = (effect.tasks, effect.bounced)
      guard effect.isChange else { return .none(view(message), effect.said, warnings: effect.warnings) }
      try record(
        transaction, SubjectID.message(id), ["receipt=\(outcome.rawValue)"] + (code.map { ["code=\($0.text)"] } ?? []))
      return Effect(view(try self.message(id, in: transaction)), said: [effect.said])
    }
    if reply.changed {
      service.received(
        outcome, of: reply.thing.id, channel: reply.thing.channel, code: code,
        task: tasks.first.map { SubjectID.task($0) }, bounced: bounced.map { SubjectID.task($0) }, uid: actor.uid)
    }
    if !caller.rights.contains(.staff) { reply.thing.withhold() }
    return reply
  }

  /// What a receipt leads to.
  private struct Consequence {
    var said: String
    var isChange = true
    var warnings: [String] = []
    var tasks: [Int64] = []
    /// The task that tells of a contact which has bounced by this.
    var bounced: Int64?
  }

  private func record(
    _ receipt: Receipt, _ code: ReceiptCode?, of message: ListedMessage, in transaction: Transaction
  ) throws -> Consequence {
    let name = SubjectID.message(message.id)
    if let known = message.receipt {
      let said = "\(name) is reported \(known.outcome.rawValue) already; nothing to change"
      let warning = "\(name) was reported \(known.outcome.rawValue) before: the first word counts"
      return Consequence(
        said: said, isChange: false, warnings: known.outcome == receipt.outcome ? [] : [warning])
    }
    let isOnItsWay = message.state == .claimed
    guard message.attempts.contains(where: { $0.state != .withdrawn && ($0.state != .claimed || isOnItsWay) }) else {
      throw ControlError(
        .conflict, what: name, why: "it has not left yet, so that nothing can be said of it",
        hint: "see 'followupctl outbox show \(name)'", existing: name)
    }
    switch receipt.outcome {
    case .delivered:
      try transaction.insert(receipt, of: message.id, now: now)
      return Consequence(said: try arrived(message, in: transaction))
    case .failed:
      if message.state == .rejected || message.state == .failed || message.state == .cancelled {
        return Consequence(said: "\(name) is \(message.state.rawValue) already; nothing to change", isChange: false)
      }
      let delivery = try transaction.delivery(of: message.id)
      guard !isOnItsWay || delivery?.doubts == 0 else {
        // Of two copies one is under way: which of them the peer means is not known.
        throw ControlError(
          .later, what: name, why: "it is being sent again at this moment", hint: "say it again in a minute",
          existing: name)
      }
      try transaction.insert(receipt, of: message.id, now: now)
      let bounced = try code.flatMap {
        try bounce($0, at: receipt.at, of: message, contact: delivery?.contact, in: transaction)
      }
      var consequence = try failed(message, doubts: delivery?.doubts ?? 0, in: transaction)
      consequence.bounced = bounced
      return consequence
    }
  }

  // MARK: Delivered

  /// Ends what is pending as sent, and a doubt that a person was to clear.
  private func arrived(_ message: ListedMessage, in transaction: Transaction) throws -> String {
    let name = SubjectID.message(message.id)
    let terms = try clearanceTerms(in: transaction)
    if try transaction.move(message: message.id, .receiptDelivered, now: now) {
      for reminder in try transaction.remindersStanding(for: message.id) {
        guard try transaction.move(reminder: reminder.id, .receiptDelivered, reason: nil, now: now),
          message.mode == .live
        else { continue }
        try transaction.setTold(occurrence: reminder.occurrenceID, revision: reminder.revision, now: now)
        try LadderRound(transaction, terms: terms, now: now).begin(after: reminder, keepsEarlier: true)
      }
    } else if message.state == .doubtful {
      for occurrence in Set(message.reminders.map(\.occurrenceID)) where try !transaction.isInDoubt(occurrence) {
        try transaction.closeTasks(of: occurrence, [.uncertainDelivery], now: now)
      }
      // Where nobody asks the patient any more, silence counts again.
      for reminder in try transaction.remindersStanding(for: message.id)
      where try reminder.state == .handed && message.mode == .live
        && !transaction.hasTask(subject: reminder.subject, .uncertainDelivery)
      {
        try LadderRound(transaction, terms: terms, now: now).begin(after: reminder, keepsEarlier: true)
      }
    }
    return "\(name) has arrived"
  }

  // MARK: Failed

  /// A refusal of the address itself counts against it by the rules for bounces; once it has bounced a person is told, one
  /// task a patient.
  private func bounce(
    _ code: ReceiptCode, at: Instant, of message: ListedMessage, contact: Int64?, in transaction: Transaction
  ) throws -> Int64? {
    guard message.mode == .live, let refusal = code.refusal, let contact, let patient = message.patientID,
      try transaction.recordBounce(
        contact: contact, isPermanent: refusal == .forGood, day: clinicZone().civil(at: at).date.description, now: now)
    else { return nil }
    let pressing = message.reminders.min { $0.priority.rank < $1.priority.rank }
    let priority = pressing?.priority ?? .routine
    return try transaction.openTask(
      NewTask(
        subject: SubjectID.patient(patient), reason: .bounced, patientID: patient, priority: priority,
        owner: try pressing.map { try transaction.owner(ofFollowUp: $0.followUpID) } ?? Owner.frontDesk.description,
        dueAt: taskDue(priority, now: now, anchor: nil, settings: settings, zones: context.zones),
        tried: ["\(message.channel): \(code.text)"]), now: now)
  }

  private func failed(
    _ message: ListedMessage, doubts: Int, in transaction: Transaction
  ) throws -> Consequence {
    let name = SubjectID.message(message.id)
    let standing = try transaction.remindersStanding(for: message.id)
    guard try transaction.move(message: message.id, .receiptFailed, reason: .deliveryFailed, now: now) else {
      return try clearDoubt(of: message, doubts: doubts, standing, in: transaction)
    }
    var tasks: [Int64] = []
    var (isFollowed, isLookedAt) = (false, false)
    for reminder in standing {
      if message.mode == .live { try transaction.retell(occurrence: reminder.occurrenceID) }
      // What is pending is looked at at once: the next contact by rank, else a person.
      let wakeAt: Instant? = reminder.state.isFinal ? nil : now
      guard
        try transaction.move(
          reminder: reminder.id, .receiptFailed, reason: .deliveryFailed, wakeAt: wakeAt, now: now)
      else { continue }
      guard reminder.state.isFinal else {
        isLookedAt = true
        continue
      }
      switch try follow(reminder, in: transaction) {
      case .contact: isFollowed = true
      case .person(let task):
        tasks.append(task)
        try transaction.setTask(task, of: reminder.id)
      case .nobody: break
      }
    }
    var said = "\(name) did not arrive"
    if isFollowed { said += "; the next contact is tried" }
    if isLookedAt { said += "; the next contact is tried, or a person told" }
    if !tasks.isEmpty { said += "; a person has \(tasks.map { SubjectID.task($0) }.joined(separator: ", "))" }
    return Consequence(said: said, tasks: tasks)
  }

  /// Who hears of a reminder that did not arrive.
  private enum Next {
    case contact
    case person(Int64)
    /// The visit needs it no more.
    case nobody
  }

  /// The ladder moves at once: the next contact by rank, never after expiry, and a person at last.
  private func follow(_ reminder: DueReminder, in transaction: Transaction) throws -> Next {
    let terms = try clearanceTerms(in: transaction)
    let found = try? transaction.clearanceCase(reminder, terms, at: now)
    if let facts = found?.facts {
      let isWanted =
        facts.patient == .active && facts.revision == facts.reminderRevision
        && (facts.when.map { Standing.of($0, status: facts.status, answer: facts.answer) == .applies }
          ?? !facts.status.isOver)
      guard isWanted else { return .nobody }
      if now < reminder.expiresAt {
        if try LadderRound(transaction, terms: terms, now: now).advance(after: reminder, by: actor) { return .contact }
      } else if try reminder.priority == .routine || transaction.wasEverSent(occurrence: reminder.occurrenceID) {
        // As with what expires unsent (R10).
        return .nobody
      }
    }
    return .person(
      try transaction.openTask(
        NewTask(
          subject: reminder.subject, reason: reminder.kind == .notice ? .noticeUndelivered : .deliveryFailed,
          patientID: reminder.patientID, occurrenceID: reminder.occurrenceID, priority: reminder.priority,
          owner: try transaction.owner(ofFollowUp: reminder.followUpID),
          dueAt: taskDue(
            reminder.priority, now: now, anchor: found?.anchorAt, settings: settings, zones: context.zones),
          tried: try transaction.tried(for: reminder)), now: now))
  }

  /// Whoever has the question whether it arrived learns that it did not.
  private func clearDoubt(
    of message: ListedMessage, doubts: Int, _ standing: [DueReminder], in transaction: Transaction
  ) throws -> Consequence {
    var isAsked = false
    for reminder in standing {
      // Of two copies the other may have arrived.
      if message.mode == .live, doubts < 2 { try transaction.retell(occurrence: reminder.occurrenceID) }
      isAsked = try transaction.hasTask(subject: reminder.subject, .uncertainDelivery) || isAsked
      try transaction.noteTried(
        ["\(message.channel): \(SubjectID.message(message.id)) did not arrive"], subject: reminder.subject,
        .uncertainDelivery)
    }
    let said = "\(SubjectID.message(message.id)) did not arrive"
    return Consequence(said: isAsked ? said + "; a person is to tell the patient" : said)
  }

  // MARK: What was typed

  private func code(_ text: String) throws -> ReceiptCode {
    guard let code = ReceiptCode(text) else {
      throw ControlError.invalid(verb, "code", "that is no code of a receipt", ReceiptCode.rule)
    }
    return code
  }

  /// By `M-7`, by our `webhook-id`, or by the peer's own id.
  private func receiptMessage(_ text: String, in transaction: Transaction) throws -> Int64 {
    let text = text.trimmed
    if case .message(let id) = TypedID(text) { return try message(id, in: transaction).id }
    if let id = try transaction.message(identity: text.lowercased()) { return id }
    let found = try transaction.messages(gatewayID: text, limit: Self.mostCandidates)
    if found.count == 1 { return found[0] }
    guard found.isEmpty else {
      throw ControlError(
        .ambiguous, what: text.shown, why: "several messages have that id of a gateway's", hint: "write the M-ID",
        field: "id", candidates: found.map { Candidate(id: SubjectID.message($0), text: nil) })
    }
    throw ControlError(
      .notFound, what: text.shown, why: "no message has that id, webhook-id or id of a gateway's",
      hint: "see 'followupctl outbox list'", field: "id")
  }

  /// When it happened: not ahead, and not before the message was made, but for what the clocks differ.
  private func happened(_ text: String?, _ message: ListedMessage) throws -> Instant {
    guard let text else { return now }
    let civil = CivilDateTime(text.trimmed)
    guard let at = try Instant(text.trimmed) ?? civil.map({ try clinicZone().instant(of: $0) }) else {
      throw ControlError.invalid(
        verb, "at", "'\(text.shown)' is no instant", "write it as 2026-12-01T17:04:11Z, or with an offset")
    }
    guard at <= now + Self.clockSlack else {
      throw ControlError.invalid(verb, "at", "\(at.rfc3339) is in the future", "correct it, or leave it out")
    }
    guard at >= message.createdAt - Self.clockSlack else {
      throw ControlError.invalid(
        verb, "at", "\(at.rfc3339) is before \(SubjectID.message(message.id)) was made", "correct it, or leave it out")
    }
    return min(max(at, message.createdAt), now)
  }
}

extension MessageView {
  /// What a gateway's script need not know, and may not (R22).
  fileprivate mutating func withhold() {
    patient = nil
    for index in attempts.indices { attempts[index].detail = nil }
  }
}
