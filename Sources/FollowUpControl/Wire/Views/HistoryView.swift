/// Something that happened to a reminder.
package struct HistoryView: Codable, Equatable, Sendable {
  package var at: String
  /// In plain words: `moved`, `sent by email`, `planned`.
  package var what: String
  @Nullable package var reason: String?
  /// Who did it; null: the service itself.
  @Nullable package var by: String?
  @Nullable package var detail: String?

  package init(at: String, what: String, reason: String?, by: String?, detail: String?) {
    self.at = at
    self.what = what
    self.reason = reason
    self.by = by
    self.detail = detail
  }
}
