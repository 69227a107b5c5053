package import FollowUpCore
internal import GRDB

extension Transaction {
  /// Those in force, the oldest first.
  package func openHolds() throws -> [Hold] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM hold WHERE released_at IS NULL ORDER BY id"))
      .map { try Hold($0) }
  }

  /// In force or not.
  package func hold(id: Int64) throws -> Hold? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM hold WHERE id = ?"), arguments: [id]).map { try Hold($0) }
  }

  package func isReleased(hold id: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT released_at IS NOT NULL FROM hold WHERE id = ?"), arguments: [id]) ?? true
  }

  /// Pauses sending, and notes when that ends by itself. Returns the hold's number.
  package func insert(_ hold: Hold) throws -> Int64 {
    try db.cachedStatement(
      sql: "INSERT INTO hold (kind, subject, until, reason, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      hold.kind.rawValue, hold.subject, hold.until?.seconds, hold.reason, hold.createdAt.seconds, hold.createdBy,
    ])
    let id = db.lastInsertedRowID
    if let until = hold.until {
      try db.cachedStatement(
        sql: "INSERT INTO deadline (kind, subject, due_at, wake_at) VALUES ('hold-end', ?, ?, ?)"
      ).execute(arguments: [SubjectID.hold(id), until.seconds, until.seconds])
    }
    return id
  }

  /// Ends a hold and its deadline; what it parked is the caller's to wake.
  package func release(hold id: Int64, by staff: String, now: Instant) throws {
    try db.cachedStatement(
      sql: "UPDATE hold SET released_at = ?, released_by = ? WHERE id = ? AND released_at IS NULL"
    ).execute(arguments: [now.seconds, staff, id])
    try db.cachedStatement(sql: "DELETE FROM deadline WHERE kind = 'hold-end' AND subject = ?")
      .execute(arguments: [SubjectID.hold(id)])
  }
}
