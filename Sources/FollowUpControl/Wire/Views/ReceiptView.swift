/// What a peer said of a message after it took it.
package struct ReceiptView: Codable, Equatable, Sendable {
  /// `delivered`, `failed`.
  package var outcome: String
  /// The peer's code.
  @Nullable package var code: String?
  package var at: String

  package init(outcome: String, code: String?, at: String) {
    self.outcome = outcome
    self.code = code
    self.at = at
  }
}
