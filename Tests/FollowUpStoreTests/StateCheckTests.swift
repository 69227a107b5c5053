import FollowUpCore
import Foundation
import GRDB
import Support
import Testing

@testable import FollowUpStore

/// The states that the tables take are those of the rules, however their checks are spelt (migration 007).
@Suite struct StateCheckTests {
  private static let message = """
    INSERT INTO message (identity, message_header, recipient, channel, adapter, mode, language, created_at, state, final_at)
    VALUES (hex(randomblob(8)), '', 'patient', 'email', 'smtp', 'live', 'en', 0, ?, ?)
    """
  private static let attempt = """
    INSERT INTO attempt (message_id, n, invocation, state, send_by, claimed_at) VALUES (abs(random()), 1, '', ?, 0, 0)
    """
  private static let reminder = """
    INSERT INTO reminder (occurrence_id, revision, kind, step, state, priority, intended_at, planned_at, expires_at,
      updated_at) VALUES (abs(random()), 1, 'step', 's', ?, ?, 0, 0, 0, 0)
    """

  private func migrated() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(configuration: configuration)
    try Migrations.migrate(queue, path: ":memory:")
    return queue
  }

  @Test("A table takes each state of the rules and no other word")
  func states() throws {
    try migrated().write { (db: Database) throws -> Void in
      for state in MessageState.allCases {
        let ended = state.isFinal ? 1 : nil
        try db.execute(sql: Self.message, arguments: [state.rawValue, ended])
        #expect(throws: DatabaseError.self, "\(state) that has ended or has not") {
          try db.execute(sql: Self.message, arguments: [state.rawValue, state.isFinal ? nil : 1])
        }
      }
      for state in AttemptState.allCases { try db.execute(sql: Self.attempt, arguments: [state.rawValue]) }
      for state in ReminderState.allCases { try db.execute(sql: Self.reminder, arguments: [state.rawValue, 2]) }
      for priority in [0, 1, 2] { try db.execute(sql: Self.reminder, arguments: ["planned", priority]) }
      for priority in [-1, 3] {
        #expect(throws: DatabaseError.self) { try db.execute(sql: Self.reminder, arguments: ["planned", priority]) }
      }
      for word in ["", "sent ", "Sent", "unknown"] {
        #expect(throws: DatabaseError.self) { try db.execute(sql: Self.message, arguments: [word, 1]) }
        #expect(throws: DatabaseError.self) { try db.execute(sql: Self.message, arguments: [word, nil]) }
        #expect(throws: DatabaseError.self) { try db.execute(sql: Self.attempt, arguments: [word]) }
        #expect(throws: DatabaseError.self) { try db.execute(sql: Self.reminder, arguments: [word, 2]) }
      }
      // No list in a check: SQLite would build a table of it for each row.
      for table in ["message", "attempt", "reminder"] {
        let sql = try #require(
          try String.fetchOne(db, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [table]))
        #expect(!sql.contains("state IN"))
      }
      #expect(try String.fetchOne(db, sql: "PRAGMA integrity_check") == "ok")
    }
  }

  @Test("A database of the first schema is brought up with its rows, and a message that ended says when")
  func migratesRows() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("old.sqlite")
    let old = try DatabaseQueue(path: path)
    try old.inDatabase { (db: Database) throws -> Void in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: String(contentsOfFile: Repository.fixture("databases/schema-1.sql"), encoding: .utf8))
      try db.execute(
        sql: """
          INSERT INTO message (identity, message_header, recipient, channel, adapter, mode, language, created_at, state,
            sent_at) VALUES ('a', '', 'patient', 'email', 'smtp', 'live', 'en', 5, 'sent', 7),
            ('b', '', 'patient', 'email', 'smtp', 'live', 'en', 5, 'waiting', NULL)
          """)
    }
    let before = try old.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM reminder") }
    try old.close()
    let pool = try DatabasePool(path: path)
    try Migrations.migrate(pool, path: path)
    try pool.read { (db: Database) throws -> Void in
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM reminder") == before)
      #expect(
        try String.fetchAll(db, sql: "SELECT identity || ':' || coalesce(final_at, '-') FROM message ORDER BY 1")
          .suffix(2) == ["a:7", "b:-"])
      #expect(try String.fetchOne(db, sql: "PRAGMA integrity_check") == "ok")
    }
  }
}
