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

/// An occurrence that is open and unanswered, of an active patient.
package struct UnconfirmedOccurrence: Sendable, Equatable {
  package var plan: String
  package var priority: Priority
  package var owner: String
  package var patientID: Int64
  package var anchorAt: Instant
}

extension Transaction {
  /// Nil if the occurrence is confirmed, answered or over, or its patient not active.
  package func unconfirmedOccurrence(_ occurrence: Int64) throws -> UnconfirmedOccurrence? {
    guard let row = try anchorRow(occurrence), row["status"] == "open", row["answer"] == "none",
      row["patient_status"] == "active", let priority = Priority(rawValue: row["priority"])
    else { return nil }
    return UnconfirmedOccurrence(
      plan: row["plan"], priority: priority, owner: row["owner"], patientID: row["patient_id"],
      anchorAt: Instant(row["anchor_at"] as Int64))
  }

  /// Sets the one deadline of (kind, subject), replacing its instant.
  /// - Parameter keepsEarlier: an earlier one of the kind and subject stays.
  package func setDeadline(
    _ kind: DeadlineKind, subject: String, occurrence: Int64? = nil, at: Instant, keepsEarlier: Bool = false
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO deadline (kind, subject, occurrence_id, due_at, wake_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at, wake_at = excluded.wake_at
        \(keepsEarlier ? "WHERE excluded.due_at < due_at" : "")
        """
    ).execute(arguments: [kind.rawValue, subject, occurrence, at.seconds, at.seconds])
  }

  /// Looks at a deadline again at `instant`; when it was meant for stays known.
  package func postpone(deadline id: Int64, to instant: Instant) throws {
    try db.cachedStatement(sql: "UPDATE deadline SET wake_at = ? WHERE id = ?").execute(arguments: [
      instant.seconds, id,
    ])
  }

  /// Whom a deadline concerns, as far as its rows can be read; what they do not tell is nil.
  package func concern(of deadline: Deadline) throws -> (patient: Int64?, priority: Priority?, owner: Owner?) {
    let named = deadline.subject.hasPrefix("F-") ? Int64(deadline.subject.dropFirst(2).prefix { $0 != "@" }) : nil
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT patient_id, priority, owner FROM follow_up WHERE id = ?"), arguments: [named])
    guard let row else { return (nil, nil, nil) }
    return (row[0], Priority(rawValue: row[1]), Owner(row[2] as String))
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
