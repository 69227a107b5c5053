package import FollowUpCore
internal import GRDB

/// What all reminders are planned by: told from one start to the next.
extension Transaction {
  package func plannedBy() throws -> PlannedBy {
    PlannedBy(try String.fetchOne(db, sql: "SELECT planned_by FROM instance") ?? "")
  }

  /// From here until `endPlanning` rows may be by either digest: a crash in between makes the next start begin anew.
  package func beginPlanning(by digest: PlanningDigest) throws {
    var planned = try plannedBy()
    planned.isUnderWay = true
    // Nothing to tell the old rules by: the first time.
    if planned.digest == nil { planned.digest = digest }
    try db.execute(sql: "UPDATE instance SET planned_by = ?", arguments: [planned.text])
  }

  /// Everything open is planned by what is in force. Each loaded text of a plan is kept from here on.
  package func endPlanning(by replanner: Replanner, now: Instant) throws {
    for plan in replanner.settings.plans.values {
      try db.execute(
        sql: "UPDATE plan_version SET loaded_at = ? WHERE id = ?",
        arguments: [now.seconds, planVersion(of: plan, now: now)])
    }
    try closeRepaired(replanner.settings, replanner.zones, now: now)
    var planned = PlannedBy("")
    planned.digest = replanner.digest
    try db.execute(
      sql: "UPDATE instance SET planned_by = ?, zone_data = ?",
      arguments: [planned.text, replanner.zones.version ?? ""])
  }

  /// Whether anything was ever promised.
  func hasOccurrences() throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM occurrence)") ?? false
  }

  /// Active follow-ups by the plan that they use, of plans other than the `known`: the index is walked from plan to plan.
  package func plansInUse(but known: some Sequence<String>) throws -> [String: Int] {
    let used = try String.fetchAll(
      db,
      sql: """
        WITH RECURSIVE used (plan) AS (
          SELECT min(plan) FROM follow_up WHERE status = 'active'
          UNION ALL SELECT (SELECT min(plan) FROM follow_up WHERE status = 'active' AND plan > used.plan) FROM used
          WHERE used.plan IS NOT NULL)
        SELECT plan FROM used WHERE plan IS NOT NULL
        """)
    return try Set(used).subtracting(known).reduce(into: [:]) { found, plan in
      found[plan] = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM follow_up WHERE status = 'active' AND plan = ?", arguments: [plan])
    }
  }

  /// Closes the tasks of occurrences whose zones can be read again, but for those that a reminder ended in.
  private func closeRepaired(_ settings: Settings, _ zones: any ZoneSource, now: Instant) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT task.id, occurrence.zone, patient.zone FROM task JOIN occurrence ON occurrence.id = task.occurrence_id
          JOIN follow_up ON follow_up.id = occurrence.follow_up_id JOIN patient ON patient.id = follow_up.patient_id
        WHERE task.state IN ('open', 'taken') AND task.reason = 'manual' AND task.tried = ?
          AND NOT EXISTS (SELECT 1 FROM reminder
            WHERE reminder.occurrence_id = occurrence.id AND reminder.task_id = task.id)
        """, arguments: ["[\"\(Self.unreadableZone)\"]"])
    for row in rows {
      let names: [String] = [row[1], row[2] ?? settings.clinic.zone]
      guard names.allSatisfy({ (try? zones.zone(named: $0)) != nil }) else { continue }
      try db.execute(
        sql: """
          UPDATE task SET flagged = CASE state WHEN 'taken' THEN 1 ELSE flagged END,
            closed_at = CASE state WHEN 'open' THEN ? END, closed_by = CASE state WHEN 'open' THEN 'followupd' END,
            state = CASE state WHEN 'open' THEN 'closed' ELSE state END
          WHERE id = ?
          """, arguments: [now.seconds, row[0] as Int64])
    }
  }
}
