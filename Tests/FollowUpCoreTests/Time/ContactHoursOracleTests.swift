import FollowUpCore
import Support
import Testing

/// The searches against a walk over every minute, around changes of the clocks above all.
@Suite struct ContactHoursOracleTests {
  /// Zones with changes of an hour, of half an hour, at midnight and to a quarter; and one without.
  static let zones = [
    "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Chatham", "Asia/Kathmandu",
  ]

  @Test("R7, R8: searching finds what a walk over every minute finds", arguments: zones)
  func searches(name: String) throws {
    let zone = try zone(name)
    var random = SeededGenerator()
    print("seed of \(name): \(random.seed)")
    for _ in 0..<40 {
      let hours = try Self.randomHours(&random)
      let start = try Self.nearChange(zone, &random)
      let span = Int64.random(in: 1...60, using: &random) * 3600
      let walk = Walk(hours: hours, zone: zone)
      let comment: Comment = "seed \(random.seed), \(hours), \(start.rfc3339), \(span) s"

      #expect(
        hours.firstAllowed(atOrAfter: start, before: start + span, in: zone)
          == walk.first(atOrAfter: start, before: start + span), comment)
      #expect(
        hours.lastAllowed(before: start, after: start - span, in: zone)
          == walk.last(before: start, after: start - span),
        comment)
      #expect(hours.endOfRange(containing: start, in: zone) == walk.end(from: start), comment)

      let limit = start + span / 4
      let now = start - span
      #expect(
        place(planned: start, forwardLimit: limit, expires: start + span, now: now, hours: hours, zone: zone)
          == walk.place(planned: start, forwardLimit: limit, expires: start + span, now: now), comment)
    }
  }

  /// A whole minute within 30 hours of some change of the clocks, or of anything where there is none.
  private static func nearChange(_ zone: Zone, _ random: inout SeededGenerator) throws -> Instant {
    var time = Instant(Int64.random(in: 28_000_000...32_000_000, using: &random) * 60)
    let offset = zone.offset(at: time)
    for _ in 0..<300 where zone.offset(at: time) == offset { time = time + 86_400 }
    return time + Int64.random(in: -1800...1800, using: &random) * 60
  }

  private static func randomHours(_ random: inout SeededGenerator) throws -> ContactHours {
    var overrides: [Weekday: [HourRange]] = [:]
    for day in Weekday.allCases where Int.random(in: 0..<3, using: &random) > 0 {
      overrides[day] = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
        HourRange(
          start: Int.random(in: 0..<96, using: &random) * 15, end: Int.random(in: 0...96, using: &random) * 15)
      }
    }
    return ContactHours(daily: [try #require(HourRange("01:30-03:15"))], overrides: overrides)
  }
}

/// R7 and R8 word for word, minute by minute.
private struct Walk {
  var hours: ContactHours
  var zone: Zone

  func allows(_ instant: Instant) -> Bool {
    let civil = zone.civil(at: instant)
    let minute = civil.time.minuteOfDay
    let today = hours.ranges(on: civil.date.weekday)
    let yesterday = hours.ranges(on: civil.date.weekday.adding(days: -1))
    return today.contains { minute >= $0.start && minute < $0.end }
      || yesterday.contains { minute + 1440 >= $0.start && minute + 1440 < $0.end }
  }

  func first(atOrAfter start: Instant, before limit: Instant) -> Instant? {
    stride(from: start.seconds, to: limit.seconds, by: 60).lazy.map { Instant($0) }.first(where: allows)
  }

  func last(before start: Instant, after bound: Instant) -> Instant? {
    stride(from: start.seconds - 60, to: bound.seconds, by: -60).lazy.map { Instant($0) }.first(where: allows)
  }

  func end(from start: Instant) -> Instant? {
    guard allows(start) else { return nil }
    let minutes = stride(from: start.seconds, to: start.seconds + 8 * 86_400, by: 60).lazy.map { Instant($0) }
    return minutes.first { !allows($0) } ?? start + 8 * 86_400
  }

  func place(planned: Instant, forwardLimit: Instant, expires: Instant, now: Instant) -> Placement {
    if allows(planned) { return .asPlanned }
    if let instant = first(atOrAfter: planned, before: forwardLimit) { return .forward(instant) }
    if let instant = last(before: planned, after: now) { return .back(instant) }
    if let instant = first(atOrAfter: forwardLimit, before: expires) { return .forward(instant) }
    return .none
  }
}
