import FollowUpCore
import Support
import Testing

@Suite struct ZoneTests {
  /// A zone that its footer alone describes.
  static func footerZone(_ footer: String) throws -> Zone {
    try Zone(name: "Test/Zone", tzif: TZifBuilder(footer: footer).bytes)
  }

  @Test("R3: Vancouver keeps summer time after 2026, as tzdata 2026f has it and Foundation has not")
  func vancouver() throws {
    let vancouver = try zone("America/Vancouver")
    #expect(vancouver.instant(of: try civil("2027-12-09T09:00")) == (try instant("2027-12-09T16:00:00Z")))
    #expect(vancouver.abbreviation(at: try instant("2026-12-01T21:30:00Z")) == "MST")
  }

  @Test("R2: a skipped day moves forward by a day")
  func skippedDay() throws {
    // Apia went from 2011-12-29 straight to 2011-12-31.
    let apia = try zone("Pacific/Apia")
    #expect(apia.civil(at: apia.instant(of: try civil("2011-12-30T10:00"))) == (try civil("2011-12-31T10:00")))
  }

  @Test(
    "R3: the footer's rule holds after the last transition, in each of its forms",
    arguments: [
      ("PST8PDT,M3.2.0,M11.1.0", "2500-07-01T12:00:00Z", -25_200, "PDT"),
      ("PST8PDT,M3.2.0,M11.1.0", "2500-12-01T12:00:00Z", -28_800, "PST"),
      ("PST8PDT,M3.2.0,M11.1.0", "2026-03-08T09:59:59Z", -28_800, "PST"),
      ("PST8PDT,M3.2.0,M11.1.0", "2026-03-08T10:00:00Z", -25_200, "PDT"),
      ("PST8PDT,M3.2.0,M11.1.0", "2026-11-01T08:59:59Z", -25_200, "PDT"),
      ("PST8PDT,M3.2.0,M11.1.0", "2026-11-01T09:00:00Z", -28_800, "PST"),
      // The south: summer over the new year.
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2500-01-01T00:00:00Z", 39_600, "AEDT"),
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2500-07-01T00:00:00Z", 36_000, "AEST"),
      // Greenland's: a time before the day, at which its last Sunday's Saturday is meant.
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200, "-02"),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600, "-01"),
      // Gaza's: a time past the day's end.
      ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 7200, "EET"),
      ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10_800, "EEST"),
      // Ireland's: winter is the one that saves.
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0, "GMT"),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600, "IST"),
      // Jn counts no 29 February, n does: both are 1 March 2028.
      ("AAA0BBB,J60/0,J300/0", "2028-02-29T23:59:59Z", 0, "AAA"),
      ("AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600, "BBB"),
      ("AAA0BBB,60/0,300/0", "2028-02-29T23:59:59Z", 0, "AAA"),
      ("AAA0BBB,60/0,300/0", "2028-03-01T00:00:00Z", 3600, "BBB"),
      // Summer time all year (RFC 8536 3.3.1).
      ("EST5EDT,0/0,J365/25", "2026-01-01T05:00:00Z", -14_400, "EDT"),
      ("EST5EDT,0/0,J365/25", "2027-12-31T23:59:59Z", -14_400, "EDT"),
      // Half hours, minutes and seconds.
      ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-07-01T00:00:00Z", 37_800, "+1030"),
      ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39_600, "+11"),
      ("LMT-1:02:03", "2026-01-01T00:00:00Z", 3723, "LMT"),
      ("UTC0", "9999-12-31T23:59:59Z", 0, "UTC"),
    ])
  func footers(footer: String, at text: String, offset: Int, abbreviation: String) throws {
    let zone = try Self.footerZone(footer)
    #expect(zone.offset(at: try instant(text)) == offset)
    #expect(zone.abbreviation(at: try instant(text)) == abbreviation)
  }

  @Test(
    "R3: a footer that is no rule makes the file damaged",
    arguments: [
      "PST", "8", "PS8", "PST8PDT", "PST8PDT,", "PST8PDT,M3.2.0", "PST8PDT,M13.2.0,M11.1.0", "PST8PDT,M3.6.0,M11.1.0",
      "PST8PDT,M3.2.7,M11.1.0", "PST8PDT,M0.2.0,M11.1.0", "PST8PDT,J0,J365", "PST8PDT,J1,J366", "PST8PDT,0,366",
      "PST25PDT,M3.2.0,M11.1.0", "PST8PDT,M3.2.0/168,M11.1.0", "PST8PDT,M3.2.0/2:60,M11.1.0", "PST8PDT,M3.2.0,M11.1.0,",
      "<PST8PDT,M3.2.0,M11.1.0", "<->8", "PST8PDT,M3.2.0/,M11.1.0", "PST8 PDT,M3.2.0,M11.1.0", "PST8PDT,M3.2,M11.1.0",
    ])
  func badFooters(footer: String) {
    #expect(throws: ZoneError.damaged(name: "Test/Zone", why: "its footer is no rule")) {
      try Self.footerZone(footer)
    }
  }

  @Test(
    "R3: the rule of 400 years later is the rule of today, in both directions",
    arguments: ["America/New_York", "Australia/Adelaide", "Africa/Cairo"])
  func cycles(name: String) throws {
    let zone = try zone(name)
    var random = SeededGenerator()
    print("seed of \(name): \(random.seed)")
    let cycle: Int64 = 146_097 * 86_400
    for _ in 0..<2000 {
      // From 2040, past every zone's last transition, to 2400.
      let time = Instant(Int64.random(in: 2_208_988_800...13_569_465_600, using: &random))
      let count = Int64.random(in: 1...15, using: &random)
      #expect(zone.offset(at: time) == zone.offset(at: time + cycle * count), "seed \(random.seed), \(time)")
      let civil = zone.civil(at: time)
      let later = CivilDateTime(date: civil.date.adding(days: Int(146_097 * count)), time: civil.time)
      #expect(zone.instant(of: later) == zone.instant(of: civil) + cycle * count, "seed \(random.seed), \(civil)")
    }
  }

  @Test(
    "R2: the instant of a civil time shows that time, or one moved forward by a gap",
    arguments: ContactHoursOracleTests.zones)
  func inverse(name: String) throws {
    let zone = try zone(name)
    var random = SeededGenerator()
    print("seed of \(name): \(random.seed)")
    for _ in 0..<2000 {
      let start = Instant(Int64.random(in: 0...4_000_000_000, using: &random) / 60 * 60)
      // Around changes of the clocks, and elsewhere.
      let civil = zone.civil(at: start)
      let found = zone.instant(of: civil)
      #expect(found <= start && zone.civil(at: found) == civil, "seed \(random.seed), \(civil)")
      let earlier = zone.instant(of: CivilDateTime(date: civil.date.adding(days: -1), time: civil.time))
      #expect(earlier < found, "seed \(random.seed), \(civil)")
    }
  }

  @Test("R3: a version 1 file, and one without a footer, keeps its last offset")
  func withoutFooter() throws {
    for version in [0, UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4")] {
      let builder = TZifBuilder(version: version, types: [(3600, "AAA"), (7200, "BBB")], transitions: [(1000, 1)])
      let zone = try Zone(name: "Test/Zone", tzif: builder.bytes)
      #expect(zone.offset(at: Instant(999)) == 3600)
      #expect(zone.offset(at: Instant(1000)) == 7200)
      #expect(zone.abbreviation(at: .distantFuture) == "BBB")
    }
  }

  @Test("R3: equal bytes have equal fingerprints, others have not")
  func fingerprints() throws {
    let one = try Self.footerZone("PST8PDT,M3.2.0,M11.1.0")
    #expect(one.fingerprint == (try Self.footerZone("PST8PDT,M3.2.0,M11.1.0")).fingerprint)
    #expect(one.fingerprint != (try Self.footerZone("PST8PDT,M3.2.0,M11.2.0")).fingerprint)
  }
}
