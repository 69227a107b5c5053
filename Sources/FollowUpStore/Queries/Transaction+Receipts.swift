package import FollowUpCore
internal import GRDB

extension Transaction {
  package func receipt(of message: Int64) throws -> Receipt? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT outcome, code, at FROM receipt WHERE message_id = ?"), arguments: [message]
    ).flatMap { row in
      ReceiptOutcome(rawValue: row[0]).map { Receipt(outcome: $0, code: row[1], at: Instant(row[2] as Int64)) }
    }
  }

  /// Keeps a message's first receipt; one that says delivered, with its instant.
  package func insert(_ receipt: Receipt, of message: Int64, now: Instant) throws {
    try db.cachedStatement(
      sql: "INSERT INTO receipt (message_id, outcome, code, at, created_at) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [message, receipt.outcome.rawValue, receipt.code, receipt.at.seconds, now.seconds])
    guard receipt.outcome == .delivered else { return }
    try db.cachedStatement(sql: "UPDATE message SET delivered_at = ? WHERE id = ?")
      .execute(arguments: [receipt.at.seconds, message])
  }

  /// The message of an identity, which is its `webhook-id`.
  package func message(identity: String) throws -> Int64? {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT id FROM message WHERE identity = ?"), arguments: [identity])
  }

  /// The messages that peers gave an id; two peers may have given the same. At most `limit`, the newest first.
  package func messages(gatewayID: String, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: "SELECT id FROM message WHERE gateway_id = ? AND gateway_id IS NOT NULL ORDER BY id DESC LIMIT ?"),
      arguments: [gatewayID, limit])
  }

  /// How often a message was in doubt, and whom it went to.
  package func delivery(of message: Int64) throws -> (doubts: Int, contact: Int64?)? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT doubts, contact_id FROM message WHERE id = ?"), arguments: [message]
    ).map { ($0[0], $0[1]) }
  }

  /// Whether a person is still to ask for a message of an occurrence whether it arrived.
  package func isInDoubt(_ occurrence: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM reminder r JOIN message m ON m.id = r.message_id
          WHERE r.occurrence_id = ? AND r.state = 'handed' AND m.state = 'doubtful' AND m.delivered_at IS NULL)
          """), arguments: [occurrence]) ?? false
  }

  /// The reminders that a message stands for by the last word on them.
  package func remindersStanding(for message: Int64) throws -> [DueReminder] {
    try reminders(of: message).filter { $0.messageID == message }
  }

  /// A person has what became of a reminder.
  package func setTask(_ task: Int64, of reminder: Int64) throws {
    try db.cachedStatement(sql: "UPDATE reminder SET task_id = ? WHERE id = ?").execute(arguments: [task, reminder])
  }

  /// What a patient was last told of an occurrence is no longer what a message said that did not arrive: it is what the one
  /// before it said, or nothing (R20).
  package func retell(occurrence id: Int64) throws {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT r.revision, coalesce(m.sent_at, (SELECT max(claimed_at) FROM attempt WHERE message_id = m.id)) AS at
          FROM reminder r JOIN message_reminder l ON l.reminder_id = r.id JOIN message m ON m.id = l.message_id
          WHERE r.occurrence_id = ? AND m.mode = 'live' AND m.recipient = 'patient'
            AND (m.state IN ('sent', 'uncertain', 'doubtful') OR (m.state IN ('claimed', 'waiting') AND m.doubts > 0))
            AND (m.doubts > 1 OR NOT EXISTS (SELECT 1 FROM receipt WHERE message_id = m.id AND outcome = 'failed'))
          ORDER BY at DESC LIMIT 1
          """), arguments: [id])
    guard let row, let at: Int64 = row[1] else {
      return try db.cachedStatement(
        sql: """
          UPDATE occurrence SET told_civil = NULL, told_zone = NULL, told_revision = NULL, told_at = NULL WHERE id = ?
          """
      ).execute(arguments: [id])
    }
    try setTold(occurrence: id, revision: row[0], now: Instant(at))
  }
}
