/// One stage on the way of a message to a peer, as `channel test` walks it.
package struct TestStage: Sendable, Equatable {
  package enum Name: String, Sendable, CaseIterable { case resolve, connect, tls, login, accepted }

  package var name: Name
  package var passed: Bool
  /// What it took.
  package var seconds: Double
  /// Why it failed, as a stable code; of one that passed, what was agreed on: `TLSv1.3`, `PLAIN`, `250`.
  package var code: String?

  package init(_ name: Name, passed: Bool, seconds: Double, code: String? = nil) {
    self.name = name
    self.passed = passed
    self.seconds = seconds
    self.code = code
  }
}
