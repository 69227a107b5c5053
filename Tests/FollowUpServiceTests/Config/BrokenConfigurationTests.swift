import FollowUpService
import Foundation
import Testing

/// Each folder of `Tests/Fixtures/config/broken` is wrong in a way of its own; its `expected.txt` holds the faults.
@Suite struct BrokenConfigurationTests {
  static let fixtures = ConfigurationFixture.folders(of: "broken")

  @Test("There are the broken configurations that the tests below are about")
  func count() {
    #expect(Self.fixtures.count >= 30)
  }

  @Test("A broken configuration is refused with all of its faults, each with file and line", arguments: fixtures)
  func refused(_ fixture: ConfigurationFixture) throws {
    let expected = try fixture.text("expected.txt").split(separator: "\n").map(String.init)
    let error = #expect(throws: ConfigurationError.self) { try fixture.read() }
    let found = (error?.faults ?? []).map { $0.description.replacingOccurrences(of: fixture.path + "/", with: "") }
    #expect(found == expected)
  }

  @Test("Every broken configuration fails for a reason of its own")
  func reasons() throws {
    var seen: [String: String] = [:]
    for fixture in Self.fixtures where !fixture.name.contains("many") {
      let text = try fixture.text("expected.txt")
      #expect(seen.updateValue(fixture.name, forKey: text) == nil, "\(fixture.name)")
      #expect(text.split(separator: "\n").count <= 3, "\(fixture.name)")
    }
  }
}
