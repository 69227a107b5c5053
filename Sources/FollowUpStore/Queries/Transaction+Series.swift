package import FollowUpCore
internal import GRDB

extension FollowUp {
  /// The rule as it was accepted, its end resolved; nil for one that does not repeat.
  /// - Throws: `RecurrenceError` if the row holds none that can be understood, `UnreadableRow` if its dates cannot be read.
  package func recurrence() throws -> RecurrenceRule? {
    guard let rule else { return nil }
    try requireDates()
    return try RecurrenceRule(rule, anchor: anchor.date, last: lastDate)
  }
}

extension Transaction {
  /// How far ahead a date's first step may be for the date to be made, in seconds (R5).
  private static let horizon: Int64 = 60 * 86_400

  /// Makes the dates of a series that it is time for (R5) and plans each: those whose first step is at most 60 days ahead,
  /// one after the earliest that is open, and one that is still to come. Then sets the instant at which it is to be looked
  /// at again. Doing it twice changes nothing; nothing is made while the patient is not active.
  /// - Parameter limit: how many dates are made at most; the rest is due at once.
  /// - Returns: how many were made.
  /// - Throws: `ZoneError`, `RecurrenceError`, `UnreadableRow` if the rows cannot be understood; nothing was written then.
  @discardableResult
  package func extend(
    series id: Int64, settings: Settings, zones: any ZoneSource, now: Instant, limit: Int = 100
  ) throws -> Int {
    let subject = SubjectID.followUp(id)
    guard let followUp = try followUp(id: id), followUp.makesDates, let rule = try followUp.recurrence(),
      let patient = try patient(id: followUp.patientID), patient.status == .active
    else {
      try removeDeadline(.horizon, subject: subject)
      return 0
    }
    let zone = try zones.zone(named: followUp.zone)
    let patientZone = try zones.zone(named: patient.zone ?? settings.clinic.zone)
    let plan = try settings.plans[followUp.plan] ?? latestPlan(named: followUp.plan)
    var open = try openDates(series: id)
    var next = followUp.nextDate
    var made = 0
    var wake: Instant?
    while let date = next {
      let anchor = CivilDateTime(date: date, time: followUp.anchor.time)
      let anchorAt = zone.instant(of: anchor)
      if open.count > 1, open.latest > now {
        let first = plan?.steps.map { $0.at.instant(anchor: anchorAt, in: patientZone) }.min() ?? anchorAt
        guard first - Self.horizon <= now else {
          wake = min(first - Self.horizon, open.latest)
          break
        }
      }
      guard made < limit else {
        wake = now
        break
      }
      if try occurrence(followUp: id, key: date.description) == nil {
        let occurrence = try insert(
          Occurrence(
            followUpID: id, key: date, anchor: anchor, zone: zone.name, anchorAt: anchorAt, now: now))
        try self.plan(occurrence: occurrence, settings: settings, zones: zones, now: now)
        made += 1
        open = (open.count + 1, max(open.latest, anchorAt))
      }
      next = rule.next(after: date)
    }
    if next != followUp.nextDate { try setNextDate(next, series: id) }
    if let wake {
      try setDeadline(.horizon, subject: subject, at: wake)
    } else {
      try removeDeadline(.horizon, subject: subject)
    }
    return made
  }

  /// Takes a series up again whose patient is active again: from `now`'s date on, for what passed meanwhile was not
  /// promised. One that has come to its end meanwhile is over.
  package func resume(series id: Int64, settings: Settings, zones: any ZoneSource, now: Instant) throws {
    guard let followUp = try followUp(id: id), let rule = try followUp.recurrence() else { return }
    let today = try zones.zone(named: followUp.zone).civil(at: now).date
    try setNextDate(rule.next(after: today.adding(days: -1)), series: id)
    try extend(series: id, settings: settings, zones: zones, now: now)
    try touch(followUp: id, now: now)
  }

  /// No more dates are made of a patient's series (R15).
  package func endSeries(patient id: Int64) throws {
    try db.execute(
      sql: """
        DELETE FROM deadline WHERE kind = 'horizon'
          AND subject IN (SELECT 'F-' || id FROM follow_up WHERE patient_id = ?)
        """, arguments: [id])
    try db.execute(
      sql: "UPDATE follow_up SET next_date = NULL WHERE patient_id = ? AND next_date IS NOT NULL", arguments: [id])
  }

  /// Looks at the next `limit` series after the subject `after` again at `now`: for when plans changed, whose first step
  /// decides how early a date is made.
  /// - Returns: the last of them; nil: that was all.
  package func wakeSeries(after: String, limit: Int, now: Instant) throws -> String? {
    let subjects = try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT subject FROM deadline WHERE kind = 'horizon' AND subject > ? ORDER BY subject LIMIT ?"),
      arguments: [after, limit])
    guard let last = subjects.last else { return nil }
    try db.cachedStatement(
      sql: """
        UPDATE deadline SET wake_at = min(wake_at, ?) WHERE kind = 'horizon' AND subject > ? AND subject <= ?
        """
    ).execute(arguments: [now.seconds, after, last])
    return subjects.count == limit ? last : nil
  }

  private func setNextDate(_ date: CivilDate?, series id: Int64) throws {
    try db.cachedStatement(sql: "UPDATE follow_up SET next_date = ? WHERE id = ?")
      .execute(arguments: [date?.description, id])
  }

  /// How many dates are open or confirmed, and the latest of them.
  private func openDates(series id: Int64) throws -> (count: Int, latest: Instant) {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT count(*), max(anchor_at) FROM occurrence
          WHERE follow_up_id = ? AND status IN ('open', 'confirmed')
          """), arguments: [id])
    guard let row, let latest: Int64 = row[1] else { return (0, .distantPast) }
    return (row[0], Instant(latest))
  }

  // MARK: One date of many

  package func occurrence(followUp id: Int64, key: String) throws -> Occurrence? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM occurrence WHERE follow_up_id = ? AND key = ?"),
      arguments: [id, key]
    ).map { try record($0) }
  }

  /// The one that the follow-up's id means: the earliest that is not over; if all are, the last.
  package func meantOccurrence(followUp id: Int64) throws -> Occurrence? {
    let open = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT * FROM occurrence WHERE follow_up_id = ? AND status IN ('open', 'confirmed')
          ORDER BY anchor_at, key LIMIT 1
          """), arguments: [id])
    let meant =
      try open
      ?? Row.fetchOne(
        db.cachedStatement(
          sql: "SELECT * FROM occurrence WHERE follow_up_id = ? ORDER BY anchor_at DESC, key DESC LIMIT 1"),
        arguments: [id])
    return try meant.map { try record($0) }
  }

  /// The last `limit` dates of a follow-up and the one that its id means, by when they are due.
  package func latestOccurrences(followUp id: Int64, limit: Int) throws -> [Occurrence] {
    var found: [Occurrence] = try records(
      Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM occurrence WHERE follow_up_id = ? ORDER BY key DESC LIMIT ?"),
        arguments: [id, limit]
      ))
    if found.count == limit, let meant = try meantOccurrence(followUp: id),
      !found.contains(where: { $0.id == meant.id })
    {
      found.append(meant)
    }
    return found.sorted { ($0.anchorAt, $0.key) < ($1.anchorAt, $1.key) }
  }

  /// An occurrence's reminders, by when they were planned.
  package func listReminders(occurrence id: Int64) throws -> [ListedReminder] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT \(ListedReminder.columns) FROM occurrence o JOIN reminder r ON r.occurrence_id = o.id
          WHERE o.id = ? ORDER BY r.revision, r.planned_at, r.id
          """), arguments: [id]
    ).map { try record($0) }
  }

  /// Whether the patient knows of a date, or may: they were told of it, or something is on its way.
  package func isTold(_ occurrence: Occurrence) throws -> Bool {
    if occurrence.toldRevision != nil { return true }
    return try pendingReminders(of: occurrence.id).contains { $0.state == .claimed || $0.state == .uncertain }
  }

  /// Hands the open tasks of a follow-up to another owner, where they had the one before; what somebody took stays theirs.
  package func reassignTasks(followUp id: Int64, from owner: Owner, to new: Owner) throws {
    try db.cachedStatement(
      sql: """
        UPDATE task SET owner = ? WHERE owner = ? AND state = 'open'
          AND occurrence_id IN (SELECT id FROM occurrence WHERE follow_up_id = ?)
        """
    ).execute(arguments: [new.description, owner.description, id])
  }

  /// The open tasks of an occurrence follow its follow-up's priority: a more pressing one is due earlier, none later.
  package func setTaskPriority(_ priority: Priority, occurrence id: Int64, dueAt: Instant) throws {
    try db.cachedStatement(
      sql: """
        UPDATE task SET priority = ?, due_at = min(due_at, ?) WHERE occurrence_id = ? AND state IN ('open', 'taken')
        """
    ).execute(arguments: [priority.rank, dueAt.seconds, id])
  }
}
