package import FollowUpCore
internal import FollowUpDigest
internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Synchronization

/// The database: one writer, two readers, WAL, and every commit on the disk before it returns (`synchronous=FULL`).
package final class SQLiteStore: Sendable {
  package let directory: StateDirectory
  /// The instance's UUID, made once.
  package let instance: String
  private let namespace: [UInt8]
  /// False if the daemon before did not stop cleanly: the database is checked before anything is sent.
  package let stoppedCleanly: Bool
  /// The head beside the database is ahead of it: an older database was put in place.
  package let restored: Bool
  /// Room kept for when the disk is full (promise 5).
  package let ballast: Ballast
  private let connections: Connections
  private let log: LogCheck
  private let keys: KeyRing
  private let head: LineFile<AuditHead>
  private let marks: LineFile<SendingMark>
  /// Whether what stands beside the database is about this one.
  private let isKnown: Atomic<Bool>
  private let auditKey: String
  private let stopKey: String
  private let planVersions = PlanVersions()
  private let lock: InstanceLock

  package static var schema: Int { Migrations.current }

  /// Opens and migrates, or says why not. Nothing is ever created over a damaged or newer file.
  package init(_ directory: StateDirectory, mode: Mode, now: Instant) throws(StoreError) {
    self.directory = directory
    // The ballast before anything is written, for on a full disk the start needs the room; the lock before the ballast,
    // which may be another's.
    try directory.makeDirectory(directory.path)
    lock = try InstanceLock(directory)
    ballast = Ballast(directory)
    try directory.prepare()
    stoppedCleanly = SmallFile.read(directory.running) == nil
    keys = try KeyRing(directory)
    head = try LineFile(directory.head)
    marks = try LineFile(directory.mark)
    log = LogCheck(database: directory.database)
    do {
      try Self.inspect(directory.database, isKnown: head.read() != nil)
      // Its commit is taken in with it, lest it vouch for the next one.
      connections = try Connections(path: directory.database, logPages: ballast.logPages) { [log] in
        _ = try? log.hasAdvanced()
      }
      let pool = connections.pool
      try Migrations.migrate(pool, path: directory.database)
      let found = try Self.prepare(pool, keys: keys, mode: mode, now: now)
      instance = found.instance
      guard let bytes = UUIDv5.bytes(of: instance) else {
        throw StoreError.failed(why: "the instance's id is no UUID")
      }
      namespace = bytes
      auditKey = found.auditKey
      stopKey = found.stopKey
      let (inside, mark) = try pool.read { db in (try AuditChain.head(db), try Self.mark(db)) }
      let isSendingAhead = marks.read()?.isAhead(of: mark) ?? false
      if let beside = head.read() {
        let known = try pool.read { db in
          try Data.fetchOne(db, sql: "SELECT hash FROM audit WHERE seq = ?", arguments: [beside.sequence])
        }
        restored =
          isSendingAhead || beside.sequence > inside.sequence || (known.map { [UInt8]($0) != beside.hash } ?? false)
      } else {
        restored = isSendingAhead
      }
    } catch { throw Self.storeError(error, path: directory.database) }
    isKnown = Atomic(!restored)
    // What is there already is no news.
    _ = try? log.hasAdvanced()
    try SmallFile.replace(directory.running, with: [])
  }

  /// What follows from an older database is committed: what stands beside it is about this one from here on. Before that
  /// another start would find the same.
  package func restoredIsKnown() throws {
    guard !isKnown.load(ordering: .acquiring) else { return }
    let (inside, mark) = try connections.read { db in (try AuditChain.head(db), try Self.mark(db)) }
    head.write(inside)
    marks.write(mark)
    isKnown.store(true, ordering: .releasing)
  }

  /// Ends the run: after this the next start knows that it was clean.
  package func close() throws {
    // A check of every page that is under way would keep the daemon from ending in time.
    connections.interrupt()
    // The next start folds in what is left of the log.
    _ = try? connections.write { db in
      // SQLite forgets the interrupt at the next statement, and a checkpoint is none.
      _ = try Row.fetchOne(db, sql: "SELECT 1")
      try db.checkpoint(.truncate)
    }
    try connections.close()
    unlink(directory.running)
  }

  /// Runs `body` in one immediate transaction, committed, synced and read back on return. What it throws rolls everything
  /// back.
  package func write<T>(_ body: (Transaction) throws -> T) throws -> T {
    ballast.look()
    return try connections.write { db in
      let transaction = transaction(db)
      var result: T?
      var mark: SendingMark?
      do {
        try db.inTransaction(.immediate) {
          result = try body(transaction)
          if transaction.movesAttempts { mark = try Self.mark(db) }
          return .commit
        }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
        ballast.giveUp()
        throw error
      }
      // A command is about to be acknowledged, a claim to leave, or a mark of what had begun to be cleared. Other commits
      // are taken in too: they would vouch for the next one.
      let isThere: Bool
      do { isThere = try log.hasAdvanced() } catch {
        // Nothing speaks against the database: its connections are made anew (promises 4, 40).
        throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: "what was written cannot be read back")
      }
      guard transaction.head == nil && mark == nil || isThere else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "what was written is not there")
      }
      planVersions.keep(transaction.decodedPlans, ids: transaction.versionIDs)
      if isKnown.load(ordering: .acquiring) {
        if let head = transaction.head { self.head.write(head) }
        if let mark { marks.write(mark) }
      }
      guard let result else { throw StoreError.failed(why: "a transaction gave no result") }
      return result
    }
  }

  private static func mark(_ db: Database) throws -> SendingMark {
    SendingMark(
      lastAttempt: try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM attempt")) ?? 0,
      open: try Int64.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM attempt WHERE state = 'claimed'")) ?? 0)
  }

  /// Runs `body`, then rolls back whatever it did: a dry run sees what a change would do.
  package func rehearse<T>(_ body: (Transaction) throws -> T) throws -> T {
    try connections.write { db in
      let transaction = transaction(db)
      var result: T?
      try db.inTransaction(.immediate) {
        result = try body(transaction)
        return .rollback
      }
      guard let result else { throw StoreError.failed(why: "a transaction gave no result") }
      return result
    }
  }

  /// Runs `body` on a reader's snapshot.
  package func read<T>(_ body: (Transaction) throws -> T) throws -> T {
    try connections.read { db in
      let transaction = transaction(db)
      let result = try body(transaction)
      planVersions.keep(transaction.decodedPlans, ids: transaction.versionIDs)
      return result
    }
  }

  /// A word for why nothing is written for now, `sqlite-10`; nil if all is well.
  package var doubt: String? { connections.doubt }

  /// Ends what an I/O error left in doubt, or throws what still fails (promise 4).
  package func settle() throws { try connections.settle() }

  private func transaction(_ db: Database) -> Transaction {
    Transaction(
      db, keys: keys, instance: instance, namespace: namespace, auditKey: auditKey, stopKey: stopKey,
      planVersions: planVersions)
  }

  /// Reads every page: nil if the database is whole, else what SQLite found.
  package func check() throws -> String? {
    do {
      return try connections.read { db in
        let found = try String.fetchAll(db, sql: "PRAGMA quick_check(5)")
        if found != ["ok"] { return found.joined(separator: "; ") }
        return try Row.fetchOne(db, sql: "PRAGMA foreign_key_check").map {
          "a row of \($0[0] as String) refers to nothing"
        }
      }
    } catch let error as DatabaseError where Self.isDamage(error) { return error.message ?? "unreadable" }
  }

  /// Where the audit chain stops fitting, if it does (R21): a record, or the first of those that the head beside the
  /// database knows and the database does not. A restored database lacks some by its nature.
  package func firstAuditMisfit() throws -> Int64? {
    // Read before the snapshot: a commit in between moves the file's head, never the snapshot's, forward.
    let beside = restored ? nil : head.read()
    return try connections.read { db in
      if let misfit = try AuditChain.firstMisfit(db, keys: keys) { return misfit }
      let last = try AuditChain.head(db).sequence
      return beside.flatMap { $0.sequence > last ? last + 1 : nil }
    }
  }

  /// What `errors` of a transaction mean: damage ends the daemon, the rest does not.
  package static func isDamage(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
  }

  /// Whether the disk does not do what is asked: it fails, is full or may only be read (promises 4, 5).
  package static func isRefusal(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return [.SQLITE_IOERR, .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode)
  }

  /// Whether one row can be at fault, and not the disk, the file or another writer (promise 33).
  package static func mayConcernRow(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return true }
    switch error.resultCode {
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_RANGE, .SQLITE_TOOBIG, .SQLITE_ERROR: return true
    default: return false
    }
  }

  /// Whether one row is at fault for certain: the database gave it, and it means nothing (promise 33).
  package static func concernsRow(_ error: any Error) -> Bool {
    error is UnreadableRow || error is UnreadableColumn || error is ZoneError || error is RecurrenceError
  }

  /// A word for an error that tells nothing of its values: `sqlite-10` for an I/O error.
  package static func code(of error: any Error) -> String {
    if let error = error as? DatabaseError { return "sqlite-\(error.resultCode.rawValue)" }
    return "internal"
  }

  /// Whether a statement has waited for a foreign writer since this was asked last.
  package var isWaiting: Bool { connections.isWaiting }

  /// Looks at the file without writing to it, for opening it for real changes a few bytes of even a damaged or newer one.
  /// - Parameter isKnown: the head beside it tells that there was a database: an empty file is not a new one then.
  private static func inspect(_ path: String, isKnown: Bool) throws {
    guard let size = SmallFile.size(path), size > 0 else {
      if isKnown {
        throw StoreError.damaged(path: path, why: "it is empty or missing, but what stands beside it is not")
      }
      return
    }
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.read { try Migrations.refuseNewer($0, path: path) }
    try queue.close()
  }

  private static func prepare(
    _ pool: DatabasePool, keys: KeyRing, mode: Mode, now: Instant
  ) throws -> (instance: String, auditKey: String, stopKey: String) {
    try pool.write { db in
      func key(_ purpose: String) throws -> String {
        if let id = try String.fetchOne(
          db, sql: "SELECT id FROM key WHERE purpose = ? AND retired_at IS NULL", arguments: [purpose])
        {
          _ = try keys.key(id)
          return id
        }
        let id = try keys.make(purpose: purpose)
        try db.execute(
          sql: "INSERT INTO key (id, purpose, created_at) VALUES (?, ?, ?)", arguments: [id, purpose, now.seconds])
        return id
      }
      let instance: String
      if let found = try String.fetchOne(db, sql: "SELECT uuid FROM instance") {
        instance = found
      } else {
        instance = UUIDv5.make(namespace: RandomKey.make(bytes: 16), name: Array("followupd".utf8))
        try db.execute(
          sql: "INSERT INTO instance (id, uuid, mode, created_at) VALUES (1, ?, ?, ?)",
          arguments: [instance, mode.rawValue, now.seconds])
      }
      return (instance, try key("audit"), try key("stop"))
    }
  }

  private static func storeError(_ error: any Error, path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else { return .failed(why: "\(error)") }
    if isDamage(error) { return .damaged(path: path, why: error.message ?? "unreadable") }
    switch error.resultCode {
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_FULL, .SQLITE_IOERR:
      return .notWritable(path: path, why: error.message ?? "SQLite error \(error.resultCode.rawValue)")
    default: return .failed(why: error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }
}
