/// The reply of a verb that may change several things of a kind.
package struct ChangedList<Item: Codable & Equatable & Sendable>: ActingReply, Equatable {
  /// The things as they are now, in the order in which they were named.
  package var items: [Item]
  /// How many of them changed; 0 for a preview or a dry run.
  package var changed: Int
  /// What happened, a line a thing, each fit to be read out to its patient.
  package var said: [String]
  /// Those that could not be changed. Where only one was named, its failure is the error of the call instead.
  package var failures: [Failure]
  /// The command that takes it back; nil if none does.
  @Nullable package var undo: String?
  /// What staff should know beside it, a sentence each.
  package var warnings: [String]
  @Nullable package var preview: Preview?

  package init(
    items: [Item], changed: Int, said: [String], failures: [Failure] = [], undo: String? = nil,
    warnings: [String] = [], preview: Preview? = nil
  ) {
    self.items = items
    self.changed = changed
    self.said = said
    self.failures = failures
    self.undo = undo
    self.warnings = warnings
    self.preview = preview
  }
}
