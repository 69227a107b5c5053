package import FollowUpCore
internal import GRDB

extension Transaction {
  /// Notes that a member of the staff has acted, the first time.
  package func noteStaff(_ name: String, now: Instant) throws {
    try db.cachedStatement(sql: "INSERT INTO staff (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
      .execute(arguments: [name, now.seconds])
  }
}
