/// A row that holds what cannot be read: which one, and never what it holds (promise 33, R22).
package struct UnreadableRow: Error, Hashable, Sendable {
  package var table: String
  package var id: Int64
  package var columns: [String]
  /// The thing that it belongs to, as people name it: `F-12@2026-12-01`, `P:17`.
  package var subject: String

  package init(table: String, id: Int64, columns: [String], subject: String) {
    self.table = table
    self.id = id
    self.columns = columns
    self.subject = subject
  }

  /// `occurrence[3].civil+zone`, for whoever mends it.
  package var name: String { "\(table)[\(id)].\(columns.joined(separator: "+"))" }
}

/// A column that holds what cannot be read; its record names the row.
struct UnreadableColumn: Error {
  var name: String
}
