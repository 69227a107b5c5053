import FollowUpCore
import FollowUpService
import Foundation
import Testing

/// A folder of `Tests/Fixtures/config` with a `followupd.toml`, as it lies in `/etc/followupd`.
struct ConfigurationFixture: Sendable, CustomTestStringConvertible {
  var name: String
  var path: String

  var testDescription: String { name }
  var file: String { path + "/followupd.toml" }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  func read() throws(ConfigurationError) -> Settings {
    try ConfigurationReader(zones: FixtureZones()).read(file: file)
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// What `interface.md` prints, to the letter.
  static let interface = ConfigurationFixture(name: "interface", path: root + "/Tests/Fixtures/interface")

  static func named(_ name: String) -> ConfigurationFixture {
    ConfigurationFixture(name: name, path: root + "/Tests/Fixtures/config/" + name)
  }

  static func folders(of folder: String) -> [ConfigurationFixture] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: named(folder).path)) ?? []
    return names.sorted().map { named(folder + "/" + $0) }
  }
}
