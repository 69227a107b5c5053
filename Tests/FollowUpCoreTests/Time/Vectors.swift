import FollowUpCore
import FollowUpSystem
import FoundationEssentials
import Testing

/// The worked cases: those in the folder that `$FOLLOWUP_VECTORS` names, else the copy in `Tests/Fixtures/vectors`.
enum Vectors {
  static let folder: String = {
    if let named = ProcessInfo.processInfo.environment["FOLLOWUP_VECTORS"], !named.isEmpty { return named }
    let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    return "\(tests)/Fixtures/vectors"
  }()

  /// The zone files that the cases need, whatever tzdata this machine has.
  static let zones = SystemZones(folder: "\(folder)/zoneinfo")

  /// The rows of a file; a folder that is missing, empty or unreadable fails the test.
  static func rows<Row: Decodable>(_ file: String, of: Row.Type = Row.self) throws -> [Row] {
    let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"), "no \(folder)/\(file)")
    let rows = try JSONDecoder().decode([Row].self, from: bytes)
    try #require(!rows.isEmpty)
    return rows
  }
}

/// A zone from the cases' folder.
func zone(_ name: String) throws -> Zone { try Vectors.zones.zone(named: name) }

/// An instant from its RFC 3339 text.
func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text), "\(text)") }

func civil(_ text: String) throws -> CivilDateTime { try #require(CivilDateTime(text), "\(text)") }
