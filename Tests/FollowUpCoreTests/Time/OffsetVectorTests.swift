import FollowUpCore
import Testing

@Suite struct OffsetVectorTests {
  struct Row: Decodable, Sendable {
    var anchor: CivilDateTime
    var anchorZone: String
    var patientZone: String
    var offset: StepOffset
    var instant: Instant
  }

  @Test(
    "R4: each worked offset leads from its anchor to its instant",
    arguments: try Vectors.rows("offsets.json", of: Row.self)
  )
  func instants(row: Row) throws {
    let anchor = try Vectors.zone(row.anchorZone).instant(of: row.anchor)
    #expect(row.offset.instant(anchor: anchor, in: try Vectors.zone(row.patientZone)) == row.instant)
  }
}
