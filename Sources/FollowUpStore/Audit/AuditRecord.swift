internal import FollowUpCore
internal import FollowUpDigest
internal import FoundationEssentials
internal import GRDB

/// Who makes a change: the peer's uid and the staff name that they act as; the daemon itself has the word `followupd`.
package struct Actor: Sendable, Equatable {
  package var uid: UInt32
  package var staff: String

  package init(uid: UInt32, staff: String) {
    self.uid = uid
    self.staff = staff
  }

  /// The daemon itself.
  package static let daemon = Actor(uid: 0, staff: "followupd")
}

/// One record of the audit chain (R21): ids, field names and codes, never the values of personal fields.
package struct AuditRecord: Sendable, Equatable {
  package var verb: String
  /// The thing changed: `F-12@2026-12-01`, `P:17`, `H-3`, `clinic`.
  package var subject: String
  /// Names of changed fields, or `name=code` where the value is of a closed set.
  package var fields: [String]

  package init(_ verb: String, _ subject: String, _ fields: [String] = []) {
    self.verb = verb
    self.subject = subject
    self.fields = fields
  }
}

/// The chain: each hash is keyed and covers the hash before it, so that no record can be edited or removed unseen.
enum AuditChain {
  static func head(_ db: Database) throws -> AuditHead {
    guard let row = try Row.fetchOne(db, sql: "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") else {
      return .none
    }
    return AuditHead(sequence: row["seq"], hash: [UInt8](row["hash"] as Data))
  }

  static func append(
    _ record: AuditRecord, by actor: Actor, at now: Instant, keyID: String, key: KeyedHash, to db: Database
  ) throws -> AuditHead {
    let last = try head(db)
    let sequence = last.sequence + 1
    let fields = record.fields.joined(separator: " ")
    let hash = code(
      key, last.hash, sequence, now.seconds, actor.uid, actor.staff, record.verb, record.subject, fields, keyID)
    try db.cachedStatement(
      sql: """
        INSERT INTO audit (seq, at, uid, staff, verb, subject, fields, key_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      sequence, now.seconds, actor.uid, actor.staff, record.verb, record.subject, fields, keyID, Data(hash),
    ])
    return AuditHead(sequence: sequence, hash: hash)
  }

  /// The first record that does not fit, or nil; `audit verify` and the tests ask.
  static func firstMisfit(_ db: Database, keys: KeyRing) throws -> Int64? {
    var last: [UInt8] = []
    var expected: Int64 = 1
    let known = Set(try String.fetchAll(db, sql: "SELECT id FROM key"))
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM audit ORDER BY seq")
    while let row = try rows.next() {
      let sequence: Int64 = row["seq"]
      // A key that was never made is the record's fault, a lost one is ours.
      guard known.contains(row["key_id"]) else { return min(sequence, expected) }
      let key = try keys.key(row["key_id"])
      let hash = code(
        key, last, sequence, row["at"] as Int64, row["uid"] as Int64, row["staff"] as String, row["verb"] as String,
        row["subject"] as String, row["fields"] as String, row["key_id"] as String)
      let stored = [UInt8](row["hash"] as Data)
      guard sequence == expected, hash == stored else { return min(sequence, expected) }
      last = stored
      expected += 1
    }
    return nil
  }

  /// Each part is preceded by its length, so that no two records give the same bytes.
  private static func code(_ key: KeyedHash, _ last: [UInt8], _ parts: any CustomStringConvertible...) -> [UInt8] {
    var bytes = last
    for part in parts {
      let text = Array(part.description.utf8)
      bytes += Array("\(text.count):".utf8) + text
    }
    return key.code(of: bytes)
  }
}
