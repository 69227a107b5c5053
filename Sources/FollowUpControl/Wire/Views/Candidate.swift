/// One of several things that were meant, or nearly.
package struct Candidate: Codable, Equatable, Sendable {
  /// What to type to mean this one.
  package var id: String
  /// What tells it from the others, for staff.
  @Nullable package var text: String?

  package init(id: String, text: String?) {
    self.id = id
    self.text = text
  }
}
