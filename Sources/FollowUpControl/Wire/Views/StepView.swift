/// One reminder of a plan.
package struct StepView: Codable, Equatable, Sendable {
  package var id: String
  /// The offset as written, `-3d 10:00`.
  package var at: String
  package var when: String
  package var template: String
  package var late: String
  @Nullable package var useful: String?

  package init(id: String, at: String, when: String, template: String, late: String, useful: String?) {
    self.id = id
    self.at = at
    self.when = when
    self.template = template
    self.late = late
    self.useful = useful
  }
}
