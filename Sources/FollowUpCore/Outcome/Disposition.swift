/// What the next step of a message depends on, beside its outcome.
package struct AttemptHistory: Sendable, Equatable {
  package var identity: String
  /// Tries so far, this one included.
  package var tries: Int
  package var firstTryAt: Instant
  /// Doubts before this one.
  package var doubts: Int
  /// When the last of what the message carries is of no use any more: until then a try may help.
  package var expiresAt: Instant
  package var schedule: RetrySchedule
  /// The peer recognises a repeated identity.
  package var isIdempotent: Bool
  /// `ask` wins in a bundle.
  package var onDoubt: DoubtPolicy

  package init(
    identity: String, tries: Int, firstTryAt: Instant, doubts: Int, expiresAt: Instant, schedule: RetrySchedule,
    isIdempotent: Bool, onDoubt: DoubtPolicy
  ) {
    self.identity = identity
    self.tries = tries
    self.firstTryAt = firstTryAt
    self.doubts = doubts
    self.expiresAt = expiresAt
    self.schedule = schedule
    self.isIdempotent = isIdempotent
    self.onDoubt = onDoubt
  }
}

/// What happens to a message after an attempt (`delivery.md`, Retry and Doubt).
package enum Disposition: Sendable, Equatable {
  case sent
  /// Nothing was taken: the same message again at this instant.
  case tryAgain(at: Instant)
  /// It may have been taken: the same message again, with the same identity.
  case repeatInDoubt(at: Instant)
  /// Uncertain for good: staff ask.
  case doubtful
  /// The address is refused: the next contact, else staff.
  case rejected
  /// No try is left before it expires.
  case exhausted
  /// Our own settings: the channel is held, the message waits.
  case holdChannel
  /// The claim came to nothing.
  case released

  /// How long a channel that cannot recognise a repeat waits before the one repeat, in seconds.
  private static let doubtPause: Int64 = 600

  package init(_ outcome: Outcome, _ history: AttemptHistory, now: Instant) {
    // A later refusal does not tell whether an earlier, uncertain try arrived: the ladder never advances on doubt.
    let isInDoubt = history.doubts > 0
    switch outcome {
    case .delivered: self = .sent
    case .rejected: self = isInDoubt ? .doubtful : .rejected
    case .misconfigured: self = .holdChannel
    case .withdrawn: self = .released
    case .retry(let after, _):
      let next = history.schedule.next(
        after: now, tries: history.tries, firstTry: history.firstTryAt, asked: after, identity: history.identity)
      self = next < history.expiresAt ? .tryAgain(at: next) : isInDoubt ? .doubtful : .exhausted
    case .uncertain:
      let next: Instant
      if history.isIdempotent {
        next = history.schedule.next(
          after: now, tries: history.tries, firstTry: history.firstTryAt, asked: nil, identity: history.identity)
      } else if history.onDoubt == .resend && !isInDoubt {
        next = now + Self.doubtPause
      } else {
        self = .doubtful
        return
      }
      self = next < history.expiresAt ? .repeatInDoubt(at: next) : .doubtful
    }
  }
}
