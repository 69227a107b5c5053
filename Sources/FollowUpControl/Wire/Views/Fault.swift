/// A fault of a file.
package struct Fault: Codable, Equatable, Sendable {
  package var file: String
  @Nullable package var line: Int?
  @Nullable package var key: String?
  package var what: String
  /// What to do.
  package var hint: String

  package init(file: String, line: Int?, key: String?, what: String, hint: String) {
    self.file = file
    self.line = line
    self.key = key
    self.what = what
    self.hint = hint
  }
}
