/// One check of clearance (R12).
package struct CheckView: Codable, Equatable, Sendable {
  /// 1 to 9.
  package var n: Int
  package var name: String
  package var passed: Bool
  /// The code, when it failed.
  @Nullable package var reason: String?
  /// A sentence for staff.
  @Nullable package var detail: String?

  package init(n: Int, name: String, passed: Bool, reason: String?, detail: String?) {
    self.n = n
    self.name = name
    self.passed = passed
    self.reason = reason
    self.detail = detail
  }
}
