package import FollowUpCore
internal import FollowUpDigest
internal import GRDB

/// One transaction's view of the database: the queries are its extensions, a file a table. Valid only inside the closure.
package final class Transaction {
  let db: Database
  let keys: KeyRing
  /// The instance's UUID.
  package let instance: String
  /// The same as bytes: the namespace of all identities.
  let namespace: [UInt8]
  private let auditKey: String
  let stopKey: String
  let planVersions: PlanVersions
  /// Decoded in this transaction, which may yet be rolled back.
  var decodedPlans: [Int64: Plan] = [:]
  /// Looked up or stored in it, likewise.
  var versionIDs: [Plan: Int64] = [:]
  /// The keys of the stop list, once asked for.
  var stopKeys: [String]?
  /// Whether an address is on the stop list, and whether a closure is in force, once asked: most clinics have few of
  /// either, and each reminder asks.
  private var knownStops: Bool?
  private var knownClosures: Bool?
  /// The statements of the hot path that it has used, by where their texts lie.
  var prepared: [UInt: Statement] = [:]
  private(set) var head: AuditHead?
  /// An attempt was claimed, or had its outcome.
  var movesAttempts = false
  /// Rows that were met and cannot be read, or not whole; each once.
  package private(set) var unreadable: [UnreadableRow] = []

  init(
    _ db: Database, keys: KeyRing, instance: String, namespace: [UInt8], auditKey: String, stopKey: String,
    planVersions: PlanVersions
  ) {
    self.db = db
    self.keys = keys
    self.instance = instance
    self.namespace = namespace
    self.auditKey = auditKey
    self.stopKey = stopKey
    self.planVersions = planVersions
  }

  static func digest(_ text: String) -> String { hex(sha256(Array(text.utf8))) }

  /// Runs `body` so that what it throws undoes only what it did.
  package func apart(_ body: () throws -> Void) throws {
    let known = (decodedPlans, versionIDs, stopKeys, head, movesAttempts)
    do {
      try db.inSavepoint {
        try body()
        return .commit
      }
    } catch {
      // What was remembered of rows that are gone again.
      (decodedPlans, versionIDs, stopKeys, head, movesAttempts) = known
      throw error
    }
  }

  /// Runs `body` so that what it throws undoes only what it did. Returns what it threw where one row can be at fault; what
  /// concerns the whole database is thrown (promise 33).
  package func attempt(_ body: () throws -> Void) throws -> (any Error)? {
    do { try apart(body) } catch  where SQLiteStore.mayConcernRow(error) { return error }
    return nil
  }

  /// Any entry of the stop list is in force (R16).
  var hasStops: Bool {
    get throws { try known(&knownStops, "SELECT EXISTS (SELECT 1 FROM stop WHERE lifted_at IS NULL)") }
  }

  /// Any closure is in force (R20).
  var hasClosures: Bool {
    get throws { try known(&knownClosures, "SELECT EXISTS (SELECT 1 FROM closure WHERE removed_at IS NULL)") }
  }

  /// What was known of the stop list is not true any more.
  func forgetStops() { knownStops = nil }

  private func known(_ answer: inout Bool?, _ sql: String) throws -> Bool {
    if let answer { return answer }
    let found = try Bool.fetchOne(db.cachedStatement(sql: sql)) ?? false
    answer = found
    return found
  }

  func note(_ row: UnreadableRow) {
    if !unreadable.contains(row) { unreadable.append(row) }
  }

  /// Writes a change's record into this transaction (R21). Returns its sequence.
  @discardableResult
  package func audit(_ record: AuditRecord, by actor: Actor, at now: Instant) throws -> Int64 {
    let head = try AuditChain.append(
      record, by: actor, at: now, keyID: auditKey, key: keys.key(auditKey), to: db)
    self.head = head
    return head.sequence
  }
}
