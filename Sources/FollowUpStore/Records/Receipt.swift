package import FollowUpCore
internal import GRDB

/// What a peer said of a message after it took it: the first word counts.
package struct Receipt: Sendable, Equatable {
  package var outcome: ReceiptOutcome
  /// A stable word of the peer's.
  package var code: String?
  /// When it happened, as the peer says.
  package var at: Instant

  package init(outcome: ReceiptOutcome, code: String?, at: Instant) {
    self.outcome = outcome
    self.code = code
    self.at = at
  }
}
