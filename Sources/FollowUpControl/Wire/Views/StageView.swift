/// One stage on the way of a test message.
package struct StageView: Codable, Equatable, Sendable {
  /// `resolve`, `connect`, `tls`, `login`, `accepted`.
  package var name: String
  package var passed: Bool
  package var milliseconds: Int
  /// Why it failed, as in the journal; of one that passed, what was agreed on: `TLSv1.3`, `PLAIN`, `250`.
  @Nullable package var code: String?
  /// Why it failed, in words.
  @Nullable package var why: String?
  /// What mends it.
  @Nullable package var action: String?

  package init(name: String, passed: Bool, milliseconds: Int, code: String?, why: String?, action: String?) {
    self.name = name
    self.passed = passed
    self.milliseconds = milliseconds
    self.code = code
    self.why = why
    self.action = action
  }
}
