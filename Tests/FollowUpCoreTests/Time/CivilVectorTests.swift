import FollowUpCore
import Testing

@Suite struct CivilVectorTests {
  struct Row: Decodable, Sendable {
    var zone: String
    var civil: CivilDateTime
    var instant: Instant
    var kind: String
  }

  @Test(
    "R2: each worked civil time is the instant that it stands for",
    arguments: try Vectors.rows("civil.json", of: Row.self))
  func instants(row: Row) throws {
    #expect(try Vectors.zone(row.zone).instant(of: row.civil) == row.instant)
  }

  @Test(
    "R2: a gap moves forward, an overlap means the first of two, all else comes back as it was",
    arguments: try Vectors.rows("civil.json", of: Row.self))
  func kinds(row: Row) throws {
    let zone = try Vectors.zone(row.zone)
    let back = zone.civil(at: row.instant)
    let before = zone.offset(at: row.instant - 86_400)
    let after = zone.offset(at: row.instant + 86_400)
    switch row.kind {
    case "gap":
      #expect(back > row.civil)
      #expect(after > before)
    case "overlap":
      #expect(back == row.civil)
      #expect(zone.civil(at: row.instant + Int64(before - after)) == row.civil)
    case "plain":
      #expect(back == row.civil)
    default:
      Issue.record("an unknown kind: \(row.kind)")
    }
  }
}
