import FollowUpCore
import FollowUpSystem
import FoundationEssentials
import Testing

@Suite struct SystemZonesTests {
  /// The zone files of the worked cases.
  static let fixtures =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    + "/Fixtures/vectors/zoneinfo"

  /// A zoneinfo folder of a test's own, removed with it.
  final class Folder: Sendable {
    let path: String
    private var files: FileManager { .default }

    init() throws {
      path = "\(FileManager.default.temporaryDirectory.path)/zones-\(UUID().uuidString)"
      try files.createDirectory(atPath: "\(path)/Europe", withIntermediateDirectories: true)
      try put("Berlin", at: "Europe/Berlin")
      try write("# version 2026f\n# more\n", at: "tzdata.zi")
    }

    deinit { try? files.removeItem(atPath: path) }

    func put(_ city: String, at name: String) throws {
      try replace(name, by: Data(contentsOf: URL(filePath: "\(fixtures)/Europe/\(city)")))
    }

    func write(_ text: String, at name: String) throws { try replace(name, by: Data(text.utf8)) }

    /// As package managers do: a new file takes the old one's name.
    private func replace(_ name: String, by data: Data) throws {
      try data.write(to: URL(filePath: "\(path)/\(name)"), options: .atomic)
    }
  }

  @Test("R3: zones are those of the folder, and its version is told")
  func reads() throws {
    let folder = try Folder()
    let zones = SystemZones(folder: folder.path)
    #expect(zones.version == "2026f")
    let berlin = try zones.zone(named: "Europe/Berlin")
    #expect(berlin.name == "Europe/Berlin")
    #expect(try zones.zone(named: "Europe/Berlin") == berlin)
  }

  @Test("R3: a hash of the rules never tells of files newer than the zones that were read")
  func lateFingerprint() throws {
    let folder = try Folder()
    let zones = SystemZones(folder: folder.path)
    let berlin = try zones.zone(named: "Europe/Berlin")
    try folder.put("London", at: "Europe/Berlin")
    let late = zones.fingerprint
    #expect(try zones.zone(named: "Europe/Berlin") == berlin)
    zones.reload()
    let settled = zones.fingerprint
    #expect(late != settled)
    #expect(settled == SystemZones(folder: folder.path).fingerprint)
  }

  @Test("R3: TZDIR names the folder, else it is the system's")
  func environment() {
    #expect(SystemZones(environment: ["TZDIR": "/somewhere"]).folder == "/somewhere")
    #expect(SystemZones(environment: ["TZDIR": ""]).folder == "/usr/share/zoneinfo")
    #expect(SystemZones(environment: [:]).folder == "/usr/share/zoneinfo")
  }

  @Test("R3: the version comes from whichever file says it, else there is none")
  func versions() throws {
    let folder = try Folder()
    try FileManager.default.removeItem(atPath: "\(folder.path)/tzdata.zi")
    #expect(SystemZones(folder: folder.path).version == nil)
    try folder.write("2025c\n", at: "version")
    #expect(SystemZones(folder: folder.path).version == "2025c")
    try folder.write("2026a\n", at: "+VERSION")
    #expect(SystemZones(folder: folder.path).version == "2026a")
    #expect(SystemZones(folder: "/nonexistent").version == nil)
  }

  @Test(
    "Promise 18: what is no name of a zone is refused before any file is looked at",
    arguments: [
      "", "/", "/etc/passwd", "../zone", "Europe/../Europe/Berlin", "Europe//Berlin", "Europe/Berlin/", "Europe/.",
      ".hidden",
      "Europe/Ber lin", "Europe/Berlin\0", "Europe/Berlín", "-x", "+VERSION", "tzdata.zi",
      String(repeating: "a", count: 65),
    ])
  func badNames(name: String) throws {
    let zones = SystemZones(folder: Self.fixtures)
    #expect(throws: ZoneError.badName(String(name.prefix(64)))) { try zones.zone(named: name) }
  }

  @Test(
    "Promise 18: an unknown zone is refused with the nearest one there is",
    arguments: [
      ("Europe/Berlim", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"),
      ("Europe/Brelin", "Europe/Berlin"), ("America/Vancuver", "America/Vancouver"), ("Mars/Olympus", nil),
      ("Europe", nil),
    ])
  func unknown(name: String, suggestion: String?) throws {
    let zones = SystemZones(folder: Self.fixtures)
    #expect(throws: ZoneError.unknown(name: name, suggestion: suggestion)) { try zones.zone(named: name) }
  }

  @Test("Promise 18: a damaged zone is refused by name, and fails no other")
  func damaged() throws {
    let folder = try Folder()
    try folder.write("TZif2 cut short", at: "Europe/Paris")
    try folder.write("", at: "Europe/Madrid")
    let zones = SystemZones(folder: folder.path)
    for name in ["Europe/Paris", "Europe/Madrid"] {
      let error = #expect(throws: ZoneError.self) { try zones.zone(named: name) }
      #expect(error?.code == "damaged-zone")
      #expect(error?.sentence.contains("'\(name)'") == true)
    }
    #expect(try zones.zone(named: "Europe/Berlin").name == "Europe/Berlin")
  }

  @Test("Promise 18: a zone file that is replaced is noticed, and read anew after a reload")
  func replacedFile() throws {
    let folder = try Folder()
    let zones = SystemZones(folder: folder.path)
    let before = try zones.zone(named: "Europe/Berlin")
    #expect(!zones.filesChanged())
    try folder.put("London", at: "Europe/Berlin")
    #expect(zones.filesChanged())
    #expect(try zones.zone(named: "Europe/Berlin") == before)
    zones.reload()
    #expect(!zones.filesChanged())
    #expect(try zones.zone(named: "Europe/Berlin").fingerprint != before.fingerprint)
  }

  @Test("Promise 18: another release is noticed, even where no zone was read")
  func newRelease() throws {
    let folder = try Folder()
    let zones = SystemZones(folder: folder.path)
    try folder.write("# version 2027a\n", at: "tzdata.zi")
    #expect(zones.filesChanged())
    zones.reload()
    #expect(zones.version == "2027a")
    #expect(!zones.filesChanged())
  }

  @Test("Promise 18: a link that leads to another folder is noticed")
  func replacedFolder() throws {
    let one = try Folder()
    let other = try Folder()
    let link = "\(one.path)-link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: one.path)
    defer { try? FileManager.default.removeItem(atPath: link) }
    let zones = SystemZones(folder: link)
    _ = try zones.zone(named: "Europe/Berlin")
    #expect(!zones.filesChanged())
    try FileManager.default.removeItem(atPath: link)
    #expect(zones.filesChanged())
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other.path)
    #expect(zones.filesChanged())
    zones.reload()
    #expect(!zones.filesChanged())
  }
}
