internal import GRDB

/// What waits for a channel is found by it.
enum Migration005 {
  static func run(_ db: Database) throws {
    // The channel that a parked reminder waits for: its destination takes nothing now, or it is on hold.
    try db.execute(sql: "ALTER TABLE reminder ADD COLUMN waits_for TEXT")
    // In triage order (R17).
    try db.execute(
      sql: """
        CREATE INDEX reminder_waits ON reminder (waits_for, priority, expires_at, planned_at)
          WHERE waits_for IS NOT NULL AND wake_at IS NULL AND state IN ('held', 'deferred')
        """)
  }
}
