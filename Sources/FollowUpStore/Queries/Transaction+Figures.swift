package import FollowUpCore
internal import GRDB

extension Transaction {
  /// What `status` counts. `dayStart`: when the day began in the clinic's zone.
  package func figures(dayStart: Instant, now: Instant) throws -> Figures {
    var figures = Figures()
    figures.patients = try Int.fetchOne(db, sql: "SELECT count(*) FROM patient") ?? 0
    figures.followUps = try counts("SELECT status, count(*) FROM follow_up GROUP BY status")
    figures.occurrences = try counts("SELECT status, count(*) FROM occurrence GROUP BY status")
    figures.reminders = try pendingReminders()
    figures.sentToday = try finished("m.state = 'sent'", since: dayStart)
    // What goes on by another contact has not failed.
    figures.failedToday = try finished(
      "m.state IN ('rejected', 'failed', 'doubtful') AND r.message_id = m.id AND r.state IN ('failed', 'handed')",
      since: dayStart)
    let wakes = try Priority.allCases.indices.compactMap { priority in
      try Int64.fetchOne(
        db,
        sql:
          "SELECT wake_at FROM reminder WHERE wake_at IS NOT NULL AND priority = \(priority) ORDER BY wake_at LIMIT 1")
    }
    let deadline = try Int64.fetchOne(
      db, sql: "SELECT wake_at FROM deadline WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1")
    figures.oldestDue = wakes.min().map { Instant($0) }.flatMap { $0 <= now ? $0 : nil }
    figures.nextWake = (wakes + [deadline].compactMap { $0 }).min().map { Instant($0) }
    try addTasks(to: &figures, now: now)
    return figures
  }

  /// Three disjoint sets, each with an index of its own: with an instant, parked, and on their way.
  private func pendingReminders() throws -> [ReminderState: Int] {
    let sets: [[ReminderState: Int]] = [
      try counts("SELECT state, count(*) FROM reminder WHERE wake_at IS NOT NULL GROUP BY state"),
      try counts(
        """
        SELECT state, count(*) FROM reminder WHERE wake_at IS NULL AND state IN ('held', 'deferred') GROUP BY state
        """),
      try counts(
        """
        SELECT r.state, count(DISTINCT r.id) FROM message m CROSS JOIN message_reminder l ON l.message_id = m.id
          CROSS JOIN reminder r ON r.id = l.reminder_id
        WHERE m.final_at IS NULL AND r.wake_at IS NULL
          AND r.state IN ('claimed', 'waiting', 'uncertain')
        GROUP BY r.state
        """),
    ]
    return sets.reduce(into: [:]) { all, set in all.merge(set, uniquingKeysWith: +) }
  }

  private func finished(_ condition: String, since: Instant) throws -> Int {
    try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM message m CROSS JOIN message_reminder l ON l.message_id = m.id
          CROSS JOIN reminder r ON r.id = l.reminder_id
        WHERE m.final_at IS NOT NULL AND m.final_at >= ? AND \(condition)
        """, arguments: [since.seconds]) ?? 0
  }

  private func addTasks(to figures: inout Figures, now: Instant) throws {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT count(*) AS open, total(priority = 0) AS urgent, total(due_at < ?) AS overdue,
          total(state = 'open' AND owner LIKE 'role:%') AS unowned
        FROM task WHERE state IN ('open', 'taken')
        """, arguments: [now.seconds])
    figures.openTasks = row?["open"] ?? 0
    figures.urgentTasks = row?["urgent"] ?? 0
    figures.overdueTasks = row?["overdue"] ?? 0
    figures.unownedTasks = row?["unowned"] ?? 0
  }

  private func counts<Word: RawRepresentable & Hashable>(_ sql: String) throws -> [Word: Int]
  where Word.RawValue == String {
    try Row.fetchAll(db, sql: sql).reduce(into: [:]) { counts, row in
      if let word = Word(rawValue: row[0]) { counts[word] = row[1] }
    }
  }
}
