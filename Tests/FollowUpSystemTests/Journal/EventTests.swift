import FollowUpSystem
import Foundation
import Testing

@Suite struct EventTests {
  /// One entry of the catalog file.
  struct Entry {
    var id: String
    var head: [String: String]
    var body: String
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardizedFileURL
  static let catalog = root.appending(path: "systemd/followupd.catalog")

  func entries() throws -> [Entry] {
    let text = try String(contentsOf: Self.catalog, encoding: .utf8)
    return text.components(separatedBy: "\n-- ").dropFirst().map { part in
      let blocks = part.components(separatedBy: "\n\n")
      var lines = blocks[0].components(separatedBy: "\n")
      let id = lines.removeFirst()
      let head = Dictionary(
        lines.map { line in
          let pair = line.components(separatedBy: ": ")
          return (pair[0], pair.dropFirst().joined(separator: ": "))
        }, uniquingKeysWith: { first, _ in first })
      return Entry(id: id, head: head, body: blocks.dropFirst().joined(separator: "\n\n"))
    }
  }

  @Test("Every event has one entry in the catalog, and the catalog has no other")
  func eachExplained() throws {
    let ids = try entries().map(\.id)
    #expect(ids.sorted() == Event.all.map(\.id).sorted())
    #expect(Set(ids).count == ids.count)
  }

  @Test("Every entry names its maker, has a subject of one line, and says what to do", arguments: Event.all)
  func entryIsUseful(event: Event) throws {
    let entry = try #require(try entries().first { $0.id == event.id })
    #expect(entry.head["Defined-By"] == "followupd")
    #expect(try #require(entry.head["Subject"]).count < 72)
    #expect(entry.body.contains("What to do:") || entry.body.contains("Nothing has to be done"))
    #expect(entry.body.components(separatedBy: "\n").allSatisfy { $0.count <= 84 })
  }

  @Test("What the catalog fills in are fields that a line can carry", arguments: Event.all)
  func placeholdersAreFields(event: Event) throws {
    let entry = try #require(try entries().first { $0.id == event.id })
    let names = entry.body.matches(of: /@([A-Z_]+)@/).map { String($0.1) }
    for name in names { #expect(JournalField(rawValue: name) != nil, "\(name)") }
  }

  @Test("Identifiers are 128 random bits in lower-case hexadecimal, and no two events share name or identifier")
  func identities() {
    for event in Event.all { #expect(event.id.wholeMatch(of: /[0-9a-f]{32}/) != nil) }
    #expect(Set(Event.all.map(\.id)).count == Event.all.count)
    #expect(Set(Event.all.map(\.name)).count == Event.all.count)
    for event in Event.all { #expect(event.name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil) }
  }

  @Test("A sentence is filled with fields only, and a missing one shows as a dash", arguments: Event.all)
  func sentences(event: Event) {
    let names = event.sentence.matches(of: /\{([A-Z_]*)\}/).map { String($0.1) }
    for name in names { #expect(JournalField(rawValue: name) != nil, "\(name)") }
    #expect(!event.text([:]).contains("{"))
  }

  @Test("Values stand where the sentence names them")
  func filled() {
    #expect(
      Event.channelHeld.text([.channel: "email", .reason: "535"]) == "channel email is held: 535")
  }

  @Test("journalctl accepts the catalog and finds every event in it")
  func journalctlAccepts() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "catalog-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let source = root.appending(path: "usr/lib/systemd/catalog")
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      at: root.appending(path: "var/lib/systemd/catalog"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Self.catalog, to: source.appending(path: "followupd.catalog"))
    let update = try run(["--root=\(root.path)", "--update-catalog"])
    #expect(update.status == 0)
    #expect(update.output.isEmpty)
    let list = try run(["--root=\(root.path)", "--list-catalog"]).output
    for event in Event.all { #expect(list.contains("\(event.id) followupd: ")) }
  }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/journalctl")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
