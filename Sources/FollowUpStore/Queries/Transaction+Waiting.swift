package import FollowUpCore
internal import GRDB

/// What waits for a channel: parked because its destination takes nothing now, or held because the channel is on hold. One
/// partial index finds it, whatever else there is.
extension Transaction {
  private static let condition = "waits_for = ? AND wake_at IS NULL AND state IN ('held', 'deferred')"
  private static let parked = condition + " AND state = 'deferred'"

  /// How much waits for a channel, and when the first of it is of no use any more.
  package struct Waiting: Sendable, Equatable {
    package var count: Int
    package var firstExpiry: Instant?
  }

  /// Parks a reminder until its channel's destination takes messages. It was looked at in time (R10), and nothing shifts
  /// since when it could have been sent (R11).
  package func park(reminder id: Int64, waitingFor channel: String, now: Instant) throws {
    try move(reminder: id, .deferred, reason: .paused, now: now)
    try setWaiting(reminder: id, for: channel)
  }

  /// Notes which channel a parked reminder waits for.
  package func setWaiting(reminder id: Int64, for channel: String) throws {
    try db.cachedStatement(sql: "UPDATE reminder SET waits_for = ? WHERE id = ? AND wake_at IS NULL")
      .execute(arguments: [channel, id])
  }

  /// Looks again at what is parked for a channel, the first in triage order first (R17): at most `limit`, if any. Returns
  /// how many.
  package func wake(waitingFor channel: String, limit: Int?, now: Instant) throws -> Int {
    try wake(
      "SELECT id FROM reminder WHERE \(Self.parked) ORDER BY priority, expires_at, planned_at LIMIT ?",
      [channel, limit ?? -1], now: now)
  }

  /// Looks again at what is parked for a channel, was never tried and became sendable more than an hour ago: whether it
  /// is a backlog is decided over all of it at once (R11).
  @discardableResult
  package func wakeOverdue(waitingFor channel: String, now: Instant) throws -> Int {
    try wake(
      """
      SELECT id FROM reminder WHERE \(Self.parked) AND coalesce(sendable_at, planned_at) < ?
        AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = reminder.message_id AND tries > 0)
      """, [channel, (now - DueReminder.overdueAfter).seconds], now: now)
  }

  private func wake(_ chosen: String, _ arguments: StatementArguments, now: Instant) throws -> Int {
    try db.execute(
      sql: """
        UPDATE reminder SET wake_at = max(planned_at, coalesce(sendable_at, planned_at)), reason = NULL, answers = NULL,
          waits_for = NULL, updated_at = ?
        WHERE id IN (\(chosen))
        """, arguments: [now.seconds] + arguments)
    return db.changesCount
  }

  /// The channels whose destination something is parked for.
  package func channelsWaitedFor() throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT DISTINCT waits_for FROM reminder
        WHERE waits_for IS NOT NULL AND wake_at IS NULL AND state IN ('held', 'deferred') AND state = 'deferred'
        """)
  }

  /// What waits for each channel: messages that are not final, and reminders that are in none of them.
  package func waiting() throws -> [String: Waiting] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT m.channel, count(DISTINCT m.id), min(r.expires_at)
        FROM message m LEFT JOIN message_reminder l ON l.message_id = m.id LEFT JOIN reminder r ON r.id = l.reminder_id
        WHERE m.final_at IS NULL GROUP BY m.channel
        UNION ALL
        SELECT waits_for, count(*), min(expires_at) FROM reminder
        WHERE waits_for IS NOT NULL AND wake_at IS NULL AND state IN ('held', 'deferred')
          AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = reminder.message_id
            AND m.final_at IS NULL)
        GROUP BY waits_for
        """)
    return rows.reduce(into: [:]) { found, row in
      let expiry = (row[2] as Int64?).map { Instant($0) }
      let known = found[row[0] as String]
      found[row[0]] = Waiting(
        count: (known?.count ?? 0) + row[1], firstExpiry: [known?.firstExpiry, expiry].compactMap { $0 }.min())
    }
  }

  /// How many reminders are parked for each channel's destination.
  package func parked() throws -> [String: Int] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT waits_for, count(*) FROM reminder
        WHERE waits_for IS NOT NULL AND wake_at IS NULL AND state IN ('held', 'deferred') AND state = 'deferred'
        GROUP BY waits_for
        """
    ).reduce(into: [:]) { $0[$1[0]] = $1[1] }
  }

  /// The first of what waits for a channel to be of no use any more and not routine, with its subject.
  package func firstPressing(waitingFor channel: String) throws -> (subject: String, expiresAt: Instant)? {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT * FROM (SELECT occurrence_id, expires_at FROM reminder WHERE \(Self.condition) AND priority = 0
            ORDER BY expires_at LIMIT 1)
          UNION ALL SELECT * FROM (SELECT occurrence_id, expires_at FROM reminder WHERE \(Self.condition) AND priority = 1
            ORDER BY expires_at LIMIT 1)
          """), arguments: [channel, channel]
    ).map { row in (occurrence: row[0] as Int64, expiresAt: Instant(row[1] as Int64)) }
      .min { $0.expiresAt < $1.expiresAt }
      .flatMap { first in try occurrence(id: first.occurrence).map { ($0.subject, first.expiresAt) } }
  }
}
