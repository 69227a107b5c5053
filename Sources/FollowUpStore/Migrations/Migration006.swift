internal import GRDB

/// What peers say of messages after they took them.
enum Migration006 {
  static func run(_ db: Database) throws {
    // The delivery receipt that counted, which is the first: its code is a stable word, never a patient's data.
    try db.execute(
      sql: """
        CREATE TABLE receipt (
          message_id INTEGER PRIMARY KEY REFERENCES message (id),
          outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'failed')),
          code TEXT,
          at INTEGER NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT
        """)
  }
}
