package import FollowUpCore
internal import GRDB

extension Transaction {
  package func occurrence(id: Int64) throws -> Occurrence? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM occurrence WHERE id = ?"), arguments: [id])
      .map { try record($0) }
  }

  /// A follow-up's, by when they are due.
  package func occurrences(followUp id: Int64) throws -> [Occurrence] {
    try records(
      Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM occurrence WHERE follow_up_id = ? ORDER BY anchor_at, key"),
        arguments: [id]
      ))
  }

  /// A patient's that are open or confirmed, by when they are due.
  package func expectedOccurrences(patient id: Int64) throws -> [Occurrence] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT o.* FROM occurrence o JOIN follow_up f ON f.id = o.follow_up_id
            WHERE f.patient_id = ? AND o.status IN ('open', 'confirmed') ORDER BY o.anchor_at, o.id
            """), arguments: [id]
      ))
  }

  /// Those that are open or confirmed and due from `start` to before `end`.
  package func expectedOccurrences(from start: Instant, before end: Instant) throws -> [Occurrence] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM occurrence WHERE anchor_at >= ? AND anchor_at < ? AND status IN ('open', 'confirmed')
            ORDER BY anchor_at, id
            """), arguments: [start.seconds, end.seconds]
      ))
  }

  /// Returns the new occurrence's number.
  package func insert(_ occurrence: Occurrence) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO occurrence (follow_up_id, key, civil, zone, anchor_at, revision, status, answer, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      occurrence.followUpID, occurrence.key, occurrence.anchor.description, occurrence.zone,
      occurrence.anchorAt.seconds, occurrence.revision, occurrence.status.rawValue, occurrence.answer.rawValue,
      occurrence.createdAt.seconds, occurrence.updatedAt.seconds,
    ])
    return db.lastInsertedRowID
  }

  /// Writes its anchor, revision, status and answer; what the patient was told belongs to sending. What could not be read
  /// stays as it is stored.
  package func update(_ occurrence: Occurrence, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE occurrence SET civil = ?, zone = ?, anchor_at = ?, revision = ?, status = ?, answer = ?, answered_at = ?,
          answer_via = ?, answered_by = ?, caused_by = ?, cause_reason = ?,
          updated_at = ?
        WHERE id = ?
        """
    ).execute(arguments: [
      occurrence.anchorText, occurrence.zone, occurrence.anchorAt.seconds, occurrence.revision,
      occurrence.status.rawValue, occurrence.answer.rawValue, occurrence.answeredAt?.seconds,
      occurrence.answerVia?.rawValue, occurrence.answeredBy, occurrence.causedBy?.rawValue, occurrence.causeReason,
      now.seconds, occurrence.id,
    ])
  }

  /// A patient's that are open or confirmed, or of which a reminder is still pending: what an end must clear.
  package func unsettledOccurrences(patient id: Int64) throws -> [Occurrence] {
    try records(
      Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT o.* FROM occurrence o JOIN follow_up f ON f.id = o.follow_up_id
            WHERE f.patient_id = ? AND (o.status IN ('open', 'confirmed') OR EXISTS (
              SELECT 1 FROM reminder r WHERE r.occurrence_id = o.id
                AND r.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')))
            ORDER BY o.anchor_at, o.id
            """), arguments: [id]
      ))
  }

  /// What is not final follows its follow-up's priority.
  package func setPriority(_ priority: Priority, followUp id: Int64, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE reminder SET priority = ?, updated_at = ?
        WHERE occurrence_id IN (SELECT id FROM occurrence WHERE follow_up_id = ?)
          AND state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')
        """
    ).execute(arguments: [priority.rank, now.seconds, id])
    guard priority == .urgent else { return }
    // A backlog holds nothing urgent (R11).
    try db.cachedStatement(
      sql: """
        UPDATE reminder SET state = 'planned', reason = NULL, answers = NULL, wake_at = max(?, planned_at)
        WHERE occurrence_id IN (SELECT id FROM occurrence WHERE follow_up_id = ?)
          AND state = 'held' AND reason = 'backlog'
        """
    ).execute(arguments: [now.seconds, id])
  }
}
