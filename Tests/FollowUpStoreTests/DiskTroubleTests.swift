import FollowUpCore
import Foundation
import GRDB
import Glibc
import Support
import Testing

@testable import FollowUpStore

extension SQLiteStore {
  /// Folds all of the log into the database, so that the next commit begins it anew.
  fileprivate func checkpoint() throws {
    try runOutside(directory.database, "PRAGMA wal_checkpoint(RESTART)")
  }

  private func runOutside(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: sql) }
    // Left open: a file closed here would take the store's locks with it.
    _ = Unmanaged.passRetained(queue)
  }
}

/// What becomes of the store when the disk fails, fills up or lies (promises 4 to 6).
@Suite struct DiskTroubleTests {
  private let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  private func fail(_ code: ResultCode) {
    #expect(throws: DatabaseError.self) {
      try fixture.store.write { _ in throw DatabaseError(resultCode: code) }
    }
  }

  @Test("Promise 40: a log that cannot be opened for now is no damage: the next write opens the database anew")
  func logNotOpened() throws {
    try fixture.patient("p1")
    let log = fixture.store.directory.database + "-wal"
    #expect(rename(log, log + ".away") == 0)
    // As short of descriptors or memory: there, and not to be opened.
    #expect(symlink(log, log) == 0)
    #expect(throws: DatabaseError.self) { try fixture.patient("p2") }
    #expect(fixture.store.doubt == "sqlite-14")
    #expect(unlink(log) == 0 && rename(log + ".away", log) == 0)
    try fixture.store.settle()
    #expect(fixture.store.doubt == nil)
    try fixture.patient("p3")
    #expect(try fixture.query("SELECT ref FROM patient ORDER BY ref") == ["p1", "p2", "p3"])
  }

  @Test("Promise 4: after an I/O error what is known can be read, and the next write opens the database anew")
  func opensAnew() throws {
    try fixture.patient()
    fail(.SQLITE_IOERR)
    #expect(fixture.store.doubt == "sqlite-10")
    #expect(try fixture.store.read { try $0.patient(id: 1) }?.ref == "p1")
    #expect(fixture.store.doubt == "sqlite-10", "a read proves nothing")
    try fixture.patient("p2")
    #expect(fixture.store.doubt == nil)
    try fixture.store.write { (transaction: Transaction) throws -> Void in
      #expect(try Int.fetchOne(transaction.db, sql: "PRAGMA synchronous") == 2)
      #expect(try Int.fetchOne(transaction.db, sql: "PRAGMA foreign_keys") == 1)
    }
    #expect(try fixture.query("SELECT ref FROM patient ORDER BY id") == ["p1", "p2"])
  }

  @Test("Promise 4: as long as the database cannot be written nothing is, and the doubt stays")
  func staysInDoubt() throws {
    fail(.SQLITE_IOERR)
    try fixture.store.read { _ in }
    // Whoever holds the file's name keeps fresh connections from opening it.
    let path = fixture.directory.database
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: DatabaseError.self) { try fixture.store.settle() }
    #expect(throws: DatabaseError.self) { try fixture.store.write { _ in } }
    #expect(fixture.store.doubt == "sqlite-10")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    try fixture.store.settle()
    #expect(fixture.store.doubt == nil)
    try fixture.patient()
    #expect(try fixture.query("SELECT count(*) FROM patient") == ["1"])
  }

  @Test("Promise 6: a damaged database is not written to any more, however often it is asked", arguments: [1, 3])
  func damaged(times: Int) throws {
    try fixture.patient()
    fail(.SQLITE_CORRUPT)
    for _ in 0..<times {
      let error = #expect(throws: DatabaseError.self) { try fixture.patient("p2") }
      #expect(error.map(SQLiteStore.isDamage) == true)
    }
    #expect(try fixture.query("SELECT count(*) FROM patient") == ["1"])
  }

  @Test("Promise 6: a commit counts once all of it is in the log; what is missing or other than written is found")
  func readsBack() throws {
    let log = LogCheck(database: fixture.directory.database)
    #expect(try log.hasAdvanced(), "the start's own commits")
    #expect(try !log.hasAdvanced(), "nothing new")
    try fixture.patient()
    #expect(try log.hasAdvanced())
    try fixture.patient("p2")
    // One bit of the last page.
    let path = fixture.directory.database + "-wal"
    let file = try FileHandle(forUpdating: URL(filePath: path))
    let end = try file.seekToEnd()
    try file.seek(toOffset: end - 100)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    func put(_ byte: UInt8) throws {
      try file.seek(toOffset: end - 100)
      try file.write(contentsOf: Data([byte]))
    }
    try put(byte ^ 1)
    #expect(try !log.hasAdvanced())
    try put(byte)
    #expect(try log.hasAdvanced())
    try file.close()
  }

  @Test("Promise 6: a log that begins anew is read from its beginning")
  func beginsAnew() throws {
    let log = LogCheck(database: fixture.directory.database)
    #expect(try log.hasAdvanced())
    for round in 0..<3 {
      try fixture.store.checkpoint()
      try fixture.patient("r\(round)")
      #expect(try log.hasAdvanced(), "round \(round)")
      #expect(try !log.hasAdvanced())
    }
  }

  @Test("Promise 5: the ballast takes real room, is given up on a full disk, and comes back where there is room")
  func ballast() throws {
    let path = fixture.directory.ballast
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(Int(status.st_blocks) * 512 >= Int(status.st_size) && status.st_size >= 65_536)
    #expect(!fixture.store.ballast.isLow)
    fail(.SQLITE_FULL)
    #expect(fixture.store.ballast.isLow)
    #expect(stat(path, &status) != 0)
    // The next write looks.
    try fixture.patient()
    #expect(!fixture.store.ballast.isLow)
    #expect(stat(path, &status) == 0)
  }

  @Test("Promise 5: a ballast of another length is made anew")
  func otherLength() throws {
    let folder = try TemporaryDirectory()
    try folder.write("state/ballast", "short")
    let ballast = Ballast(StateDirectory(path: folder.path("state")))
    #expect(!ballast.isLow)
    #expect(try Data(contentsOf: URL(filePath: folder.path("state/ballast"))).count >= 65_536)
  }

  @Test(
    "Promise 9: a mark of sending is ahead where more was claimed, or where claims had their outcome",
    arguments: [
      (SendingMark(lastAttempt: 2, open: 0), SendingMark(lastAttempt: 1, open: 0), true),
      (SendingMark(lastAttempt: 2, open: 2), SendingMark(lastAttempt: 1, open: 0), true),
      (SendingMark(lastAttempt: 2, open: 0), SendingMark(lastAttempt: 2, open: 1), true),
      (SendingMark(lastAttempt: 2, open: 1), SendingMark(lastAttempt: 2, open: 1), false),
      (SendingMark(lastAttempt: 2, open: 2), SendingMark(lastAttempt: 2, open: 1), false),
      (SendingMark(lastAttempt: 1, open: 0), SendingMark(lastAttempt: 2, open: 1), false),
    ])
  func marks(one: SendingMark, other: SendingMark, isAhead: Bool) {
    #expect(one.isAhead(of: other) == isAhead)
  }

  @Test("A mark that is missing, empty or garbage says nothing", arguments: ["", "0", "x y", "1 2 3", "\0\0\0\0"])
  func noMark(text: String) throws {
    let folder = try TemporaryDirectory()
    try folder.write("mark", text)
    let file = try LineFile<SendingMark>(folder.path("mark"))
    #expect(file.read() == nil)
    file.write(SendingMark(lastAttempt: 7, open: 2))
    #expect(file.read() == SendingMark(lastAttempt: 7, open: 2))
  }
}
