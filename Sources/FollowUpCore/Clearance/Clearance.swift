/// The nine checks of R12, in their order.
package enum ClearanceCheck: Int, Sendable, CaseIterable {
  case patient = 1, occurrence, expiry, callOnly, pause, contact, text, hours, budget

  /// The stable word for `explain`.
  package var name: String {
    switch self {
    case .patient: "patient"
    case .occurrence: "occurrence"
    case .expiry: "expiry"
    case .callOnly: "call-only"
    case .pause: "pause"
    case .contact: "contact"
    case .text: "text"
    case .hours: "contact-hours"
    case .budget: "budget"
    }
  }
}

/// One check's answer; every check is answered, for `explain`.
package struct CheckAnswer: Sendable, Equatable {
  package var check: ClearanceCheck
  /// Nil if it passed.
  package var reason: Reason?
  /// In words that a receptionist understands.
  package var detail: String
}

/// What is to be done with a reminder now.
package enum ClearanceDecision: Sendable, Equatable {
  case send(contact: Int64)
  /// Looked at again at `until`; nil: when something changes.
  case `defer`(until: Instant?, Reason)
  case drop(Reason)
  /// A person takes over.
  case staff(Reason)
  /// As R10: a task if nothing of an urgent or soon occurrence was ever sent.
  case expire
}

/// R12: may this reminder be sent now, to whom, and if not, what happens instead. Pure.
///
/// A batch of a thousand is decided at once: what passes costs no memory, and words are made only for who asks.
package struct Clearance: Sendable, Equatable {
  /// A check that failed.
  package struct Failure: Sendable, Equatable {
    package var check: ClearanceCheck
    package var reason: Reason
    package var decision: ClearanceDecision
    fileprivate var remark: Remark

    fileprivate init(
      _ check: ClearanceCheck, _ reason: Reason, _ decision: ClearanceDecision, _ remark: Remark = .none
    ) {
      self.check = check
      self.reason = reason
      self.decision = decision
      self.remark = remark
    }
  }

  /// In the order of the checks.
  package private(set) var failures: [Failure] = []
  package private(set) var decision: ClearanceDecision

  /// The reason of the first check that fails.
  package var reason: Reason? { failures.first?.reason }

  /// Every check's answer, for `explain`.
  package var answers: [CheckAnswer] {
    ClearanceCheck.allCases.map { check in
      let failure = failures.first { $0.check == check }
      return CheckAnswer(check: check, reason: failure?.reason, detail: failure?.detail ?? check.passed)
    }
  }

  /// The channel whose hold decides, if one does.
  package var heldChannel: String? {
    guard let first = failures.first, first.reason == .held, case .channel(let channel) = first.remark else {
      return nil
    }
    return channel
  }

  package init(_ facts: ClearanceFacts, now: Instant) {
    let contact = Self.chosen(facts.contacts)
    decision = contact.map { .send(contact: $0.id) } ?? .staff(.noContact)
    note(Self.patient(facts))
    note(Self.occurrence(facts))
    if now >= facts.expiresAt { note(Failure(.expiry, .expired, .expire)) }
    if facts.isCallOnly { note(Failure(.callOnly, .callOnly, .staff(.callOnly))) }
    note(Self.pause(facts, contact))
    if contact == nil { note(Self.noContact(facts)) }
    note(Self.text(contact))
    note(Self.hours(facts, now))
    note(Self.budget(facts, contact, now))
    if let first = failures.first { decision = first.decision }
  }

  private mutating func note(_ failure: Failure?) {
    if let failure { failures.append(failure) }
  }

  /// The first by rank that may be written to and has a text; one without a text if there is no other.
  private static func chosen(_ contacts: [ContactFacts]) -> ContactFacts? {
    var chosen: ContactFacts?
    for contact in contacts where contact.isServed && contact.obstacle == nil {
      guard let best = chosen else {
        chosen = contact
        continue
      }
      if contact.precedes(best) { chosen = contact }
    }
    return chosen
  }

  private static func patient(_ facts: ClearanceFacts) -> Failure? {
    switch facts.patient {
    case .active: nil
    case .inactive: Failure(.patient, .inactive, .drop(.inactive))
    case .deceased: Failure(.patient, .deceased, .drop(.deceased))
    }
  }

  private static func occurrence(_ facts: ClearanceFacts) -> Failure? {
    guard facts.reminderRevision == facts.revision else { return Failure(.occurrence, .moved, .drop(.moved)) }
    guard let when = facts.when else { return nil }
    switch Standing.of(when, status: facts.status, answer: facts.answer) {
    case .applies: return nil
    case .notYet: return Failure(.occurrence, .open, .defer(until: nil, .open), .step(when))
    case .not(let reason, _): return Failure(.occurrence, reason, .drop(reason), .step(when))
    }
  }

  private static func pause(_ facts: ClearanceFacts, _ contact: ContactFacts?) -> Failure? {
    func wait(_ reason: Reason, _ remark: Remark = .none) -> Failure {
      Failure(.pause, reason, .defer(until: nil, reason), remark)
    }
    if !facts.isClockBelieved { return wait(.clock) }
    if facts.isHeld { return wait(.held) }
    if let contact, contact.isHeld { return wait(.held, .channel(contact.channel)) }
    if facts.isClosed { return wait(.closed) }
    if facts.isBacklog { return wait(.backlog) }
    return nil
  }

  /// The reason of the highest-ranked contact that a channel serves: it is what staff would mend first. Where this reminder
  /// failed already, the reason is there, as the ladder's last rung is a person.
  private static func noContact(_ facts: ClearanceFacts) -> Failure {
    let served = facts.contacts.filter(\.isServed).sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
    guard let first = served.first(where: \.hasFailed) ?? served.first, let reason = first.obstacle else {
      return Failure(.contact, .noContact, .staff(.noContact))
    }
    let isLeft = reason == .stopped && facts.priority == .routine
    return Failure(.contact, reason, isLeft ? .drop(reason) : .staff(reason), .channel(first.channel))
  }

  private static func text(_ contact: ContactFacts?) -> Failure? {
    switch contact?.text {
    case .missing: Failure(.text, .noTemplate, .staff(.noTemplate))
    case .notReviewed: Failure(.text, .notReviewed, .staff(.notReviewed))
    case .ready, nil: nil
    }
  }

  private static func hours(_ facts: ClearanceFacts, _ now: Instant) -> Failure? {
    if facts.hours.allows(now, in: facts.zone) { return nil }
    if let next = facts.hours.firstAllowed(atOrAfter: now, before: facts.expiresAt, in: facts.zone) {
      return Failure(.hours, .outsideHours, .defer(until: next, .outsideHours))
    }
    let decision: ClearanceDecision =
      facts.priority == .routine ? .drop(.noPermittedTime) : .staff(.noPermittedTime)
    return Failure(.hours, .noPermittedTime, decision)
  }

  /// R13: urgent ones and notices may pass each limit by one.
  private static func budget(_ facts: ClearanceFacts, _ contact: ContactFacts?, _ now: Instant) -> Failure? {
    guard let contact else { return nil }
    let isPressing = facts.priority == .urgent || facts.kind == .notice
    let extra = isPressing ? 1 : 0
    guard contact.sentToday >= facts.perDay + extra || contact.sentThisWeek >= facts.perWeek + extra else { return nil }
    let remark = Remark.sent(today: contact.sentToday, thisWeek: contact.sentThisWeek)
    if isPressing { return Failure(.budget, .budget, .staff(.budget), remark) }
    let tomorrow = facts.zone.civil(at: now).date.adding(days: 1)
    let midnight = facts.zone.instant(of: CivilDateTime(date: tomorrow, time: .midnight))
    guard let next = facts.hours.firstAllowed(atOrAfter: midnight, before: facts.expiresAt, in: facts.zone) else {
      return Failure(.budget, .budget, .staff(.budget), remark)
    }
    return Failure(.budget, .budget, .defer(until: next, .budget), remark)
  }
}

extension ContactFacts {
  fileprivate func precedes(_ other: ContactFacts) -> Bool {
    if (text == .ready) != (other.text == .ready) { return text == .ready }
    return (rank, id) < (other.rank, other.id)
  }
}

/// What a check's words are made of, beside its reason.
private enum Remark: Sendable, Equatable {
  case none
  case step(StepWhen)
  case channel(String)
  case sent(today: Int, thisWeek: Int)
}

extension Clearance.Failure {
  /// In words that a receptionist understands.
  fileprivate var detail: String {
    switch remark {
    case .step(let when):
      reason == .open
        ? "it waits until somebody marks the visit \(when.rawValue)"
        : "it is for \(when.rawValue) visits, and \(reason.words)"
    case .channel(let channel):
      reason == .held ? "the channel \(channel) is on hold" : "\(channel): \(reason.words)"
    case .sent(let today, let week): "this address had \(today) messages today and \(week) in seven days"
    case .none: reason.words
    }
  }
}

extension ClearanceCheck {
  /// What `explain` says of a check that passed.
  fileprivate var passed: String {
    switch self {
    case .patient: "the patient is active"
    case .occurrence: "the visit stands as this reminder expects"
    case .expiry: "it is still of use"
    case .callOnly: "messages are welcome"
    case .pause: "nothing is on hold or closed"
    case .contact: "there is an address with consent"
    case .text: "there is a reviewed text"
    case .hours: "it is within contact hours where the patient is"
    case .budget: "this address has not had too many messages"
    }
  }
}
