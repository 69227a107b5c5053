package import FollowUpCore
internal import GRDB

/// A timed event that is no reminder.
package struct Deadline: Sendable, Equatable {
  package var id: Int64
  package var kind: DeadlineKind
  package var subject: String
  package var occurrenceID: Int64?
  package var dueAt: Instant
}

extension Transaction {
  /// Sets the one deadline of (kind, subject), replacing its instant.
  package func setDeadline(_ kind: DeadlineKind, subject: String, occurrence: Int64? = nil, at: Instant) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO deadline (kind, subject, occurrence_id, due_at, wake_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at, wake_at = excluded.wake_at
        """
    ).execute(arguments: [kind.rawValue, subject, occurrence, at.seconds, at.seconds])
  }

  package func removeDeadline(_ kind: DeadlineKind, subject: String) throws {
    try db.cachedStatement(sql: "DELETE FROM deadline WHERE kind = ? AND subject = ?")
      .execute(arguments: [kind.rawValue, subject])
  }

  package func removeDeadlines(of occurrence: Int64, _ kind: DeadlineKind) throws {
    try db.cachedStatement(sql: "DELETE FROM deadline WHERE occurrence_id = ? AND kind = ?")
      .execute(arguments: [occurrence, kind.rawValue])
  }

  package func dueDeadlines(now: Instant, limit: Int) throws -> [Deadline] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, kind, subject, occurrence_id, due_at FROM deadline
          WHERE wake_at IS NOT NULL AND wake_at <= ? ORDER BY wake_at LIMIT ?
          """), arguments: [now.seconds, limit]
    ).compactMap { row in
      DeadlineKind(rawValue: row["kind"]).map {
        Deadline(
          id: row["id"], kind: $0, subject: row["subject"], occurrenceID: row["occurrence_id"],
          dueAt: Instant(row["due_at"]))
      }
    }
  }
}
