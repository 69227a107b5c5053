import FollowUpCore
import Testing

@Suite struct ContactHoursVectorTests {
  struct Row: Decodable, Sendable {
    var zone: String
    var hours: [String: [HourRange]]
    var planned: Instant
    var forwardLimit: Instant
    var expires: Instant
    var now: Instant
    var instant: Instant?
    var moved: String

    /// As the configuration has them: `daily`, and the weekdays that differ.
    func contactHours() throws -> ContactHours {
      var overrides: [Weekday: [HourRange]] = [:]
      for (name, ranges) in hours where name != "daily" {
        overrides[try #require(Weekday(name: name), "\(name)")] = ranges
      }
      return ContactHours(daily: try #require(hours["daily"]), overrides: overrides)
    }

    func expected() throws -> Placement {
      switch (moved, instant) {
      case ("none", planned): .asPlanned
      case ("forward", let instant?): .forward(instant)
      case ("back", let instant?): .back(instant)
      case ("no-permitted-time", nil): .none
      default: throw UnknownMove(moved: moved)
      }
    }
  }

  struct UnknownMove: Error { var moved: String }

  @Test(
    "R7, R8: each worked instant moves where its hours allow",
    arguments: try Vectors.rows("contact-hours.json", of: Row.self))
  func placements(row: Row) throws {
    let placement = place(
      planned: row.planned, forwardLimit: row.forwardLimit, expires: row.expires, now: row.now,
      hours: try row.contactHours(), zone: try Vectors.zone(row.zone))
    #expect(placement == (try row.expected()))
  }

  @Test(
    "R7: the hours of each case read back from their own text as the same hours",
    arguments: try Vectors.rows("contact-hours.json", of: Row.self))
  func texts(row: Row) throws {
    let hours = try row.contactHours()
    #expect(try ContactHours(text: hours.description) == hours, "\(hours)")
  }
}
