import FollowUpCore
import Foundation
import GRDB
import Testing

@testable import FollowUpStore

/// The states that the tables take are those of the rules, however their checks are spelt (migration 007).
@Suite struct StateCheckTests {
  @Test("A table takes each state of the rules and no other word")
  func states() throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(configuration: configuration)
    try Migrations.migrate(queue, path: ":memory:")
    try queue.write { db in
      let tables: [(name: String, insert: String, states: [String])] = [
        (
          "message",
          """
          INSERT INTO message (identity, message_header, recipient, channel, adapter, mode, language, state, created_at)
          VALUES (hex(randomblob(8)), '', 'patient', 'email', 'smtp', 'live', 'en', ?, 0)
          """, MessageState.allCases.map(\.rawValue)
        ),
        (
          "attempt",
          "INSERT INTO attempt (message_id, n, invocation, state, send_by, claimed_at) VALUES (abs(random()), 1, '', ?, 0, 0)",
          AttemptState.allCases.map(\.rawValue)
        ),
        (
          "reminder",
          """
          INSERT INTO reminder (occurrence_id, revision, kind, step, priority, intended_at, planned_at, expires_at, state,
            updated_at) VALUES (abs(random()), 1, 'step', 's', 2, 0, 0, 0, ?, 0)
          """, ReminderState.allCases.map(\.rawValue)
        ),
      ]
      for (name, insert, states) in tables {
        #expect(states.count > 5)
        for state in states { try db.execute(sql: insert, arguments: [state]) }
        for word in ["", "sent ", "Sent", "unknown"] {
          #expect(throws: DatabaseError.self, "\(name) takes \(word)") {
            try db.execute(sql: insert, arguments: [word])
          }
        }
        // No list in a check: SQLite would build a table of it for each row.
        let sql = try #require(
          try String.fetchOne(db, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [name]))
        #expect(!sql.contains("state IN"))
      }
      #expect(throws: DatabaseError.self) { try db.execute(sql: "UPDATE reminder SET priority = 3") }
      #expect(try String.fetchOne(db, sql: "PRAGMA integrity_check") == "ok")
    }
  }
}
