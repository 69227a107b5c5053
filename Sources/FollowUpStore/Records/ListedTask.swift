package import FollowUpCore
internal import GRDB

/// Work for a person, with what a list says of it.
package struct ListedTask: Sendable, Equatable, StoredRecord {
  package var id: Int64
  /// Never empty: `F-12@2026-12-01`, `P:17`, `C:email`, `clinic`.
  package var subject: String
  package var reason: TaskReason
  package var patientID: Int64?
  package var occurrenceID: Int64?
  package var priority: Priority
  package var owner: String
  package var dueAt: Instant
  package var state: TaskState
  package var takenBy: String?
  package var takenAt: Instant?
  /// Lines, oldest first.
  package var tried: String
  package var outcome: String?
  package var note: String?
  package var createdAt: Instant
  package var closedAt: Instant?

  static let table = "task"
  static func subject(_ row: Row) -> String { SubjectID.task(row["id"]) }

  init(_ row: Row) throws {
    id = row["id"]
    subject = row["subject"]
    reason = try row.word("reason")
    patientID = row["patient_id"]
    occurrenceID = row["occurrence_id"]
    priority = try row.priority("priority")
    owner = row["owner"]
    dueAt = row.instant("due_at")
    state = try row.word("state")
    takenBy = row["taken_by"]
    takenAt = row.instantOrNil("taken_at")
    tried = row["tried"]
    outcome = row["outcome"]
    note = row["note"]
    createdAt = row.instant("created_at")
    closedAt = row.instantOrNil("closed_at")
  }
}
