internal import GRDB

/// What each message's way through the tables is checked against, in words that cost SQLite nothing to set up: for a list of
/// more than two it builds a table anew whenever it looks at one.
enum Migration007 {
  static func run(_ db: Database) throws {
    // A check is no part of what is stored: the text of the schema alone changes. (SQLite's "ALTER TABLE", 7.)
    let version = try Int.fetchOne(db, sql: "PRAGMA schema_version") ?? 0
    try db.execute(sql: "PRAGMA writable_schema = ON")
    for (table, column) in [
      ("message", "state"), ("attempt", "state"), ("reminder", "state"), ("reminder", "priority"),
    ] {
      let sql = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", arguments: [table])
      guard let sql, let spread = spreadCheck(of: column, in: sql) else {
        throw StoreError.failed(why: "the table \(table) is not as it was made")
      }
      try db.execute(
        sql: "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", arguments: [spread, table])
    }
    try db.execute(sql: "PRAGMA schema_version = \(version + 1)")
    try db.execute(sql: "PRAGMA writable_schema = RESET")
    // What is not final is found by its not having ended.
    try db.execute(
      sql: """
        DROP INDEX message_pending;
        CREATE INDEX message_pending ON message (state) WHERE final_at IS NULL
        """)
  }

  /// `CHECK (state IN ('a', 'b'))` as `CHECK (state = 'a' OR state = 'b')`; nil if it is not there.
  private static func spreadCheck(of column: String, in sql: String) -> String? {
    let head = "CHECK (\(column) IN ("
    guard let start = sql.firstRange(of: head), let end = sql[start.upperBound...].firstRange(of: "))") else {
      return nil
    }
    let values = sql[start.upperBound..<end.lowerBound].split(whereSeparator: { ", \n".contains($0) })
    let check = "CHECK (\(values.map { "\(column) = \($0)" }.joined(separator: " OR ")))"
    return "\(sql[..<start.lowerBound])\(check)\(sql[end.upperBound...])"
  }
}
