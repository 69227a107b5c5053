internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What staff are told of rows that cannot be read (promise 33): which, for somebody to mend them.
extension Desk {
  /// A page of a list, with a note of what in it could not be read, or was left out for that.
  func list<Item>(
    _ items: [Item], total: Int, next: String? = nil, in transaction: Transaction
  ) -> ItemList<Item> {
    ItemList(items: items, total: total, next: next, warnings: warnings(in: transaction))
  }

  /// A sentence for each row that this call met and could not read whole; of many, the first and how many more; nil: none.
  func warnings(in transaction: Transaction) -> [String]? {
    let rows = transaction.unreadable
    guard !rows.isEmpty else { return nil }
    let shown = rows.prefix(Self.mostNamed).map {
      "\($0.subject): a row of it cannot be read (\($0.name)); the administrator has to mend it"
    }
    let more = rows.count - shown.count
    return shown + (more > 0 ? ["\(more) more row\(more == 1 ? "" : "s") cannot be read; see the journal"] : [])
  }

  private static let mostNamed = 5
}
