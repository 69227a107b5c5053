package import FollowUpCore
internal import GRDB

/// A reminder with what a list says of it.
package struct ListedReminder: Sendable, Equatable, StoredRecord {
  package var id: Int64
  package var followUpID: Int64
  package var occurrenceID: Int64
  package var occurrenceKey: String
  /// The occurrence's, as it is stored.
  package var zone: String
  package var revision: Int
  package var kind: ReminderKind
  package var step: String
  package var priority: Priority
  package var plannedAt: Instant
  package var expiresAt: Instant
  /// nil while parked or final.
  package var wakeAt: Instant?
  package var state: ReminderState
  package var reason: Reason?
  package var messageID: Int64?
  package var taskID: Int64?
  package var updatedAt: Instant
  /// What failed when it was last decided; nil: nothing did, or it was never looked at.
  package var record: ClearanceRecord?
  /// What its row holds that cannot be read, as it is stored, by column.
  package private(set) var unreadable: [String: String] = [:]

  /// `F-12@2026-12-01/1/step/day-before`.
  package var spelled: String {
    SubjectID.reminder(followUp: followUpID, key: occurrenceKey, revision: revision, kind: kind, step: step)
  }

  /// The columns that `init(_:)` reads, of `reminder r` and `occurrence o`.
  static let columns = """
    r.id, r.occurrence_id, r.revision, r.kind, r.step, r.priority, r.planned_at, r.expires_at, r.wake_at, r.state,
    r.reason, r.message_id, r.task_id, r.updated_at, r.answers, o.follow_up_id, o.key,
    o.zone AS occurrence_zone
    """

  static let table = "reminder"
  static func subject(_ row: Row) -> String { SubjectID.occurrence(followUp: row["follow_up_id"], key: row["key"]) }

  init(_ row: Row) {
    var free = FreeColumns(row)
    id = row["id"]
    followUpID = row["follow_up_id"]
    occurrenceID = row["occurrence_id"]
    occurrenceKey = row["key"]
    zone = row["occurrence_zone"]
    revision = row["revision"]
    kind = free.word("kind", else: .step)
    step = row["step"]
    priority = free.priority("priority")
    plannedAt = row.instant("planned_at")
    expiresAt = row.instant("expires_at")
    wakeAt = row.instantOrNil("wake_at")
    state = free.word("state", else: .planned)
    reason = free.wordOrNil("reason")
    messageID = row["message_id"]
    taskID = row["task_id"]
    updatedAt = row.instant("updated_at")
    record = (row["answers"] as String?).flatMap(ClearanceRecord.init(stored:))
    unreadable = free.unreadable
  }
}

/// A reminder that may still be sent, with its occurrence and patient.
package struct UpcomingReminder: Sendable, Equatable {
  package var reminder: ListedReminder
  package var patientRef: String
  package var patientName: String
  /// The civil time as it is stored.
  package var due: String
  package var zone: String
  package var dueAt: Instant
}
