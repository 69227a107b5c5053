package import FollowUpCore
internal import FollowUpDigest
internal import GRDB

extension Transaction {
  /// The number of a plan's text as loaded, kept the first time that it is seen.
  package func planVersion(of plan: Plan, now: Instant) throws -> Int64 {
    let definition = try plan.stored()
    let digest = planDigest(definition)
    if let known = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM plan_version WHERE name = ? AND digest = ?"),
      arguments: [plan.name, digest])
    {
      return known
    }
    try db.cachedStatement(
      sql: "INSERT INTO plan_version (name, digest, definition, loaded_at) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [plan.name, digest, definition, now.seconds])
    return db.lastInsertedRowID
  }

  /// The plan as it was when a reminder was planned from it.
  package func plan(version id: Int64) throws -> Plan? {
    try String.fetchOne(
      db.cachedStatement(sql: "SELECT definition FROM plan_version WHERE id = ?"), arguments: [id]
    ).map { try Plan(stored: $0) }
  }
}

/// Names a plan's text: the first half of its SHA-256.
package func planDigest(_ definition: String) -> String {
  hex(Array(sha256(Array(definition.utf8)).prefix(16)))
}
