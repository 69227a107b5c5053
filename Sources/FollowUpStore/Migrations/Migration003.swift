internal import GRDB

/// How far a series has been made, and which of its dates is meant.
enum Migration003 {
  static func run(_ db: Database) throws {
    // The first date that the rule yields and that has no occurrence yet; NULL: none is to be made any more (R5).
    try db.execute(sql: "ALTER TABLE follow_up ADD COLUMN next_date TEXT")
    // The date that a follow-up's id means is found at once, however many dates of it are over.
    try db.execute(
      sql: """
        CREATE INDEX occurrence_open ON occurrence (follow_up_id, anchor_at) WHERE status IN ('open', 'confirmed')
        """)
  }
}
