import FollowUpCore
import Foundation
import GRDB
import Support
import Testing

@testable import FollowUpStore

/// What a daemon finds at its start, and refuses (promises 7, 8, 10, 12).
@Suite struct OpeningTests {
  @Test("Each commit is on the disk before it returns: WAL, synchronous FULL, foreign keys enforced")
  func durable() throws {
    let fixture = try StoreFixture()
    try fixture.store.write { (transaction: Transaction) throws -> Void in
      #expect(try Int.fetchOne(transaction.db, sql: "PRAGMA synchronous") == 2)
      #expect(try Int.fetchOne(transaction.db, sql: "PRAGMA foreign_keys") == 1)
      #expect(try Int.fetchOne(transaction.db, sql: "PRAGMA cell_size_check") == 1)
    }
    #expect(try fixture.query("PRAGMA journal_mode") == ["wal"])
    #expect(try fixture.query("PRAGMA user_version") == ["\(SQLiteStore.schema)"])
  }

  @Test("Promise 10: a second instance is refused with exit code 75, and the first goes on")
  func secondInstance() throws {
    let fixture = try StoreFixture()
    let error = #expect(throws: StoreError.self) {
      try SQLiteStore(fixture.directory, mode: .live, now: fixture.now)
    }
    #expect(error == .anotherInstance(path: fixture.directory.path))
    #expect(error?.exitCode == 75)
    #expect(throws: Never.self) { try fixture.patient() }
    #expect(try fixture.query("SELECT count(*) FROM patient") == ["1"])
  }

  @Test("The instance's number and its keys stay over a restart")
  func sameInstance() throws {
    let first = Box("")
    let folder = try leftBehind { first.value = $0.store.instance }
    let store = try open(folder)
    #expect(store.instance == first.value)
    #expect(UUID(uuidString: first.value) != nil)
    #expect(folder.names(in: "state/keys").count == 2)
  }

  @Test("Promise 12: a newer schema is refused with what to do, and the file stays as it is")
  func newer() async throws {
    let folder = try leftBehind()
    let path = folder.path("state/followupd.sqlite")
    let known = SQLiteStore.schema
    try await runOrFail("sqlite3", [path, "PRAGMA user_version = \(known + 1); PRAGMA wal_checkpoint(TRUNCATE)"])
    let before = try Data(contentsOf: URL(filePath: path))
    let error = openingError(folder)
    #expect(error == .newer(path: path, found: known + 1, known: known))
    #expect(error?.exitCode == 65)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test(
    "Promise 8: a file that is no database is refused, kept byte for byte, and the backup is named",
    arguments: [
      "garbage", "overwritten header", "empty", "missing",
    ])
  func damaged(how: String) throws {
    let folder = try leftBehind { fixture in
      try fixture.patient()
      _ = try fixture.store.write { try $0.audit(AuditRecord("AddPatient", "P:1"), by: .daemon, at: fixture.now) }
    }
    let path = folder.path("state/followupd.sqlite")
    var bytes = try Data(contentsOf: URL(filePath: path))
    switch how {
    case "garbage": bytes = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    case "overwritten header": bytes.replaceSubrange(0..<100, with: Data(repeating: 0xAA, count: 100))
    default: bytes = Data()
    }
    try bytes.write(to: URL(filePath: path))
    if how == "missing" { try FileManager.default.removeItem(atPath: path) }
    for _ in 0..<2 {
      let error = openingError(folder)
      guard case .damaged(path, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.exitCode == 65)
      #expect(error?.sentence.contains("backup") ?? false)
      #expect(FileManager.default.contents(atPath: path) == (how == "missing" ? nil : bytes))
    }
  }

  @Test(
    "Promise 7: a state directory that cannot be written is refused with exit code 73",
    arguments: [
      "under a file", "a file",
    ])
  func notWritable(how: String) throws {
    let folder = try TemporaryDirectory()
    try folder.write("file", "x")
    let path = folder.path(how == "a file" ? "file" : "file/state")
    let error = #expect(throws: StoreError.self) {
      try SQLiteStore(StateDirectory(path: path), mode: .live, now: Instant(1_795_456_800))
    }
    #expect(error?.exitCode == 73)
    #expect(error?.sentence.contains(path) ?? false)
    #expect(try folder.read("file") == "x")
  }

  @Test("A stop that was clean is told from one that was not")
  func marker() throws {
    let first = try TemporaryDirectory()
    #expect(try open(first).stoppedCleanly, "nothing ran before")
    #expect(try !open(first).stoppedCleanly, "the run before did not close")
    let store = try open(first)
    try store.close()
    #expect(try open(try leftBehind()).stoppedCleanly)
    #expect(try !open(try leftBehind(clean: false)).stoppedCleanly)
  }

  @Test("A clean stop leaves all in the one file that is copied and checked")
  func foldsIn() throws {
    let folder = try leftBehind { try $0.visit(try $0.patient()) }
    let log = FileManager.default.contents(atPath: folder.path("state/followupd.sqlite-wal"))
    #expect(log?.isEmpty ?? true)
    #expect(!folder.names(in: "state").contains("running"))
  }

  @Test("A refused start does not make an unclean stop of the one before")
  func refusedStart() async throws {
    let folder = try leftBehind()
    let path = folder.path("state/followupd.sqlite")
    try await runOrFail("sqlite3", [path, "PRAGMA user_version = 99"])
    #expect(openingError(folder) != nil)
    try await runOrFail("sqlite3", [path, "PRAGMA user_version = \(SQLiteStore.schema)"])
    #expect(try open(folder).stoppedCleanly)
  }

  @Test("Promise 6: the check finds a page that was overwritten, and a whole database is whole")
  func check() async throws {
    let folder = try leftBehind { fixture in
      for number in 1...400 { try fixture.visit(try fixture.patient("p\(number)")) }
      #expect(try fixture.store.check() == nil)
    }
    let path = folder.path("state/followupd.sqlite")
    let root = try await runOrFail("sqlite3", [path, "SELECT rootpage FROM sqlite_master WHERE name = 'reminder_due'"])
    let page = try #require(UInt64(root.trimmingCharacters(in: .whitespacesAndNewlines)))
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: (page - 1) * 4096)
    try file.write(contentsOf: Data(repeating: 0x5A, count: 4096))
    try file.close()
    let again = try open(folder)
    #expect(try again.check() != nil)
  }

  @Test("A row that refers to nothing is found by the check")
  func dangling() async throws {
    let folder = try leftBehind { try $0.visit(try $0.patient()) }
    try await runOrFail("sqlite3", [folder.path("state/followupd.sqlite"), "DELETE FROM follow_up"])
    let found = try open(folder).check()
    #expect(found?.contains("refers to nothing") ?? false)
  }

  @Test("Promise 9: an older database beside a newer head is seen as restored; the same database is not")
  func restored() throws {
    let fixture = try StoreFixture()
    func note(_ verb: String) throws {
      try fixture.store.write { _ = try $0.audit(AuditRecord(verb, "clinic"), by: .daemon, at: fixture.now) }
    }
    try note("one")
    let copy = try TemporaryDirectory()
    try FileManager.default.copyItem(atPath: fixture.folder.path("state"), toPath: copy.path("state"))
    try note("two")
    try FileManager.default.removeItem(atPath: copy.path("state/head"))
    try FileManager.default.copyItem(atPath: fixture.folder.path("state/head"), toPath: copy.path("state/head"))
    #expect(try open(copy).restored)
    let same = try TemporaryDirectory()
    try FileManager.default.copyItem(atPath: fixture.folder.path("state"), toPath: same.path("state"))
    #expect(try !open(same).restored)
  }

  @Test("A head that lags after a power cut, or is missing, says nothing", arguments: ["older", "missing", "garbage"])
  func lagging(how: String) throws {
    let fixture = try StoreFixture()
    func note(_ verb: String) throws {
      try fixture.store.write { _ = try $0.audit(AuditRecord(verb, "clinic"), by: .daemon, at: fixture.now) }
    }
    try note("one")
    let old = try fixture.folder.read("state/head")
    try note("two")
    let copy = try TemporaryDirectory()
    try FileManager.default.copyItem(atPath: fixture.folder.path("state"), toPath: copy.path("state"))
    switch how {
    case "older": try copy.write("state/head", old)
    case "missing": try FileManager.default.removeItem(atPath: copy.path("state/head"))
    default: try copy.write("state/head", "?")
    }
    #expect(try !open(copy).restored)
  }

  @Test("A transaction that throws changes nothing, its audit record included")
  func rollsBack() throws {
    struct Trouble: Error {}
    let fixture = try StoreFixture()
    let head = try fixture.folder.read("state/head")
    #expect(throws: Trouble.self) {
      try fixture.store.write { transaction in
        _ = try transaction.insert(Patient(ref: "p1", name: "Ann", now: fixture.now))
        try transaction.audit(AuditRecord("AddPatient", "P:1"), by: .daemon, at: fixture.now)
        throw Trouble()
      }
    }
    #expect(try fixture.query("SELECT count(*) FROM patient") == ["0"])
    #expect(try fixture.query("SELECT count(*) FROM audit") == ["0"])
    #expect(try fixture.folder.read("state/head") == head)
  }

  @Test(
    "Each reason not to open has its exit code and says what to do",
    arguments: [
      (StoreError.notWritable(path: "/x", why: "w"), Int32(73)), (.anotherInstance(path: "/x"), 75),
      (.damaged(path: "/x", why: "w"), 65), (.newer(path: "/x", found: 2, known: 1), 65), (.keyMissing(path: "/x"), 65),
      (.notDurable(found: 1), 70), (.failed(why: "w"), 70),
    ])
  func codes(error: StoreError, code: Int32) {
    #expect(error.exitCode == code)
    #expect(error.sentence.contains(": "))
  }
}

/// A value that a closure sets.
final class Box<Value> {
  var value: Value

  init(_ value: Value) { self.value = value }
}
