/// Where zones come from (R3): the system's files, or a table in a test.
package protocol ZoneSource: Sendable {
  func zone(named name: String) throws(ZoneError) -> Zone
  /// The release of the zone data, such as `2026f`; nil where the files do not say.
  var version: String? { get }
  /// A hash of all rules: the same as long as no zone's rules change, over restarts and reinstallations. While the files
  /// are others than those that zones were read from, it is nobody's.
  var fingerprint: UInt64 { get }
  /// Another number each time that the files were read again: what was computed under another may be wrong.
  var generation: Int { get }
  /// Reads the files again if they changed. Zones that were given out before keep the rules that they had.
  /// - Parameter name: a zone without which nothing could be planned; if it cannot be read, the rules read before stay.
  func reloadIfChanged(needing name: String) -> ZoneReload
  /// What the files say now: itself as long as they did not change.
  var asOnDisk: any ZoneSource { get }
}

/// What a look at the zone files found.
package enum ZoneReload: Sendable, Equatable {
  case unchanged
  /// Their rules are in force.
  case reloaded
  /// The zone that is needed most cannot be read: what was read before stays in force.
  case unusable(ZoneError)
}

/// A source that never changes.
extension ZoneSource {
  package var fingerprint: UInt64 { stableHash(version ?? "") }
  package var generation: Int { 0 }
  package func reloadIfChanged(needing name: String) -> ZoneReload { .unchanged }
  package var asOnDisk: any ZoneSource { self }
}
