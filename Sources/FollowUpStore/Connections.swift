internal import Dispatch
internal import GRDB
internal import Glibc
internal import Synchronization

/// The connections to the database: one writer, two readers. An I/O error puts them in doubt, for a COMMIT that returned one
/// may stand nevertheless (`delivery.md`, trap 2); then nothing is written before fresh ones have proved that it can be.
final class Connections: Sendable {
  private struct State {
    var pool: DatabasePool
    /// What failed, until fresh connections have written.
    var doubt: DatabaseError?
    /// What showed that the file is damaged: for good.
    var damage: DatabaseError?
  }

  private let path: String
  private let logPages: Int64
  private let waits = Waits()
  /// Shared by those who use the connections, held alone by who exchanges them.
  private let gate = DispatchQueue(label: "followupd.store", attributes: .concurrent)
  private let state: Mutex<State>

  /// How long a statement waits for a foreign writer (promise 11): two minutes, in pauses of 10 ms.
  private static let busyPause: UInt32 = 10_000
  private static let busyTries = 12_000

  /// Told, while nobody else writes, that fresh connections have written.
  private let onExchange: @Sendable () -> Void

  /// - Parameter logPages: how long the log becomes before it is folded in.
  init(path: String, logPages: Int64, onExchange: @escaping @Sendable () -> Void) throws {
    self.path = path
    self.logPages = logPages
    self.onExchange = onExchange
    state = Mutex(State(pool: try Self.open(path, logPages: logPages, waits: waits)))
  }

  /// For what only the start does, before others use them.
  var pool: DatabasePool { state.withLock { $0.pool } }

  /// A word for why nothing is written for now: `sqlite-10`; nil if all is well.
  var doubt: String? { state.withLock { $0.damage ?? $0.doubt }.map { "sqlite-\($0.resultCode.rawValue)" } }

  /// Whether a statement has waited for a foreign writer since this was asked last.
  var isWaiting: Bool { waits.count.exchange(0, ordering: .relaxed) > 0 }

  func read<T>(_ body: (Database) throws -> T) throws -> T { try use { try $0.read(body) } }

  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try settle()
    return try use { try $0.writeWithoutTransaction(body) }
  }

  func interrupt() { pool.interrupt() }
  func close() throws { try pool.close() }

  /// Ends a doubt by fresh connections that have written and synced; what was known stays readable until then. The commit
  /// overwrites what a failed one may have left in the log, so that all see the same from here on.
  /// - Throws: what still fails.
  func settle() throws {
    let (doubt, damage) = state.withLock { ($0.doubt, $0.damage) }
    if let damage { throw damage }
    guard doubt != nil else { return }
    try gate.sync(flags: .barrier) {
      guard state.withLock({ $0.doubt }) != nil else { return }
      let fresh = try Self.open(path, logPages: logPages, waits: waits)
      do {
        try fresh.writeWithoutTransaction { try $0.execute(sql: "UPDATE instance SET created_at = created_at") }
        onExchange()
      } catch {
        try? fresh.close()
        throw error
      }
      let old = state.withLock { state in
        defer { (state.pool, state.doubt) = (fresh, nil) }
        return state.pool
      }
      try? old.close()
    }
  }

  /// The file does not hold what was written to it, or what it holds is no database.
  func condemn(_ error: DatabaseError) {
    state.withLock { state in
      guard state.damage == nil else { return }
      state.damage = error
      // Never closed: the last to close would copy what the log holds into the file, which stays as it is.
      _ = Unmanaged.passRetained(state.pool)
    }
  }

  private func use<T>(_ body: (DatabasePool) throws -> T) throws -> T {
    try gate.sync {
      do { return try body(pool) } catch let error as DatabaseError {
        switch error.resultCode {
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN: state.withLock { $0.doubt = error }
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: condemn(error)
        default: break
        }
        throw error
      }
    }
  }

  private static func open(_ path: String, logPages: Int64, waits: Waits) throws -> DatabasePool {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .callback { tries in
      waits.count.add(1, ordering: .relaxed)
      usleep(busyPause)
      return tries < busyTries
    }
    configuration.maximumReaderCount = 2
    configuration.foreignKeysEnabled = true
    configuration.label = "followupd"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -4000")
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(logPages)")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    // After `prepareDatabase` the pool sets NORMAL, which loses acknowledged commits on a power cut.
    let synchronous = try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      return try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
    }
    guard synchronous == 2 else { throw StoreError.notDurable(found: synchronous) }
    return pool
  }
}

/// Pauses made while a foreign writer held the database.
private final class Waits: Sendable {
  let count = Atomic(0)
}
