internal import GRDB

/// What planning anew and explaining the past need: what the reminders were planned by, and what clearance found.
enum Migration002 {
  static func run(_ db: Database) throws {
    // A digest of all that planning depends on: plans, hours, zones and their rules. Another one plans anew (R3, R10).
    try db.execute(sql: "ALTER TABLE instance ADD COLUMN planned_by TEXT NOT NULL DEFAULT ''")
    // The checks that failed when it was last decided, `5:held 8:outside-hours`; NULL: none did, or it was never looked at.
    try db.execute(sql: "ALTER TABLE reminder ADD COLUMN answers TEXT")
    // Since when it could be sent, where hours or the budget deferred it beyond `planned_at` (R11); else NULL.
    try db.execute(sql: "ALTER TABLE reminder ADD COLUMN sendable_at INTEGER")
    // Triage sorts what is due by expiry and instant (R17): the index alone answers.
    try db.execute(
      sql: """
        DROP INDEX reminder_due;
        CREATE INDEX reminder_due ON reminder (priority, wake_at, expires_at, planned_at) WHERE wake_at IS NOT NULL
        """)
  }
}
