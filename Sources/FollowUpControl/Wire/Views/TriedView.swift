/// What was tried for a task before.
package struct TriedView: Codable, Equatable, Sendable {
  package var at: String
  package var what: String
  @Nullable package var by: String?
  @Nullable package var note: String?

  package init(at: String, what: String, by: String?, note: String?) {
    self.at = at
    self.what = what
    self.by = by
    self.note = note
  }
}
