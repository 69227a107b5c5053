package import FollowUpCore
internal import GRDB

extension Transaction {
  package func listedTask(id: Int64) throws -> ListedTask? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM task WHERE id = ?"), arguments: [id])
      .map { try record($0) }
  }

  /// Open and taken ones, in triage order (R17).
  package func pressingTasks(limit: Int, now: Instant) throws -> [ListedTask] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM task WHERE state IN ('open', 'taken') AND (priority = 0 OR due_at < ?)
            ORDER BY priority, due_at, id LIMIT ?
            """), arguments: [now.seconds, limit]
      ))
  }

  /// A patient's open and taken ones, in triage order.
  package func openTasks(patient id: Int64) throws -> [ListedTask] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM task WHERE patient_id = ? AND state IN ('open', 'taken') ORDER BY priority, due_at, id
            """), arguments: [id]
      ))
  }

  /// Closes a patient's open tasks, whoever has them (R15).
  package func closeTasks(patient id: Int64, by staff: String, now: Instant) throws {
    try db.execute(
      sql: """
        UPDATE task SET state = 'closed', closed_at = ?, closed_by = ?
        WHERE patient_id = ? AND state IN ('open', 'taken')
        """, arguments: [now.seconds, staff, id])
  }

  /// What was done to a thing, from the record: the newest of it, in the order in which it happened.
  package func records(of subject: String, limit: Int) throws -> [ListedRecord] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT seq, at, verb, staff FROM audit WHERE subject = ? ORDER BY seq DESC LIMIT ?"),
      arguments: [subject, limit]
    ).reversed().map { ListedRecord(sequence: $0["seq"], at: $0.instant("at"), verb: $0["verb"], staff: $0["staff"]) }
  }
}

/// An act as the record has it (R21).
package struct ListedRecord: Sendable, Equatable {
  package var sequence: Int64
  package var at: Instant
  /// The method that did it.
  package var verb: String
  package var staff: String
}
