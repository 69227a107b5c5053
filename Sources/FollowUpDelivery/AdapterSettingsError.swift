/// A setting that an adapter cannot work with, found when it is made; never in the middle of a message.
package struct AdapterSettingsError: Error, Sendable, Equatable {
  /// The key within `[channels.NAME]`, as the operator wrote it: `url`, `tls`, `from`, …
  package var key: String
  /// What is wrong, without the value of a secret.
  package var problem: String
  /// What to do.
  package var remedy: String

  package init(key: String, problem: String, remedy: String) {
    self.key = key
    self.problem = problem
    self.remedy = remedy
  }
}
