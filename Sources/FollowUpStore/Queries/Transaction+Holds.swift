package import FollowUpCore
internal import GRDB

extension Transaction {
  /// Those in force, the oldest first.
  package func openHolds() throws -> [Hold] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM hold INDEXED BY hold_open WHERE released_at IS NULL ORDER BY id")
    )
    .map { try record($0) }
  }

  /// In force or not.
  package func hold(id: Int64) throws -> Hold? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM hold WHERE id = ?"), arguments: [id]).map { try record($0) }
  }

  package func isReleased(hold id: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT released_at IS NOT NULL FROM hold WHERE id = ?"), arguments: [id]) ?? true
  }

  /// Pauses sending, and notes when that ends by itself. Returns the hold's number.
  package func insert(_ hold: Hold) throws -> Int64 {
    try db.cachedStatement(
      sql: "INSERT INTO hold (kind, subject, until, reason, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      hold.kind.rawValue, hold.subject, hold.until?.seconds, hold.reason, hold.createdAt.seconds, hold.createdBy,
    ])
    let id = db.lastInsertedRowID
    if let until = hold.until {
      try db.cachedStatement(
        sql: "INSERT INTO deadline (kind, subject, due_at, wake_at) VALUES ('hold-end', ?, ?, ?)"
      ).execute(arguments: [SubjectID.hold(id), until.seconds, until.seconds])
    }
    return id
  }

  /// Ends a hold and its deadline; what it parked is the caller's to wake.
  package func release(hold id: Int64, by staff: String, now: Instant) throws {
    try db.cachedStatement(
      sql: "UPDATE hold SET released_at = ?, released_by = ? WHERE id = ? AND released_at IS NULL"
    ).execute(arguments: [now.seconds, staff, id])
    try db.cachedStatement(sql: "DELETE FROM deadline WHERE kind = 'hold-end' AND subject = ?")
      .execute(arguments: [SubjectID.hold(id)])
  }

  // MARK: Backlog (R11)

  /// Whether more than `limit` reminders are overdue and still of use: looks at no more than that.
  package func isOverdue(moreThan limit: Int, now: Instant) throws -> Bool {
    var found = 0
    for priority in Priority.allCases where found <= limit {
      found +=
        try Int.fetchOne(
          db.cachedStatement(sql: "SELECT count(*) FROM (SELECT 1 \(Self.overdue) LIMIT ?)"),
          arguments: Self.overdue(priority, now) + [limit + 1 - found]) ?? 0
    }
    return found > limit
  }

  /// How many reminders are overdue and still of use.
  package func overdue(now: Instant) throws -> [Priority: Int] {
    try Priority.allCases.reduce(into: [:]) { counts, priority in
      counts[priority] = try Int.fetchOne(
        db.cachedStatement(sql: "SELECT count(*) \(Self.overdue)"), arguments: Self.overdue(priority, now))
    }
  }

  private static let overdue = """
    FROM reminder WHERE priority = ? AND wake_at IS NOT NULL AND wake_at < ? AND expires_at > ?
    AND state IN ('planned', 'deferred') AND is_released = 0
    AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = reminder.message_id AND tries > 0)
    """

  private static func overdue(_ priority: Priority, _ now: Instant) -> StatementArguments {
    [priority.rank, (now - DueReminder.overdueAfter).seconds, now.seconds]
  }

  /// How many reminders a backlog holds.
  package func backlog() throws -> [Priority: Int] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT priority, count(*) FROM reminder
          WHERE state = 'held' AND reason = 'backlog'
          GROUP BY priority
          """)
    ).reduce(into: [:]) { counts, row in
      if let priority = Priority(rank: row[0]) { counts[priority] = row[1] }
    }
  }

  /// Whether a backlog's hold keeps nothing back any more: what it held was answered or is over, and no more than `limit`
  /// are overdue.
  package func isBacklogOver(limit: Int, now: Instant) throws -> Bool {
    let isIdle =
      try Bool.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT EXISTS (SELECT 1 FROM hold WHERE kind = 'backlog' AND released_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM reminder WHERE state = 'held' AND reason = 'backlog')
            """)) ?? false
    return try isIdle && !isOverdue(moreThan: limit, now: now)
  }

  /// Lets exactly those go that the backlog holds, none before its instant: they are overdue no more, whatever comes.
  package func releaseBacklog(now: Instant) throws {
    try db.execute(
      sql: """
        UPDATE reminder SET wake_at = max(?, planned_at), state = 'planned', reason = NULL, answers = NULL, is_released = 1,
          updated_at = ?
        WHERE state = 'held' AND reason = 'backlog'
        """, arguments: [now.seconds, now.seconds])
  }

  /// Closes the clinic's task to decide on a backlog; somebody who has taken it learns that it was decided (R14).
  package func closeBacklogTask(by staff: String, now: Instant) throws {
    try db.execute(
      sql: """
        UPDATE task SET state = 'closed', closed_at = ?, closed_by = ?
        WHERE subject = 'clinic' AND reason = 'backlog' AND state = 'open'
        """, arguments: [now.seconds, staff])
    try db.execute(
      sql: "UPDATE task SET flagged = 1 WHERE subject = 'clinic' AND reason = 'backlog' AND state = 'taken'")
  }
}
