/// Where zones come from (R3): the system's files, or a table in a test.
package protocol ZoneSource: Sendable {
  func zone(named name: String) throws(ZoneError) -> Zone
  /// The release of the zone data, such as `2026f`; nil where the files do not say.
  var version: String? { get }
}
