/// Where the rules of the zones come from (R3).
package struct ZoneDataView: Codable, Equatable, Sendable {
  package var source: String
  package var version: String

  package init(source: String, version: String) {
    self.source = source
    self.version = version
  }
}
