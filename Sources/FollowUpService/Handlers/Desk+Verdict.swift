internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What clearance says of a reminder, and in words.
extension Desk {
  /// What clearance goes by at this moment.
  func clearanceTerms(in transaction: Transaction) throws -> ClearanceTerms {
    ClearanceTerms(
      settings: settings, zones: context.zones, isClockBelieved: service.isClockBelieved,
      holds: try transaction.openHolds())
  }

  /// What is decided of a reminder, and when.
  struct Verdict {
    /// `send`, `defer`, `drop`, `staff`.
    var decision: String
    var until: Instant?
    var reason: Reason?
    var answers: [CheckAnswer] = []
  }

  /// What clearance would say when the reminder is looked at next, if nothing changes; of a final one, what was decided.
  func verdict(
    on listed: ListedReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> Verdict {
    if listed.state.isFinal { return past(listed) }
    let at = max(now, listed.wakeAt ?? now)
    guard let reminder = try transaction.reminder(listed.id),
      let found = try? transaction.clearanceCase(reminder, terms, at: at)
    else {
      return Verdict(
        decision: "staff", until: at, reason: .unreadable, answers: ClearanceRecord.answers(of: listed.record))
    }
    let clearance = Clearance(found.facts, now: at)
    var verdict = Self.verdict(clearance, at: at)
    if listed.state == .claimed { return Verdict(decision: "send", until: nil, reason: nil, answers: verdict.answers) }
    // What waits since it was decided waits for that reason, though it will pass once its time has come.
    if case .send = clearance.decision, listed.state == .held || listed.state == .deferred, let reason = listed.reason,
      listed.wakeAt.map({ $0 > now }) ?? true
    {
      verdict.decision = "defer"
      verdict.until = listed.wakeAt
      verdict.reason = reason
      for answer in ClearanceRecord.answers(of: listed.record) where answer.reason != nil {
        verdict.answers[answer.check.rawValue - 1] = answer
      }
    }
    return verdict
  }

  private func past(_ listed: ListedReminder) -> Verdict {
    let decision =
      switch listed.state {
      case .sent: "send"
      case .handed, .failed: "staff"
      default: "drop"
      }
    // What planning or an act ended was never before clearance: its reason says which check it would have failed.
    let record = listed.state == .sent ? nil : listed.record ?? listed.reason.flatMap { ClearanceRecord($0) }
    return Verdict(
      decision: decision, until: nil, reason: listed.reason, answers: ClearanceRecord.answers(of: record))
  }

  private static func verdict(_ clearance: Clearance, at: Instant) -> Verdict {
    let answers = clearance.answers
    switch clearance.decision {
    case .send: return Verdict(decision: "send", until: at, reason: nil, answers: answers)
    case .defer(let until, let reason):
      return Verdict(decision: "defer", until: until, reason: reason, answers: answers)
    case .drop(let reason): return Verdict(decision: "drop", until: at, reason: reason, answers: answers)
    case .staff(let reason): return Verdict(decision: "staff", until: at, reason: reason, answers: answers)
    case .expire: return Verdict(decision: "drop", until: at, reason: .expired, answers: answers)
    }
  }

  /// The decision in a sentence that can be read out to who asks, and what the ladder has to do with it.
  func said(
    _ verdict: Verdict, of reminder: ListedReminder, _ zone: Zone, in transaction: Transaction
  ) throws -> String {
    var said = try decided(verdict, of: reminder, zone, in: transaction)
    if let rung = Rung(reminder.step) {
      said += " It \(reminder.state.isFinal ? "was" : "is") the \(ordinal(rung.number)) contact's turn."
    }
    guard reminder.state == .sent, let due = try transaction.ladderDeadline(of: reminder.occurrenceID) else {
      return said
    }
    let ladder = LadderRound(transaction, terms: try clearanceTerms(in: transaction), now: now)
    guard try ladder.latestAsked(of: reminder.occurrenceID)?.id == reminder.id else { return said }
    return said + " If nobody answers, the next contact is tried on \(short(due, zone))."
  }

  /// `2nd`
  private func ordinal(_ number: Int) -> String {
    let suffix: String
    switch (number % 10, number % 100) {
    case (_, 11...13): suffix = "th"
    case (1, _): suffix = "st"
    case (2, _): suffix = "nd"
    case (3, _): suffix = "rd"
    default: suffix = "th"
    }
    return "\(number)\(suffix)"
  }

  private func decided(
    _ verdict: Verdict, of reminder: ListedReminder, _ zone: Zone, in transaction: Transaction
  ) throws -> String {
    let because = verdict.reason.map { ", because \($0.words)" } ?? ""
    let until = verdict.until.map { short($0, zone) }
    let task = reminder.taskID.map { " (\(SubjectID.task($0)))" } ?? ""
    switch reminder.state {
    case .sent:
      guard let message = try reminder.messageID.flatMap({ try transaction.listedMessage(id: $0) }) else {
        return "It was sent on \(short(reminder.updatedAt, zone))."
      }
      let trial = message.mode == .trial ? ", in trial: to the clinic's own folder" : ""
      return "It was sent on \(short(message.sentAt ?? reminder.updatedAt, zone)) by \(message.channel)\(trial)."
    case .handed: return "A person took it over\(task)\(because)."
    case .failed:
      return reminder.taskID == nil
        ? "It was sent, and did not arrive."
        : "It was not delivered, and a person took it over\(task)\(because)."
    case .dropped, .expired, .cancelled:
      return "It was not sent\(because)\(reminder.taskID == nil ? "" : "; a person has it\(task)")."
    case .superseded: return "It was not sent by itself\(because)."
    case .claimed: return "It is being sent now."
    case .uncertain: return "Nobody knows yet whether it arrived."
    case .waiting where verdict.decision == "send":
      return "It is tried again\(until.map { " on " + $0 } ?? ""), because \(Reason.retry.words)."
    case .planned, .deferred, .held, .waiting: break
    }
    switch verdict.decision {
    case "send": return "It will be sent\(until.map { " on " + $0 } ?? "")."
    case "defer":
      return
        "It waits\(until.map { " until " + $0 } ?? "")\(because)\(until == nil ? goesOn(verdict.reason, reminder, zone) : "")."
    case "staff": return "A person will take it over\(because)."
    default: return "It will not be sent\(because)."
    }
  }

  /// What ends a wait of which nobody knows when it ends.
  private func goesOn(_ reason: Reason?, _ reminder: ListedReminder, _ zone: Zone) -> String {
    switch reason {
    case .closed: "; somebody tells the patient"
    case .backlog: ""
    default: ", and goes on once that ends; after \(short(reminder.expiresAt, zone)) it is of no use"
    }
  }
}
