package import FollowUpCore
internal import GRDB

extension Transaction {
  /// All of a follow-up's reminders, by when they were planned.
  package func listReminders(followUp id: Int64) throws -> [ListedReminder] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(ListedReminder.columns) FROM occurrence o JOIN reminder r ON r.occurrence_id = o.id
          WHERE o.follow_up_id = ? ORDER BY o.anchor_at, o.id, r.revision, r.planned_at, r.id
          """), arguments: [id]
    ).map { try record($0) }
  }

  package func listedReminder(id: Int64) throws -> ListedReminder? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(ListedReminder.columns) FROM reminder r JOIN occurrence o ON o.id = r.occurrence_id WHERE r.id = ?
          """), arguments: [id]
    ).map { try record($0) }
  }

  /// By the parts of its id, `F-12@2026-12-01/1/step/day-before`.
  package func listedReminder(
    followUp id: Int64, key: String, revision: Int, kind: ReminderKind, step: String
  ) throws -> ListedReminder? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(ListedReminder.columns) FROM occurrence o JOIN reminder r ON r.occurrence_id = o.id
          WHERE o.follow_up_id = ? AND o.key = ? AND r.revision = ? AND r.kind = ? AND r.step = ?
          """), arguments: [id, key, revision, kind.rawValue, step]
    ).map { try record($0) }
  }

  /// What may still be sent before `end`, first things first: by when it is looked at, then what is parked, by expiry.
  package func listUpcoming(
    patient: Int64?, before end: Instant, limit: Int, after: String?
  ) throws -> Page<UpcomingReminder> {
    // A patient's few rows are found from the patient on, the next of all of them from the instant on: CROSS JOIN says so.
    let joined =
      patient == nil
      ? """
      FROM reminder r CROSS JOIN occurrence o ON o.id = r.occurrence_id
        CROSS JOIN follow_up f ON f.id = o.follow_up_id CROSS JOIN patient p ON p.id = f.patient_id
      """
      : """
      FROM follow_up f CROSS JOIN occurrence o ON o.follow_up_id = f.id
        CROSS JOIN reminder r ON r.occurrence_id = o.id CROSS JOIN patient p ON p.id = f.patient_id
      """
    let counted = patient == nil ? "FROM reminder r" : joined
    let mine = patient == nil ? "" : " AND f.patient_id = :patient"
    var arguments: [String: (any DatabaseValueConvertible)?] = [:]
    if let patient { arguments["patient"] = patient }
    // Without an end the count reads an index alone; with one, a range of it for each priority. Either is linear in what is
    // counted, some 15 ms for a million, and a page costs the same however many there are.
    let isBounded = end < .distantFuture
    let timed =
      isBounded ? "r.wake_at IS NOT NULL AND r.priority IN (0, 1, 2) AND r.wake_at < :end" : "r.wake_at IS NOT NULL"
    let parked =
      "r.wake_at IS NULL AND r.state IN ('held', 'deferred')" + (isBounded ? " AND r.planned_at < :end" : "")
    if isBounded { arguments["end"] = end.seconds }
    func count(_ condition: String) throws -> Int {
      try Int.fetchOne(
        db, sql: "SELECT count(*) \(counted) WHERE \(condition)\(mine)", arguments: StatementArguments(arguments)) ?? 0
    }
    let timedTotal = try count(timed)
    let total = timedTotal + (try count(parked))
    arguments["limit"] = limit + 1
    // Keys of what is timed are even, of what is parked odd: one cursor for both halves.
    let cursor = Cursor(after)
    func rows(_ condition: String, _ column: String, from cursor: Cursor?) throws -> [UpcomingReminder] {
      var condition = condition + mine
      var arguments = arguments
      if let cursor {
        condition += " AND (r.\(column), r.id) > (:key, :id)"
        arguments["key"] = cursor.key / 2
        arguments["id"] = cursor.id
      }
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(ListedReminder.columns), p.ref, p.name, o.civil, o.zone, o.anchor_at \(joined)
          WHERE \(condition) ORDER BY r.\(column), r.id LIMIT :limit
          """, arguments: StatementArguments(arguments)
      ).map { row in
        UpcomingReminder(
          reminder: try record(row), patientRef: row["ref"], patientName: row["name"],
          due: row["civil"], zone: row["zone"], dueAt: row.instant("anchor_at"))
      }
    }
    var found: [UpcomingReminder] = []
    let inParked = cursor.map { $0.key % 2 != 0 } ?? false
    if !inParked {
      // One walk of the index for each priority, so that none sorts all that is pending.
      for priority in Priority.allCases.indices {
        found += try rows(timed + " AND r.priority = \(priority)", "wake_at", from: cursor)
      }
      found.sort {
        ($0.reminder.wakeAt ?? .distantFuture, $0.reminder.id) < ($1.reminder.wakeAt ?? .distantFuture, $1.reminder.id)
      }
      found = Array(found.prefix(limit + 1))
    }
    if found.count <= limit {
      found += try rows(parked, "expires_at", from: inParked ? cursor : nil).prefix(limit + 1 - found.count)
    }
    return page(found, limit: limit, total: total) { item in
      let reminder = item.reminder
      return
        (reminder.wakeAt.map { Cursor(key: $0.seconds * 2, id: reminder.id) }
        ?? Cursor(key: reminder.expiresAt.seconds * 2 + 1, id: reminder.id)).text
    }
  }
}
