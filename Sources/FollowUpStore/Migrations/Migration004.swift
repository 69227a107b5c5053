internal import GRDB

/// A patient's open tasks are found at once.
enum Migration004 {
  static func run(_ db: Database) throws {
    try db.execute(
      sql: "CREATE INDEX task_patient ON task (patient_id, reason) WHERE state IN ('open', 'taken')")
  }
}
