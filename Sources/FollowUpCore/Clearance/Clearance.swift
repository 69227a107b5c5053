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
package struct Clearance: Sendable, Equatable {
  package var answers: [CheckAnswer]
  package var decision: ClearanceDecision

  /// The reason of the first check that fails.
  package var reason: Reason? { answers.first { $0.reason != nil }?.reason }

  package init(_ facts: ClearanceFacts, now: Instant) {
    let usable = facts.contacts.filter { $0.isServed && $0.obstacle == nil }.sorted {
      ($0.rank, $0.id) < ($1.rank, $1.id)
    }
    let contact = usable.first { $0.text == .ready } ?? usable.first
    let results: [(ClearanceCheck, Failure?)] = [
      (.patient, Self.patient(facts)),
      (.occurrence, Self.occurrence(facts)),
      (.expiry, now >= facts.expiresAt ? Failure(.expired, .expire, "it is of no use any more") : nil),
      (.callOnly, facts.isCallOnly ? Failure(.callOnly, .staff(.callOnly), "this patient is only to be called") : nil),
      (.pause, Self.pause(facts, contact)),
      (.contact, contact == nil ? Self.noContact(facts) : nil),
      (.text, Self.text(contact)),
      (.hours, Self.hours(facts, now)),
      (.budget, Self.budget(facts, contact, now)),
    ]
    answers = results.map { CheckAnswer(check: $0.0, reason: $0.1?.reason, detail: $0.1?.detail ?? $0.0.passed) }
    if let failure = results.lazy.compactMap({ $0.1 }).first {
      decision = failure.decision
    } else if let contact {
      decision = .send(contact: contact.id)
    } else {
      decision = .staff(.noContact)
    }
  }

  private struct Failure {
    var reason: Reason
    var decision: ClearanceDecision
    var detail: String

    init(_ reason: Reason, _ decision: ClearanceDecision, _ detail: String) {
      self.reason = reason
      self.decision = decision
      self.detail = detail
    }
  }

  private static func patient(_ facts: ClearanceFacts) -> Failure? {
    switch facts.patient {
    case .active: nil
    case .inactive: Failure(.inactive, .drop(.inactive), "the patient is inactive")
    case .deceased: Failure(.deceased, .drop(.deceased), "the patient has died")
    }
  }

  private static func occurrence(_ facts: ClearanceFacts) -> Failure? {
    guard facts.reminderRevision == facts.revision else {
      return Failure(.moved, .drop(.moved), "the visit was moved after this was planned")
    }
    guard let when = facts.when else { return nil }
    switch Standing.of(when, status: facts.status, answer: facts.answer) {
    case .applies: return nil
    case .notYet:
      return Failure(.open, .defer(until: nil, .open), "it waits until somebody marks the visit \(when.rawValue)")
    case .not(let reason, _):
      return Failure(reason, .drop(reason), "it is for \(when.rawValue) visits, and this one is \(reason.rawValue)")
    }
  }

  private static func pause(_ facts: ClearanceFacts, _ contact: ContactFacts?) -> Failure? {
    func wait(_ reason: Reason, _ detail: String) -> Failure { Failure(reason, .defer(until: nil, reason), detail) }
    if !facts.isClockBelieved { return wait(.clock, "the machine's clock is not believed") }
    if facts.isHeld { return wait(.held, "sending is on hold") }
    if let contact, contact.isHeld { return wait(.held, "the channel \(contact.channel) is on hold") }
    if facts.isClosed { return wait(.closed, "the visit falls into a closure") }
    if facts.isBacklog { return wait(.backlog, "too many are overdue at once: staff decide") }
    return nil
  }

  /// The reason of the highest-ranked contact that a channel serves: it is what staff would mend first. Where this reminder
  /// failed already, the reason is there, as the ladder's last rung is a person.
  private static func noContact(_ facts: ClearanceFacts) -> Failure {
    let served = facts.contacts.filter(\.isServed).sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
    guard let first = served.first(where: \.hasFailed) ?? served.first, let reason = first.obstacle else {
      return Failure(.noContact, .staff(.noContact), "there is no address that a message could go to")
    }
    let detail = "\(first.channel): \(reason.rawValue)"
    if reason == .stopped && facts.priority == .routine { return Failure(.stopped, .drop(.stopped), detail) }
    return Failure(reason, .staff(reason), detail)
  }

  private static func text(_ contact: ContactFacts?) -> Failure? {
    switch contact?.text {
    case .missing:
      Failure(.noTemplate, .staff(.noTemplate), "there is no text in the patient's language or its fallback")
    case .notReviewed: Failure(.notReviewed, .staff(.notReviewed), "the text is not marked as reviewed")
    case .ready, nil: nil
    }
  }

  private static func hours(_ facts: ClearanceFacts, _ now: Instant) -> Failure? {
    if facts.hours.allows(now, in: facts.zone) { return nil }
    let reason = Reason.outsideHours
    let detail = "it is outside contact hours where the patient is"
    if let next = facts.hours.firstAllowed(atOrAfter: now, before: facts.expiresAt, in: facts.zone) {
      return Failure(reason, .defer(until: next, reason), detail)
    }
    let decision: ClearanceDecision =
      facts.priority == .routine ? .drop(.noPermittedTime) : .staff(.noPermittedTime)
    return Failure(.noPermittedTime, decision, detail + ", until it is of no use")
  }

  /// R13: urgent ones and notices may pass each limit by one.
  private static func budget(_ facts: ClearanceFacts, _ contact: ContactFacts?, _ now: Instant) -> Failure? {
    guard let contact else { return nil }
    let isPressing = facts.priority == .urgent || facts.kind == .notice
    let extra = isPressing ? 1 : 0
    guard contact.sentToday >= facts.perDay + extra || contact.sentThisWeek >= facts.perWeek + extra else { return nil }
    let detail = "this address had \(contact.sentToday) messages today and \(contact.sentThisWeek) in seven days"
    if isPressing { return Failure(.budget, .staff(.budget), detail) }
    let tomorrow = facts.zone.civil(at: now).date.adding(days: 1)
    let midnight = facts.zone.instant(of: CivilDateTime(date: tomorrow, time: .midnight))
    guard let next = facts.hours.firstAllowed(atOrAfter: midnight, before: facts.expiresAt, in: facts.zone) else {
      return Failure(.budget, .staff(.budget), detail)
    }
    return Failure(.budget, .defer(until: next, .budget), detail)
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
