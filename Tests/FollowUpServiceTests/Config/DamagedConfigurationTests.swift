import FollowUpCore
import Testing

@testable import FollowUpService

/// Files as an editor, a disk or a tired person leaves them.
@Suite struct DamagedConfigurationTests {
  @Test("A damaged file is read or refused, and never brings the program down", arguments: 1...40)
  func damaged(seed: UInt64) throws {
    var random = Sequential(state: seed)
    let original = Array(try ConfigurationFixture.named("full").text("followupd.toml").utf8)
    for round in 0..<10 {
      var bytes = original
      for _ in 0...Int.random(in: 0...3, using: &random) {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...127, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(Array("[]{}\"'=.#\n,\\".utf8).randomElement(using: &random) ?? 0, at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 0..<200, using: &random)))
        }
      }
      let log = FaultLog()
      let text = String(decoding: bytes, as: UTF8.self)
      guard let node = TOMLDocument.parse(text, file: "f", log: log) else {
        #expect(log.faults.count == 1, "seed \(seed), round \(round)")
        continue
      }
      let section = Section(file: "f", log: log, node: node)
      _ = SettingsReader(file: "f", log: log, zones: FixtureZones()).read(section)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(log.faults.allSatisfy { (1...lines).contains($0.line) }, "seed \(seed), round \(round)")
    }
  }

  @Test("Nesting without end is refused")
  func nesting() {
    for text in [String(repeating: "[", count: 100_000), "a = " + String(repeating: "[", count: 100_000)] {
      let log = FaultLog()
      #expect(TOMLDocument.parse(text, file: "f", log: log) == nil)
      #expect(log.faults.count == 1)
    }
  }
}

/// Repeatable randomness (SplitMix64): a failure names its seed.
private struct Sequential: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
