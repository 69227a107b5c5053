internal import GRDB

/// Which plans are in use is found without a walk; and each message's way through the tables is checked in words that cost
/// SQLite nothing to set up: for a list of more than two it builds a table anew whenever it looks at one.
enum Migration007 {
  private static let pending = "(state = 'claimed' OR state = 'waiting' OR state = 'uncertain')"

  static func run(_ db: Database) throws {
    // What is not final is found by its not having ended, as each statement that ends a message says.
    try db.execute(
      sql: """
        UPDATE message SET final_at = coalesce(sent_at, created_at) WHERE final_at IS NULL AND NOT \(pending);
        UPDATE message SET final_at = NULL WHERE final_at IS NOT NULL AND \(pending);
        DROP INDEX message_pending;
        CREATE INDEX message_pending ON message (state) WHERE final_at IS NULL
        """)
    // Which plans are in use is asked at each start.
    try db.execute(sql: "CREATE INDEX follow_up_plan ON follow_up (plan) WHERE status = 'active'")
    // A check is no part of what is stored: the text of the schema alone changes. (SQLite's "ALTER TABLE", 7.)
    let version = try Int.fetchOne(db, sql: "PRAGMA schema_version") ?? 0
    try db.execute(sql: "PRAGMA writable_schema = ON")
    try rewrite("message", in: db) { sql in
      guard let end = sql.firstRange(of: "final_at INTEGER") else { return nil }
      let check = " CHECK ((final_at IS NULL) = \(pending))"
      return spreadCheck(of: "state", in: "\(sql[..<end.upperBound])\(check)\(sql[end.upperBound...])")
    }
    try rewrite("attempt", in: db) { spreadCheck(of: "state", in: $0) }
    try rewrite("reminder", in: db) { spreadCheck(of: "state", in: $0).flatMap { spreadCheck(of: "priority", in: $0) } }
    try db.execute(sql: "PRAGMA schema_version = \(version + 1)")
    try db.execute(sql: "PRAGMA writable_schema = RESET")
  }

  private static func rewrite(_ table: String, in db: Database, _ rewritten: (String) -> String?) throws {
    let sql = try String.fetchOne(
      db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", arguments: [table])
    guard let new = sql.flatMap(rewritten) else {
      throw StoreError.failed(why: "the table \(table) is not as it was made")
    }
    try db.execute(sql: "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", arguments: [new, table])
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
