package import FollowUpCore
internal import GRDB

extension Transaction {
  /// A message with its reminders and attempts.
  package func listedMessage(id: Int64) throws -> ListedMessage? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(ListedMessage.columns) FROM message m LEFT JOIN patient p ON p.id = m.patient_id WHERE m.id = ?
          """), arguments: [id]
    ).map { try filled(record($0)) }
  }

  /// A page, the newest first.
  package func listMessages(
    state: MessageState?, channel: String?, since: Instant?, limit: Int, after: String?
  ) throws -> Page<ListedMessage> {
    var conditions = ["1"]
    var arguments: [String: (any DatabaseValueConvertible)?] = [:]
    if let state {
      conditions.append("m.state = :state")
      arguments["state"] = state.rawValue
    }
    if let channel {
      conditions.append("m.channel = :channel")
      arguments["channel"] = channel
    }
    if let since {
      conditions.append("m.created_at >= :since")
      arguments["since"] = since.seconds
    }
    let total =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM message m WHERE " + conditions.joined(separator: " AND "),
        arguments: StatementArguments(arguments)) ?? 0
    if let cursor = Cursor(after) {
      conditions.append("m.id < :id")
      arguments["id"] = cursor.id
    }
    arguments["limit"] = limit + 1
    let found = try Row.fetchAll(
      db,
      sql: """
        SELECT \(ListedMessage.columns) FROM message m LEFT JOIN patient p ON p.id = m.patient_id
        WHERE \(conditions.joined(separator: " AND ")) ORDER BY m.id DESC LIMIT :limit
        """, arguments: StatementArguments(arguments))
    let list: Page<ListedMessage> = try page(of: found, limit: limit, total: total) { Cursor(id: $0["id"]) }
    return Page(items: try list.items.map(filled), total: list.total, next: list.next)
  }

  /// The numbers of the messages that wait for another try, of one channel or all, the oldest first.
  package func waitingMessages(channel: String? = nil) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM message WHERE state = 'waiting' AND final_at IS NULL
          AND channel = coalesce(?, channel) ORDER BY id
        """, arguments: [channel])
  }

  /// What it says, as long as that is kept (R22).
  package func messageBody(id: Int64) throws -> (subject: String, text: String)? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT subject, text FROM message_body WHERE message_id = ?"), arguments: [id]
    ).map { ($0["subject"], $0["text"]) }
  }

  /// Looks at what waits for a retry now. False if it does not wait.
  package func retryNow(message id: Int64, now: Instant) throws -> Bool {
    try db.execute(
      sql: """
        UPDATE reminder SET wake_at = ?, updated_at = ?
        WHERE state = 'waiting' AND id IN (SELECT reminder_id FROM message_reminder WHERE message_id = ?)
          AND EXISTS (SELECT 1 FROM message m WHERE m.id = ? AND m.state = 'waiting')
        """, arguments: [now.seconds, now.seconds, id, id])
    return db.changesCount > 0
  }

  /// Gives a message up by a person's decision: it is cancelled (doubtful if it ever was in doubt), its reminders that are
  /// not final are dropped.
  /// Returns those reminders.
  package func drop(message id: Int64, now: Instant) throws -> [ListedReminder] {
    let reminders = try listReminders(message: id).filter { !$0.state.isFinal }
    try db.execute(
      sql: """
        UPDATE message SET state = CASE WHEN doubts > 0 THEN 'doubtful' ELSE 'cancelled' END,
          reason = 'dropped-by-staff', final_at = ?
        WHERE id = ? AND state IN ('claimed', 'waiting', 'uncertain')
        """, arguments: [now.seconds, id])
    for reminder in reminders {
      try db.execute(
        sql: """
          UPDATE reminder SET state = 'dropped', reason = 'dropped-by-staff', wake_at = NULL, updated_at = ? WHERE id = ?
          """, arguments: [now.seconds, reminder.id])
    }
    return reminders
  }

  package func listReminders(message id: Int64) throws -> [ListedReminder] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(ListedReminder.columns) FROM message_reminder l JOIN reminder r ON r.id = l.reminder_id
            JOIN occurrence o ON o.id = r.occurrence_id
          WHERE l.message_id = ? ORDER BY r.planned_at, r.id
          """), arguments: [id]
    ).map { try record($0) }
  }

  package func listAttempts(message id: Int64) throws -> [ListedAttempt] {
    try records(
      Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM attempt WHERE message_id = ? ORDER BY n"), arguments: [id]
      ))
  }

  private func filled(_ message: ListedMessage) throws -> ListedMessage {
    var message = message
    message.reminders = try listReminders(message: message.id)
    message.attempts = try listAttempts(message: message.id)
    message.receipt = try receipt(of: message.id)
    return message
  }

  /// The messages that carried a reminder, the oldest first.
  package func messageIDs(reminder id: Int64) throws -> [Int64] {
    try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT message_id FROM message_reminder WHERE reminder_id = ? ORDER BY message_id"),
      arguments: [id])
  }

  /// The reminders that a backlog holds, in triage order (R11, R17).
  package func backlogged() throws -> [ListedReminder] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT \(ListedReminder.columns) FROM reminder r JOIN occurrence o ON o.id = r.occurrence_id
        WHERE r.state = 'held' AND r.reason = 'backlog'
        ORDER BY r.priority, r.expires_at, r.planned_at, r.id
        """
    ).map { try record($0) }
  }
}
