import FollowUpCore
import Foundation
import GRDB
import Support
import Testing

@testable import FollowUpStore

/// R21: every change is recorded, and no record can be edited or removed unseen.
@Suite struct AuditTests {
  private func fixture(records: Int = 5) throws -> StoreFixture {
    let fixture = try StoreFixture()
    for number in 0..<records {
      try fixture.store.write { transaction in
        _ = try transaction.audit(
          AuditRecord("edit", "P:\(number)", ["language", "zone"]), by: Actor(uid: 1001, staff: "ana"),
          at: fixture.now + Int64(number))
      }
    }
    return fixture
  }

  @Test("R21: an untouched chain fits, an empty one too", arguments: [0, 1, 5])
  func fits(records: Int) throws {
    #expect(try fixture(records: records).store.firstAuditMisfit() == nil)
  }

  @Test(
    "Promise 43: the first record that was edited, removed, added or cut off is named",
    arguments: [
      ("UPDATE audit SET staff = 'ben' WHERE seq = 3", Int64(3)),
      ("UPDATE audit SET uid = 0 WHERE seq = 3", 3),
      ("UPDATE audit SET at = at + 1 WHERE seq = 3", 3),
      ("UPDATE audit SET verb = 'delete' WHERE seq = 3", 3),
      ("UPDATE audit SET subject = 'P:99' WHERE seq = 3", 3),
      ("UPDATE audit SET fields = 'languagez one' WHERE seq = 3", 3),
      ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 3", 3),
      ("UPDATE audit SET key_id = (SELECT id FROM key WHERE purpose = 'stop') WHERE seq = 3", 3),
      ("PRAGMA foreign_keys = OFF; UPDATE audit SET key_id = 'audit-00000000' WHERE seq = 3", 3),
      ("DELETE FROM audit WHERE seq = 3", 3),
      ("DELETE FROM audit WHERE seq = 1", 1),
      ("DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3", 3),
      ("DELETE FROM audit WHERE seq > 3", 4),
      ("DELETE FROM audit", 1),
      ("INSERT INTO audit SELECT 6, at, uid, staff, verb, subject, fields, key_id, hash FROM audit WHERE seq = 5", 6),
    ])
  func misfits(edit: String, first: Int64) async throws {
    let fixture = try fixture()
    try await runOrFail("sqlite3", [fixture.directory.database, ".timeout 5000", edit])
    #expect(try fixture.store.firstAuditMisfit() == first)
  }

  @Test("Two records whose parts run together differently have different hashes")
  func boundaries() throws {
    let fixture = try fixture(records: 0)
    let hashes = try [("ab", "c"), ("a", "bc")].map { verb, subject in
      try fixture.store.rehearse { transaction in
        _ = try transaction.audit(AuditRecord(verb, subject), by: .daemon, at: fixture.now)
        return transaction.head?.hash ?? []
      }
    }
    #expect(hashes[0] != hashes[1])
  }

  @Test("R21: the head beside the database is the last record's sequence and hash")
  func head() throws {
    let fixture = try fixture(records: 12)
    let words = try fixture.folder.read("state/head").split(whereSeparator: { $0 == " " || $0 == "\n" })
    #expect(words.count == 2)
    #expect(Int64(words[0]) == 12)
    #expect(try fixture.query("SELECT lower(hex(hash)) FROM audit WHERE seq = 12") == [String(words[1])])
  }

  @Test("R21: keys lie in keys/, which only the daemon's user may enter, each file for that user alone")
  func modes() throws {
    let fixture = try fixture()
    func mode(_ path: String) throws -> Int {
      try #require(
        try FileManager.default.attributesOfItem(atPath: fixture.folder.path(path))[.posixPermissions] as? Int)
    }
    #expect(try mode("state") == 0o700)
    #expect(try mode("state/keys") == 0o700)
    let keys = fixture.folder.names(in: "state/keys")
    #expect(keys.count == 2)
    for key in keys { #expect(try mode("state/keys/\(key)") == 0o600) }
    #expect(keys.map { $0.prefix(5) } == ["audit", "stop-"])
    #expect(try mode("state/head") == 0o600)
  }

  @Test(
    "R21: a key that is missing is refused, with its file; nothing makes another in its place",
    arguments: [
      "audit-", "stop-",
    ])
  func missingKey(purpose: String) throws {
    let folder = try leftBehind()
    let name = try #require(folder.names(in: "state/keys").first { $0.hasPrefix(purpose) })
    let key = try folder.read("state/keys/\(name)")
    try FileManager.default.removeItem(atPath: folder.path("state/keys/\(name)"))
    let error = openingError(folder)
    #expect(error == .keyMissing(path: folder.path("state/keys/\(name)")))
    #expect(error?.exitCode == 65)
    #expect(folder.names(in: "state/keys").count == 1)
    try folder.write("state/keys/\(name)", key)
    #expect(openingError(folder) == nil)
  }

  @Test("A key that is damaged is as good as missing", arguments: ["", "zz", "00ff"])
  func damagedKey(text: String) throws {
    let folder = try leftBehind()
    let name = try #require(folder.names(in: "state/keys").first)
    try folder.write("state/keys/\(name)", text)
    #expect(openingError(folder) == .keyMissing(path: folder.path("state/keys/\(name)")))
  }
}
