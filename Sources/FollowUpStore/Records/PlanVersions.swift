package import FollowUpCore
internal import GRDB
internal import Synchronization

/// The plan versions that reminders point to, decoded once each: they never change.
final class PlanVersions: Sendable {
  private let decoded = Mutex<[Int64: Plan]>([:])

  subscript(id: Int64) -> Plan? { decoded.withLock { $0[id] } }

  /// Of committed rows alone: the id of one that was rolled back goes to another plan.
  func keep(_ plans: [Int64: Plan]) {
    if !plans.isEmpty { decoded.withLock { $0.merge(plans) { _, new in new } } }
  }
}

extension Transaction {
  /// The version of a plan's text, stored at its first use.
  package func planVersion(of plan: Plan, now: Instant) throws -> Int64 {
    let text = try plan.stored()
    let digest = Transaction.digest(text)
    if let id = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM plan_version WHERE name = ? AND digest = ?"),
      arguments: [plan.name, digest])
    {
      return id
    }
    try db.execute(
      sql: "INSERT INTO plan_version (name, digest, definition, loaded_at) VALUES (?, ?, ?, ?)",
      arguments: [plan.name, digest, text, now.seconds])
    return db.lastInsertedRowID
  }

  /// Nil if there is none of that id, or its text does not parse.
  package func plan(version id: Int64) throws -> Plan? {
    if let known = decodedPlans[id] ?? planVersions[id] { return known }
    guard
      let text = try String.fetchOne(
        db.cachedStatement(sql: "SELECT definition FROM plan_version WHERE id = ?"), arguments: [id]),
      let plan = try? Plan(stored: text)
    else { return nil }
    decodedPlans[id] = plan
    return plan
  }

  /// The newest stored text of a plan that the configuration has no more.
  package func latestPlan(named name: String) throws -> Plan? {
    let id = try Int64.fetchOne(
      db, sql: "SELECT id FROM plan_version WHERE name = ? ORDER BY id DESC LIMIT 1", arguments: [name])
    return try id.flatMap { try plan(version: $0) }
  }
}
