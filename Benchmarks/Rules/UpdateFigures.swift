import FollowUpCore
import FollowUpStore
import GRDBSQLite

/// Results of attempts recorded in batches, through the store and by the C API alone, each in a database of its own that
/// `rules.py` filled with claimed attempts 1 to `count`.
enum UpdateFigures {
  private static let now = Instant(1_795_456_800)
  private static let invocation = "0123456789abcdef"
  private static let batch = 1000

  static func measure(store folder: String, raw rawFolder: String, rounds: Int, count: Int) throws -> [String: Double] {
    let store = try SQLiteStore(StateDirectory(path: folder), mode: .live, now: now)
    let beside = try RawConnection(StateDirectory(path: folder).database)
    let raw = try RawConnection(StateDirectory(path: rawFolder).database)
    // The statement of `Transaction.finish`.
    let update = try raw.prepare(
      """
      UPDATE attempt SET state = ?, code = ?, detail = ?, finished_at = ?, invocation = '', send_by = 0
      WHERE id = ? AND message_id = ? AND invocation = ? AND state = 'claimed'
      """)
    var watch = Stopwatch()
    for _ in 0..<rounds {
      for connection in [beside, raw] {
        try connection.execute("UPDATE attempt SET state = 'claimed', invocation = '\(invocation)'")
      }
      for first in stride(from: 1, through: Int64(count), by: batch) {
        let ids = first..<first + Int64(batch)
        try watch.time("update.store", count: batch) {
          try store.write { transaction in
            for id in ids {
              let outcome = Outcome.delivered(code: "250", gatewayID: nil)
              let result = AttemptResult(messageID: id, attemptID: id, outcome: outcome)
              guard try transaction.finish(result, invocation: invocation, now: now) else { throw Failure(code: 0) }
            }
          }
        }
        try watch.time("update.raw", count: batch) {
          try raw.execute("BEGIN IMMEDIATE")
          for id in ids { try update.finish(id, at: now.seconds, invocation: invocation) }
          try raw.execute("COMMIT")
        }
      }
    }
    try store.close()
    return watch.medians
  }

  struct Failure: Error {
    var code: Int32
  }

  /// A connection with the store's settings and nothing between it and SQLite.
  private final class RawConnection {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
      try check(sqlite3_open(path, &handle))
      for setting in ["journal_mode = WAL", "synchronous = FULL", "cache_size = -4000", "cell_size_check = ON"] {
        try execute("PRAGMA \(setting)")
      }
    }

    func execute(_ sql: String) throws { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    func prepare(_ sql: String) throws -> RawUpdate {
      var statement: OpaquePointer?
      try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
      return RawUpdate(connection: handle, statement: statement)
    }

    private func check(_ code: Int32) throws { if code != SQLITE_OK { throw Failure(code: code) } }
  }

  private struct RawUpdate {
    let connection: OpaquePointer?
    let statement: OpaquePointer?

    func finish(_ id: Int64, at seconds: Int64, invocation: String) throws {
      let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      sqlite3_bind_text(statement, 1, "delivered", -1, transient)
      sqlite3_bind_text(statement, 2, "250", -1, transient)
      sqlite3_bind_null(statement, 3)
      sqlite3_bind_int64(statement, 4, seconds)
      sqlite3_bind_int64(statement, 5, id)
      sqlite3_bind_int64(statement, 6, id)
      sqlite3_bind_text(statement, 7, invocation, -1, transient)
      let code = sqlite3_step(statement)
      guard code == SQLITE_DONE, sqlite3_changes(connection) == 1 else { throw Failure(code: code) }
      sqlite3_reset(statement)
    }
  }
}
