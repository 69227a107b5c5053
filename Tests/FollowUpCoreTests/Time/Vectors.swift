import FollowUpCore
import FollowUpSystem
import FoundationEssentials
import Testing

/// The worked cases: those in the folder that `$FOLLOWUP_VECTORS` names, else the copy in `Tests/Fixtures/vectors`.
enum Vectors {
  private static let copy = fixture("vectors")

  static let folder: String = {
    if let named = ProcessInfo.processInfo.environment["FOLLOWUP_VECTORS"], !named.isEmpty { return named }
    return copy
  }()

  /// The zone files that the cases need, whatever tzdata this machine has.
  private static let theirs = SystemZones(folder: "\(folder)/zoneinfo")
  /// The zone files that every other test means.
  static let zones = SystemZones(folder: "\(copy)/zoneinfo")

  /// A zone by the rules that the cases were made with.
  static func zone(_ name: String) throws -> Zone { try theirs.zone(named: name) }

  /// The rows of a file; a folder that is missing, empty or unreadable fails the test.
  static func rows<Row: Decodable>(_ file: String, of: Row.Type = Row.self) throws -> [Row] {
    try rows(at: "\(folder)/\(file)")
  }

  /// What Python said of random cases (`Tests/Fixtures/recorded`), with the zone files of our copy.
  static func recorded<Row: Decodable>(_ file: String, of: Row.Type = Row.self) throws -> [Row] {
    try rows(at: "\(fixture("recorded"))/\(file)")
  }

  private static func rows<Row: Decodable>(at path: String) throws -> [Row] {
    let bytes = try #require(FileManager.default.contents(atPath: path), "no \(path)")
    let rows = try JSONDecoder().decode([Row].self, from: bytes)
    try #require(!rows.isEmpty)
    return rows
  }

  private static func fixture(_ name: String) -> String {
    let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    return "\(tests)/Fixtures/\(name)"
  }
}

/// A zone from our copy of the cases.
func zone(_ name: String) throws -> Zone { try Vectors.zones.zone(named: name) }

/// An instant from its RFC 3339 text.
func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text), "\(text)") }

func civil(_ text: String) throws -> CivilDateTime { try #require(CivilDateTime(text), "\(text)") }
