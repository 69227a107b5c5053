package import FollowUpCore
internal import GRDB
internal import Synchronization

/// The plan versions that reminders point to, decoded once each: they never change.
final class PlanVersions: Sendable {
  private struct Known {
    var plans: [Int64: Plan] = [:]
    var ids: [Plan: Int64] = [:]
  }
  private let known = Mutex(Known())

  subscript(id: Int64) -> Plan? { known.withLock { $0.plans[id] } }

  func id(of plan: Plan) -> Int64? { known.withLock { $0.ids[plan] } }

  /// Of committed rows alone: the id of one that was rolled back goes to another plan.
  func keep(_ plans: [Int64: Plan], ids: [Plan: Int64]) {
    guard !plans.isEmpty || !ids.isEmpty else { return }
    known.withLock { known in
      known.plans.merge(plans) { _, new in new }
      known.ids.merge(ids) { _, new in new }
    }
  }
}

extension Transaction {
  /// The version of a plan's text, stored at its first use.
  package func planVersion(of plan: Plan, now: Instant) throws -> Int64 {
    if let id = versionIDs[plan] ?? planVersions.id(of: plan) { return id }
    let text = try plan.stored()
    if let id = try storedVersion(of: plan, text) { return id }
    try db.execute(
      sql: "INSERT INTO plan_version (name, digest, definition, loaded_at) VALUES (?, ?, ?, ?)",
      arguments: [plan.name, Transaction.digest(text), text, now.seconds])
    let id = db.lastInsertedRowID
    versionIDs[plan] = id
    return id
  }

  /// Nil if this text was never loaded.
  func knownVersion(of plan: Plan) throws -> Int64? {
    try versionIDs[plan] ?? planVersions.id(of: plan) ?? storedVersion(of: plan, plan.stored())
  }

  private func storedVersion(of plan: Plan, _ text: String) throws -> Int64? {
    let id = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM plan_version WHERE name = ? AND digest = ?"),
      arguments: [plan.name, Transaction.digest(text)])
    if let id { versionIDs[plan] = id }
    return id
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

  /// The last loaded text of a plan that the configuration has no more.
  package func latestPlan(named name: String) throws -> Plan? {
    let id = try Int64.fetchOne(
      db, sql: "SELECT id FROM plan_version WHERE name = ? ORDER BY loaded_at DESC, id DESC LIMIT 1", arguments: [name])
    return try id.flatMap { try plan(version: $0) }
  }
}
