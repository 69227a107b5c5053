import FollowUpCore
import FoundationEssentials
import Support
import Testing

/// Whatever the bytes: a zone that answers every question, or a typed error; never a trap.
@Suite struct TZifFuzzTests {
  static let names = ["America/Vancouver", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: "\(Vectors.folder)/zoneinfo/\(name)")))
  }

  /// Asks a zone, if the bytes make one, about times far out and near.
  static func survives(_ bytes: [UInt8]) -> Bool {
    do {
      let zone = try Zone(name: "Test/Zone", tzif: bytes)
      for seconds: Int64 in [.min, -62_135_596_800, -1, 0, 1_796_000_000, 4_000_000_000, 253_402_300_799, .max] {
        let civil = zone.civil(at: Instant(seconds))
        _ = zone.instant(of: civil)
        _ = zone.abbreviation(at: Instant(seconds))
        _ = ContactHours.standard.firstAllowed(atOrAfter: Instant(seconds), before: .distantFuture, in: zone)
        _ = ContactHours.standard.lastAllowed(before: Instant(seconds), after: .distantPast, in: zone)
      }
      return true
    } catch {
      return error.code == "damaged-zone"
    }
  }

  @Test("R3: a file cut short anywhere is damaged, not a trap", arguments: names)
  func truncated(name: String) throws {
    let bytes = try Self.bytes(name)
    for count in 0..<bytes.count {
      let error = #expect(throws: ZoneError.self, "cut to \(count)") {
        try Zone(name: name, tzif: Array(bytes.prefix(count)))
      }
      #expect(error?.code == "damaged-zone")
    }
  }

  @Test("R3: a file with any bytes changed is a zone or damaged, not a trap", arguments: names)
  func corrupted(name: String) throws {
    let original = try Self.bytes(name)
    var random = SeededGenerator()
    print("seed of \(name): \(random.seed)")
    let telling: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8(ascii: "\n"), UInt8(ascii: ","), UInt8(ascii: "9")]
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        // Half of the changes in the headers, where a count can be anything.
        let index = Int.random(
          in: 0..<(Bool.random(using: &random) ? min(100, bytes.count) : bytes.count), using: &random)
        bytes[index] =
          Bool.random(using: &random)
          ? telling.randomElement(using: &random) ?? 0 : .random(in: 0 ... .max, using: &random)
      }
      #expect(Self.survives(bytes), "seed \(random.seed)")
    }
  }

  @Test("R3: noise is damaged")
  func noise() {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    for _ in 0..<2000 {
      let rest = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
      #expect(Self.survives(Array("TZif2".utf8) + rest), "seed \(random.seed)")
    }
  }

  @Test("R3: what RFC 8536 rules out is named")
  func named() {
    func reason(_ change: (inout TZifBuilder) -> Void) -> String? {
      var builder = TZifBuilder(types: [(0, "AAA"), (3600, "BBB")], transitions: [(1000, 1), (2000, 0)])
      change(&builder)
      do {
        _ = try Zone(name: "Test/Zone", tzif: builder.bytes)
        return nil
      } catch {
        guard case .damaged(_, let why) = error else { return error.code }
        return why
      }
    }
    #expect(reason { _ in } == nil)
    #expect(reason { $0.transitions[1].time = 1000 } == "its times do not ascend")
    #expect(reason { $0.transitions[1].type = 2 } == "a kind of local time is missing")
    #expect(reason { $0.types = [] } == "it has no kinds of local time")
    #expect(reason { $0.types[0].offset = 93_600 } == "an offset is out of range")
    #expect(reason { $0.types[0].offset = .min } == "an offset is out of range")
    #expect(reason { $0.types[0].abbreviation = "A\u{1b}" } == "a name of local time is not readable")
    #expect(reason { $0.leapSeconds = 1 } == "it counts leap seconds")
    #expect(reason { $0.footer = "AAA" } == "its footer is no rule")
  }
}
