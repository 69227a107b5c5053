package import FollowUpCore
internal import GRDB

/// What the ladder reads and writes (`delivery.md`, Retry).
extension Transaction {
  /// The steps of an occurrence at its present revision, rungs among them, in the order in which they overtake each other.
  package func stepReminders(of occurrence: Int64) throws -> [DueReminder] {
    try fetchDue(
      """
      SELECT \(DueReminder.columns) FROM reminder \(DueReminder.joins)
      WHERE reminder.occurrence_id = ? AND reminder.revision = occurrence.revision AND reminder.kind = 'step'
      ORDER BY reminder.intended_at, reminder.id
      """, occurrence)
  }

  /// When a rung of an occurrence last went to somebody for real, whatever step it was of.
  package func lastRung(of occurrence: Int64) throws -> Instant? {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT r.step, coalesce(m.sent_at, m.delivered_at) FROM reminder r JOIN message m ON m.id = r.message_id
          WHERE r.occurrence_id = ? AND m.mode = 'live' AND coalesce(m.sent_at, m.delivered_at) IS NOT NULL
          """), arguments: [occurrence]
    ).filter { Rung($0[0] as String) != nil }.map { Instant($0[1] as Int64) }.max()
  }

  /// When the message that carries a reminder was sent for real, or arrived for all its doubt; nil if it was not, or is not
  /// on record as sent any more.
  package func sentForReal(_ reminder: DueReminder) throws -> Instant? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT CASE state WHEN 'sent' THEN sent_at ELSE delivered_at END FROM message
          WHERE id = ? AND state IN ('sent', 'doubtful') AND mode = 'live'
          """), arguments: [reminder.messageID]
    ).map(Instant.init(_:))
  }

  /// The contacts that a step or notice was written to already, by its own message or one of its rungs, but for those of
  /// `reminder` itself.
  func contactsWritten(for reminder: DueReminder) throws -> Set<Int64> {
    Set(
      try writings(of: reminder).filter { $0.reminder != reminder.id && $0.state != .cancelled }
        .compactMap(\.contact))
  }

  /// What was tried for a step or notice, a message each, as codes: `email: M-7 rejected 550-5.1.1`.
  package func tried(for reminder: DueReminder) throws -> [String] {
    try writings(of: reminder).filter(\.hasLeft).map { writing in
      let words = [
        "\(writing.channel):", SubjectID.message(writing.message), writing.state.rawValue, writing.code ?? "",
      ]
      return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  private struct Writing {
    var reminder: Int64
    var message: Int64
    var contact: Int64?
    var channel: String
    var state: MessageState
    var hasLeft: Bool
    /// Of its receipt, else of its last try, where it did not get through.
    var code: String?
  }

  private func writings(of reminder: DueReminder) throws -> [Writing] {
    let base = Rung.base(of: reminder.step)
    let prefix = Rung.prefix(of: base)
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT r.id, m.id, m.contact_id, m.channel, m.state,
            EXISTS (SELECT 1 FROM attempt WHERE message_id = m.id AND state NOT IN ('claimed', 'withdrawn')),
            coalesce((SELECT code FROM receipt WHERE message_id = m.id AND outcome = 'failed'),
              (SELECT code FROM attempt WHERE message_id = m.id AND state <> 'delivered' ORDER BY n DESC LIMIT 1))
          FROM reminder r JOIN message_reminder l ON l.reminder_id = r.id JOIN message m ON m.id = l.message_id
          WHERE r.occurrence_id = ? AND r.revision = ? AND r.kind = ? AND (r.step = ? OR substr(r.step, 1, ?) = ?)
          ORDER BY m.id
          """),
      arguments: [
        reminder.occurrenceID, reminder.revision, reminder.kind.rawValue, base, prefix.unicodeScalars.count, prefix,
      ]
    ).compactMap { row in
      guard let state = MessageState(rawValue: row[4]) else { return nil }
      return Writing(
        reminder: row[0], message: row[1], contact: row[2], channel: row[3], state: state, hasLeft: row[5],
        code: state == .sent ? nil : row[6])
    }
  }

  /// The number of the next rung of a step or notice.
  package func nextRung(after reminder: DueReminder) throws -> Rung {
    let base = Rung.base(of: reminder.step)
    let numbers = try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT step FROM reminder WHERE occurrence_id = ? AND revision = ? AND kind = ?"),
      arguments: [reminder.occurrenceID, reminder.revision, reminder.kind.rawValue]
    ).compactMap { Rung($0) }.filter { $0.base == base }.map(\.number)
    return Rung(base, number: (numbers.max() ?? 1) + 1)
  }

  /// Promises the next contact's turn: a reminder of its own, looked at once its instant has come.
  package func insert(rung planned: PlannedReminder, after reminder: DueReminder, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
          expires_at, wake_at, state, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?)
        """
    ).execute(arguments: [
      reminder.occurrenceID, reminder.revision, reminder.kind.rawValue, planned.step, reminder.planVersionID,
      reminder.priority.rank, planned.intendedAt.seconds, planned.plannedAt.seconds, planned.expiresAt.seconds,
      planned.plannedAt.seconds, now.seconds,
    ])
  }

  /// When the ladder looks at an occurrence next; nil: nothing waits for an answer.
  package func ladderDeadline(of occurrence: Int64) throws -> Instant? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT due_at FROM deadline WHERE occurrence_id = ? AND kind = 'ladder'"),
      arguments: [occurrence]
    ).map(Instant.init(_:))
  }
}
