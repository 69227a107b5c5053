/// The latest step of an occurrence that was written to a patient, as the ladder looks at it once nobody has answered.
package struct LadderFacts: Sendable {
  /// How long the plan waits silence out; nil: it has no ladder on silence.
  package var thenAfter: TimeSpan?
  package var priority: Priority
  /// Open, unanswered, of an active patient, and what went asked for an answer.
  package var isAwaited: Bool
  /// It is on record as sent, for real, or as arrived. What is in doubt, on its way, or with a person is not.
  package var isSent: Bool
  /// When the latest message of the step went.
  package var sentAt: Instant
  /// When the step is of no use any more.
  package var expiresAt: Instant
  /// When a rung of the occurrence last went, whatever step it was of.
  package var lastRungAt: Instant?
  /// There is a contact that may be written to, and was not yet for this step.
  package var hasNext: Bool
  /// The patient's.
  package var zone: Zone

  package init(
    thenAfter: TimeSpan?, priority: Priority, isAwaited: Bool, isSent: Bool, sentAt: Instant, expiresAt: Instant,
    lastRungAt: Instant?, hasNext: Bool, zone: Zone
  ) {
    self.thenAfter = thenAfter
    self.priority = priority
    self.isAwaited = isAwaited
    self.isSent = isSent
    self.sentAt = sentAt
    self.expiresAt = expiresAt
    self.lastRungAt = lastRungAt
    self.hasNext = hasNext
    self.zone = zone
  }
}

/// What silence leads to (`delivery.md`, Retry): the next contact, for `urgent` and `soon` only, where the plan has
/// `then_after`, at most once per occurrence and day of the patient's, never after expiry, never on doubt. Pure.
package enum Ladder: Sendable, Equatable {
  /// It ends here: nothing is waited for, or nothing more is of use.
  case ends
  /// Not yet: it is looked at again then.
  case waits(until: Instant)
  /// The next contact by rank.
  case climbs
  /// The last rung: there is no further contact, or none could be written to in time.
  case person

  package init(_ facts: LadderFacts, now: Instant) {
    guard let thenAfter = facts.thenAfter, facts.priority != .routine, facts.isAwaited, facts.isSent,
      now < facts.expiresAt
    else {
      self = .ends
      return
    }
    let due = facts.sentAt + thenAfter.seconds
    guard due <= now else {
      self = .waits(until: due)
      return
    }
    guard facts.hasNext else {
      self = .person
      return
    }
    guard let last = facts.lastRungAt, facts.zone.civil(at: last).date == facts.zone.civil(at: now).date else {
      self = .climbs
      return
    }
    let tomorrow = facts.zone.civil(at: now).date.adding(days: 1)
    let next = facts.zone.instant(of: CivilDateTime(date: tomorrow, time: .midnight))
    self = next < facts.expiresAt ? .waits(until: next) : .person
  }

  /// Whether a step that was sent is followed up by the ladder at all, and when first; nil: silence leads nowhere.
  package static func due(after sentAt: Instant, _ step: Step, _ plan: Plan, _ priority: Priority) -> Instant? {
    guard let thenAfter = plan.thenAfter, priority != .routine, step.when == .unconfirmed else { return nil }
    return sentAt + thenAfter.seconds
  }
}
