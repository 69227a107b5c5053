/// A key of the configuration that differs between the files and what is in force.
package struct KeyChange: Codable, Equatable, Sendable {
  /// `clinic.hours`, `plans.post-op.step.day-before.at`, `templates.visit.en.txt`
  package var key: String
  /// In force, as TOML spells it; null: it is not there.
  @Nullable package var old: String?
  /// In the files; null: it is not there any more.
  @Nullable package var new: String?

  package init(key: String, old: String?, new: String?) {
    self.key = key
    self.old = old
    self.new = new
  }
}
