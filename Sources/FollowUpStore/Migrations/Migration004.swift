internal import GRDB

/// What is asked often is found without a walk.
enum Migration004 {
  static func run(_ db: Database) throws {
    // What a backlog holds is counted, and found to be over, without a look at what else is parked (R11).
    try db.execute(
      sql: "CREATE INDEX reminder_backlog ON reminder (priority) WHERE state = 'held' AND reason = 'backlog'")
    // A patient's open tasks, however many others are open.
    try db.execute(
      sql: "CREATE INDEX task_patient ON task (patient_id, reason) WHERE state IN ('open', 'taken')")
  }
}
