import FollowUpCore
import Testing

/// What Python's zoneinfo said of random civil times and offsets, most of them near a change of the clocks.
@Suite struct RecordedTimeTests {
  @Test("R2: each recorded civil time is the instant that zoneinfo made of it")
  func civilTimes() throws {
    for row in try Vectors.recorded("civil.json", of: CivilRow.self) {
      let zone = try zone(row.zone)
      #expect(zone.instant(of: row.civil) == row.instant, "\(row)")
      // What is not in a gap comes back as it was; what is in one comes back later.
      #expect(zone.civil(at: row.instant) >= row.civil, "\(row)")
    }
  }

  @Test("R4: each recorded offset leads from its anchor to the instant that zoneinfo made of it")
  func offsets() throws {
    for row in try Vectors.recorded("offsets.json", of: OffsetVectorTests.Row.self) {
      let anchor = try zone(row.anchorZone).instant(of: row.anchor)
      #expect(row.offset.instant(anchor: anchor, in: try zone(row.patientZone)) == row.instant, "\(row)")
    }
  }

  private struct CivilRow: Decodable {
    var zone: String
    var civil: CivilDateTime
    var instant: Instant
  }
}
