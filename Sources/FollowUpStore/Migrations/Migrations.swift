internal import GRDB

/// The numbered steps from an empty file to today's schema: forward only, and none takes away what another knows.
enum Migrations {
  static let all: [(name: String, run: @Sendable (Database) throws -> Void)] = [
    ("001", Migration001.run), ("002", Migration002.run), ("003", Migration003.run), ("004", Migration004.run),
    ("005", Migration005.run), ("006", Migration006.run), ("007", Migration007.run),
  ]

  /// The schema's number, as `status` shows it; also the file's `user_version`.
  static var current: Int { all.count }

  /// Marks a SQLite file as ours ("FUPD").
  private static let applicationID = 0x4655_5044

  static func migrate(_ writer: some DatabaseWriter, path: String) throws {
    var migrator = DatabaseMigrator()
    for (index, migration) in all.enumerated() {
      migrator.registerMigration(migration.name) { db in
        try migration.run(db)
        try db.execute(sql: "PRAGMA user_version = \(index + 1)")
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      }
    }
    let superseded = try writer.read { db in
      try refuseNewer(db, path: path)
      return try migrator.hasBeenSuperseded(db)
    }
    guard !superseded else { throw StoreError.newer(path: path, found: current + 1, known: current) }
    try migrator.migrate(writer)
  }

  static func refuseNewer(_ db: Database, path: String) throws {
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard found <= current else { throw StoreError.newer(path: path, found: found, known: current) }
  }
}
