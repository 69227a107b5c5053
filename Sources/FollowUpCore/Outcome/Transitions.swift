/// What can happen to a claimed or waiting message.
package enum MessageEvent: Sendable, CaseIterable {
  case claim, delivered, retry, exhausted, rejected, withdrawn, doubt, doubtAgain, cancel
  /// What a peer says of it later, whatever it said when it was given the message.
  case receiptDelivered, receiptFailed
}

extension MessageState {
  /// The state after `event`, or nil where it cannot happen: the one table of (state, event) → state.
  package func next(_ event: MessageEvent) -> MessageState? {
    switch (self, event) {
    case (.waiting, .claim), (.uncertain, .claim): .claimed
    case (.claimed, .delivered): .sent
    case (.claimed, .retry), (.claimed, .withdrawn): .waiting
    case (.claimed, .exhausted), (.waiting, .exhausted): .failed
    case (.claimed, .rejected): .rejected
    case (.claimed, .doubt): .uncertain
    case (.claimed, .doubtAgain), (.uncertain, .doubtAgain), (.uncertain, .exhausted), (.uncertain, .cancel): .doubtful
    case (.waiting, .cancel), (.claimed, .cancel): .cancelled
    // The peer's word ends all doubt, and what waits is not repeated.
    case (.claimed, .receiptDelivered), (.waiting, .receiptDelivered), (.uncertain, .receiptDelivered): .sent
    case (.claimed, .receiptFailed), (.waiting, .receiptFailed), (.uncertain, .receiptFailed): .failed
    case (.sent, .receiptFailed): .failed
    default: nil
    }
  }
}

/// What can happen to a reminder.
package enum ReminderEvent: Sendable, CaseIterable {
  case claim, deferred, park, drop, supersede, expire, hand, cancel
  case delivered, retry, fail, withdrawn, doubt, receiptDelivered, receiptFailed, wake
}

extension ReminderState {
  /// The state after `event`, or nil where it cannot happen.
  package func next(_ event: ReminderEvent) -> ReminderState? {
    switch (self, event) {
    case (.sent, .receiptFailed): .failed
    case (.claimed, .delivered), (.claimed, .receiptDelivered): .sent
    case (.claimed, .retry): .waiting
    case (.claimed, .withdrawn), (.claimed, .receiptFailed): .planned
    case (.claimed, .doubt): .uncertain
    case (.claimed, .fail): .failed
    case (.claimed, .hand), (.uncertain, .hand): .handed
    case (.claimed, .cancel): .cancelled
    case (.planned, _), (.deferred, _), (.held, _), (.waiting, _), (.uncertain, _): nextOfPending(event)
    default: nil
    }
  }

  private func nextOfPending(_ event: ReminderEvent) -> ReminderState? {
    switch event {
    case .claim: .claimed
    case .deferred: .deferred
    case .park: .held
    case .drop: .dropped
    case .supersede: .superseded
    case .expire: .expired
    case .hand: .handed
    case .cancel: .cancelled
    case .receiptDelivered: .sent
    // The next contact by rank is tried at once.
    case .wake, .receiptFailed: .planned
    case .fail: .failed
    case .delivered, .retry, .withdrawn, .doubt: nil
    }
  }
}

extension AttemptState {
  /// The state after `outcome`, or nil where it has ended already.
  package func next(_ outcome: Outcome) -> AttemptState? { self == .claimed ? AttemptState(outcome) : nil }

  /// How an attempt ends by its outcome.
  package init(_ outcome: Outcome) {
    switch outcome {
    case .delivered: self = .delivered
    case .retry: self = .retry
    case .rejected: self = .rejected
    case .misconfigured: self = .misconfigured
    case .uncertain: self = .uncertain
    case .withdrawn: self = .withdrawn
    }
  }
}
