/// Why one of several things could not be changed.
package struct Failure: Codable, Equatable, Sendable {
  /// As the caller named it.
  package var id: String
  /// As `ControlError.Kind.code`.
  package var code: String
  package var what: String
  package var why: String
  package var hint: String

  package init(id: String, code: String, what: String, why: String, hint: String) {
    self.id = id
    self.code = code
    self.what = what
    self.why = why
    self.hint = hint
  }
}
