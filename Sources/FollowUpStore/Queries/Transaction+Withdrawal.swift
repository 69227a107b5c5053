package import FollowUpCore
internal import GRDB

/// Which claims a command takes back.
package enum ClaimScope: Sendable, Equatable {
  case all
  case patient(Int64)
  case occurrence(Int64)
  case plan(String)
  case channel(String)
  case address(channel: String, normalised: String)
  case message(Int64)

  fileprivate var condition: (sql: String, arguments: StatementArguments) {
    let ofReminders =
      "SELECT message_reminder.message_id FROM message_reminder JOIN reminder ON reminder.id = reminder_id"
    switch self {
    case .all: return ("1", [])
    case .patient(let id): return ("patient_id = ?", [id])
    case .occurrence(let id): return ("id IN (\(ofReminders) WHERE occurrence_id = ?)", [id])
    case .plan(let name):
      return (
        """
        id IN (\(ofReminders) JOIN occurrence ON occurrence.id = occurrence_id
        JOIN follow_up ON follow_up.id = follow_up_id WHERE follow_up.plan = ?)
        """, [name]
      )
    case .channel(let name): return ("channel = ?", [name])
    case .address(let channel, let normalised): return ("channel = ? AND address = ?", [channel, normalised])
    case .message(let id): return ("id = ?", [id])
    }
  }
}

extension Transaction {
  /// Takes back the claims in `scope` whose first byte has not left: after the commit none of them leaves (R12). Their
  /// reminders are planned again, for clearance to decide anew. Returns how many.
  @discardableResult
  package func withdrawClaims(_ scope: ClaimScope, via withdrawing: any Withdrawing, now: Instant) throws -> Int {
    let (sql, arguments) = scope.condition
    let claimed = try Int64.fetchAll(
      db,
      sql: "SELECT id FROM message WHERE state = 'claimed' AND final_at IS NULL AND \(sql)",
      arguments: arguments)
    var count = 0
    for message in claimed where withdrawing.withdraw(message: message) {
      try db.cachedStatement(
        sql: "UPDATE attempt SET state = 'withdrawn', finished_at = ? WHERE message_id = ? AND state = 'claimed'"
      ).execute(arguments: [now.seconds, message])
      movesAttempts = true
      try release(message: message, wakeAt: now, now: now)
      count += 1
    }
    return count
  }

  /// A claim that came to nothing: the message waits, its identity and bytes kept, and its reminders are planned again:
  /// what came forward for a bundle, at its own instant (R13).
  package func release(message: Int64, wakeAt: Instant, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = 'waiting', tries = tries - 1,
          first_try_at = CASE WHEN tries > 1 THEN first_try_at END
        WHERE id = ? AND state = 'claimed'
        """
    ).execute(arguments: [message])
    for reminder in try reminders(of: message) {
      try move(reminder: reminder.id, .withdrawn, reason: nil, wakeAt: max(wakeAt, reminder.sendableAt), now: now)
    }
  }

  /// Ends the waiting messages that carry nothing pending any more; one that was ever in doubt stays doubtful on record.
  package func cancelEmptyMessages(of occurrence: Int64, now: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE message SET state = CASE WHEN doubts > 0 THEN 'doubtful' ELSE 'cancelled' END, final_at = ?
        WHERE state IN ('waiting', 'uncertain') AND id IN (
          SELECT message_reminder.message_id FROM message_reminder JOIN reminder ON reminder.id = reminder_id WHERE occurrence_id = ?)
        AND NOT EXISTS (
          SELECT 1 FROM message_reminder JOIN reminder ON reminder.id = reminder_id WHERE message_reminder.message_id = message.id
          AND reminder.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain'))
        """
    ).execute(arguments: [now.seconds, occurrence])
  }

  /// Looks again at what a hold parked, but for what another one that is in force keeps parked: a look at that would count
  /// it as overdue (R11). A hold does not shift since when it could have been sent: what became overdue meanwhile shows as
  /// such. What hours or the budget deferred before stays deferred: it was looked at in time (R10). What a backlog holds
  /// waits for staff, and what a closure does for its end.
  package func wakeHeld(now: Instant) throws {
    let holds = try openHolds()
    if holds.contains(where: \.stopsAll) { return }
    func subjects(_ kind: HoldKind) -> [String] { holds.filter { $0.kind == kind }.compactMap(\.subject) }
    let (plans, patients, channels) = (subjects(.plan), subjects(.patient), subjects(.channel))
    func marks(_ values: [String]) -> String { values.map { _ in "?" }.joined(separator: ", ") }
    try db.execute(
      sql: """
        UPDATE reminder SET wake_at = max(planned_at, coalesce(sendable_at, planned_at)),
          state = CASE WHEN sendable_at > planned_at THEN 'deferred' ELSE 'planned' END, reason = NULL,
          answers = NULL, waits_for = NULL, updated_at = ?
        WHERE wake_at IS NULL AND state IN ('held', 'deferred') AND state = 'held' AND coalesce(reason, '') NOT IN ('backlog', 'closed')
          AND NOT EXISTS (
            SELECT 1 FROM occurrence o JOIN follow_up f ON f.id = o.follow_up_id WHERE o.id = reminder.occurrence_id AND (
              f.plan IN (\(marks(plans))) OR 'P:' || f.patient_id IN (\(marks(patients)))
              OR EXISTS (SELECT 1 FROM contact WHERE patient_id = f.patient_id AND removed_at IS NULL AND channel IN (\(marks(channels))))
                AND NOT EXISTS (
                  SELECT 1 FROM contact WHERE patient_id = f.patient_id AND removed_at IS NULL
                    AND channel NOT IN (\(marks(channels + ["phone"]))))))
        """, arguments: [now.seconds] + StatementArguments(plans + patients + channels + channels + ["phone"]))
  }
}
