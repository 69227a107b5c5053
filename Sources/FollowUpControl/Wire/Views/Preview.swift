/// What a command would do, shown before it is confirmed.
package struct Preview: Codable, Equatable, Sendable {
  /// Exactly what would happen, a line each.
  package var lines: [String]
  /// How many things it touches.
  package var count: Int
  /// What to ask before it is done.
  package var question: String
  /// True where it has a way back: a script need not confirm it.
  @Nullable package var optional: Bool?

  package init(lines: [String], count: Int, question: String, optional: Bool? = nil) {
    self.lines = lines
    self.count = count
    self.question = question
    self.optional = optional
  }
}
