package import FollowUpCore
internal import FollowUpDigest
internal import FoundationEssentials
internal import GRDB

/// The stop list (R16): by keyed hash, so that it outlives the erasure of the address.
extension Transaction {
  /// The entries in force for an address, whoever has it.
  package func stops(channel: String, normalised: String) throws -> [StopEntry] {
    let hashes = try stopHashes(channel: channel, normalised: normalised)
    return try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM stop WHERE channel = ? AND address_hash IN (\(questionMarks(hashes.count)))
          AND lifted_at IS NULL ORDER BY id
        """, arguments: [channel] + StatementArguments(hashes)
    ).map { try StopEntry($0) }
  }

  /// The entries in force for an address that bind this patient: those from which no consent of theirs excepts them.
  package func stops(channel: String, normalised: String, patient id: Int64) throws -> [StopEntry] {
    try stops(channel: channel, normalised: normalised).filter { entry in
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT 1 FROM stop_exception WHERE stop_id = ? AND patient_id = ?"),
        arguments: [entry.id, id]) == nil
    }
  }

  /// Puts an address on the stop list and forgets who was excepted before: the last word counts. False if nothing changed.
  @discardableResult
  package func addStop(
    _ kind: StopKind, channel: String, normalised: String, source: String, now: Instant
  ) throws -> Bool {
    if let entry = try stops(channel: channel, normalised: normalised).first(where: { $0.kind == kind }) {
      try db.execute(sql: "DELETE FROM stop_exception WHERE stop_id = ?", arguments: [entry.id])
      return db.changesCount > 0
    }
    forgetStops()
    try db.execute(
      sql: """
        INSERT INTO stop (kind, channel, address, address_hash, key_id, source, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        kind.rawValue, channel, normalised,
        Data(try keys.key(stopKey).code(of: stopText(channel, normalised))), stopKey, source, now.seconds,
      ])
    return true
  }

  /// Lifts what binds an address for one patient; others stay bound. Returns how many entries that concerned.
  @discardableResult
  package func exceptFromStop(
    _ kind: StopKind, channel: String, normalised: String, patient id: Int64, source: String, now: Instant
  ) throws -> Int {
    let entries = try stops(channel: channel, normalised: normalised, patient: id).filter { $0.kind == kind }
    for entry in entries {
      try db.execute(
        sql: "INSERT INTO stop_exception (stop_id, patient_id, source, created_at) VALUES (?, ?, ?, ?)",
        arguments: [entry.id, id, source, now.seconds])
    }
    return entries.count
  }

  /// One hash a key: entries made before a rotation stay in force.
  func stopHashes(channel: String, normalised: String) throws -> [Data] {
    let ids = try stopKeys ?? String.fetchAll(db, sql: "SELECT id FROM key WHERE purpose = 'stop'")
    stopKeys = ids
    let text = stopText(channel, normalised)
    return try ids.map { Data(try keys.key($0).code(of: text)) }
  }

  /// The channel's name cannot hold a NUL, so no two addresses give the same bytes.
  private func stopText(_ channel: String, _ normalised: String) -> [UInt8] {
    Array(channel.utf8) + [0] + Array(normalised.utf8)
  }
}
