/// Something that needs a person.
package struct AttentionView: Codable, Equatable, Sendable {
  package var what: String
  package var why: String
  package var action: String

  package init(what: String, why: String, action: String) {
    self.what = what
    self.why = why
    self.action = action
  }
}
