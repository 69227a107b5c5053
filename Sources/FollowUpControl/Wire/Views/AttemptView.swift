/// One try to deliver a message.
package struct AttemptView: Codable, Equatable, Sendable {
  package var n: Int
  package var at: String
  package var outcome: String
  /// The server's code.
  @Nullable package var code: String?
  /// The server's reply, addresses replaced.
  @Nullable package var detail: String?

  package init(n: Int, at: String, outcome: String, code: String?, detail: String?) {
    self.n = n
    self.at = at
    self.outcome = outcome
    self.code = code
    self.detail = detail
  }
}
