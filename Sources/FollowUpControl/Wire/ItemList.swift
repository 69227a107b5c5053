/// A page of a list.
package struct ItemList<Item: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  package var items: [Item]
  /// How many there are in all pages.
  package var total: Int
  /// What to give as `after` for the page that follows; nil on the last one.
  @Nullable package var next: String?
  /// What could not be read, or was left out for that, a sentence each; nil: nothing.
  @Nullable package var warnings: [String]?

  package init(items: [Item], total: Int, next: String? = nil, warnings: [String]? = nil) {
    self.items = items
    self.total = total
    self.next = next
    self.warnings = warnings
  }
}
