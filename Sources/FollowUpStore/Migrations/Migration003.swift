internal import GRDB

/// How far a series has been made.
enum Migration003 {
  static func run(_ db: Database) throws {
    // The first date that the rule yields and that has no occurrence yet; NULL: none is to be made any more (R5).
    try db.execute(sql: "ALTER TABLE follow_up ADD COLUMN next_date TEXT")
  }
}
