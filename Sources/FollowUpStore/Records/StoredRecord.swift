internal import GRDB

/// A row as a value of ours.
protocol StoredRecord {
  static var table: String { get }
  /// The thing that a row belongs to, as people name it.
  static func subject(_ row: Row) -> String
  /// What it holds that cannot be read, as it is stored, by column.
  var unreadable: [String: String] { get }

  /// - Throws: `UnreadableColumn` if nothing can be made of it.
  init(_ row: Row) throws
}

extension StoredRecord {
  var unreadable: [String: String] { [:] }
}

extension Transaction {
  /// A row as a record; what of it cannot be read is noted.
  /// - Throws: `UnreadableRow` if nothing can be made of it.
  func record<Record: StoredRecord>(_ row: Row) throws -> Record {
    func fault(_ columns: [String]) -> UnreadableRow {
      UnreadableRow(table: Record.table, id: row["id"], columns: columns, subject: Record.subject(row))
    }
    do {
      let record = try Record(row)
      if !record.unreadable.isEmpty { note(fault(record.unreadable.keys.sorted())) }
      return record
    } catch let error as UnreadableColumn {
      let found = fault([error.name])
      note(found)
      throw found
    }
  }

  /// Rows as records; those of which nothing can be made are left out, and noted: one keeps no other from being seen.
  func records<Record: StoredRecord>(_ rows: [Row]) throws -> [Record] {
    try rows.compactMap { row in
      do { return try record(row) } catch is UnreadableRow { return nil }
    }
  }

  /// Cuts one row more than asked for down to a page of records. What is left out of it does not end the list.
  func page<Record: StoredRecord>(
    of rows: [Row], limit: Int, total: Int, next: (Row) -> Cursor
  ) throws -> Page<Record> {
    let shown = Array(rows.prefix(limit))
    return Page(
      items: try records(shown), total: total, next: rows.count > limit ? shown.last.map { next($0).text } : nil)
  }
}
