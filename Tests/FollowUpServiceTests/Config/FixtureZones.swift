import FollowUpCore

/// A table of zones that exist, in place of the machine's files: what is tested is whether the reader asks.
struct FixtureZones: ZoneSource {
  var names: Set<String> = ["UTC", "America/Vancouver", "Europe/Berlin"]
  var version: String? { nil }

  func zone(named name: String) throws(ZoneError) -> Zone {
    guard names.contains(name) else { throw .unknown(name: name, suggestion: "America/Vancouver") }
    return .utc
  }
}
