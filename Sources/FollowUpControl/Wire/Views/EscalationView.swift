/// When a person calls because nobody confirmed.
package struct EscalationView: Codable, Equatable, Sendable {
  package var after: String
  package var to: String
  package var routine: Bool

  package init(after: String, to: String, routine: Bool) {
    self.after = after
    self.to = to
    self.routine = routine
  }
}
