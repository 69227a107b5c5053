import FollowUpCore
import Support
import Testing

/// R4, R7, R8 and R9 against a reading of them that only walks over minutes: random zones, hours, steps, leads, expiries and
/// times of planning, many of them around a change of the clocks.
@Suite struct PlacementDifferentialTests {
  @Test("R8: a step is planned for the minute that a walk over every minute finds", arguments: Self.zones)
  func planner(name: String) throws {
    var random = SeededGenerator()
    print("seed of \(name): \(random.seed)")
    var placed: [String: Int] = [:]
    for _ in 0..<Self.worlds {
      let world = try World(zone: try zone(name), &random)
      for _ in 0..<Self.cases {
        let (step, anchor, now) = world.randomCase(&random)
        let found = Planner(patientZone: world.zone, hours: world.hours, now: now)
          .reminder(for: step, anchor: anchor, key: "F-1@2026-12-01/\(random.next())")
        let expected = world.expected(step, anchor: anchor, now: now)
        let comment: Comment = """
          seed \(random.seed), \(name), \(world.hours), '\(step.at)', useful \(step.useful?.description ?? "-"), \
          anchor \(anchor.rfc3339(in: world.zone)), now \(now.rfc3339(in: world.zone)): \
          \(found.plannedAt.rfc3339(in: world.zone)), expected \(expected)
          """
        #expect(found.intendedAt == expected.intended, comment)
        #expect(found.expiresAt == expected.expires, comment)
        #expect(found.isPermitted == (expected.move != .none), comment)
        switch expected.move {
        case .stays, .back: #expect(found.plannedAt == expected.first, comment)
        case .forward:
          // Moved to a range's first minute, and spread over its first thirty.
          #expect(found.plannedAt >= expected.first && found.plannedAt < expected.first + 30 * 60, comment)
          #expect(found.plannedAt < expected.limit && world.allows(found.plannedAt), comment)
        case .none: break
        }
        placed["\(expected.move)", default: 0] += 1
      }
    }
    print("\(name): \(placed.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))")
    #expect(placed.count == 4, "every way of R8 comes up")
  }

  /// Changes of an hour, half an hour, at midnight, none; and odd offsets.
  static let zones = [
    "America/Vancouver", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo",
    "Pacific/Chatham", "Asia/Kathmandu", "Africa/Casablanca",
  ]
  private static let worlds = 8
  private static let cases = 60
}

/// Two weeks of one zone's minutes and whether each is allowed.
private struct World {
  enum Move { case stays, forward, back, none }
  struct Expected {
    var intended: Instant
    var expires: Instant
    var move: Move
    /// The minute to which it moves, the range's first one if forward.
    var first: Instant
    /// Before which it must leave.
    var limit: Instant
  }

  let zone: Zone
  let hours: ContactHours
  private let start: Instant
  private let civils: [CivilDateTime]
  private let allowed: [Bool]
  private static let before = 10 * 1440
  private static let after = 7 * 1440

  init(zone: Zone, _ random: inout SeededGenerator) throws {
    self.zone = zone
    let hours = try Self.hours(&random)
    self.hours = hours
    let middle = Self.nearChange(zone, &random)
    let start = middle - Int64(Self.before) * 60
    self.start = start
    civils = (0..<Self.before + Self.after).map { zone.civil(at: start + Int64($0) * 60) }
    // R7: a range belongs to the weekday on which it starts, and may pass midnight.
    let ranges = Dictionary(
      uniqueKeysWithValues: Weekday.allCases.map { day in
        let today = hours.ranges(on: day).map { $0.start..<$0.end }
        let yesterday = hours.ranges(on: day.adding(days: -1)).map { $0.start - 1440..<$0.end - 1440 }
        return (day, today + yesterday)
      })
    allowed = civils.map { civil in
      ranges[civil.date.weekday, default: []].contains { $0.contains(civil.time.minuteOfDay) }
    }
  }

  func allows(_ instant: Instant) -> Bool { allowed[index(instant)] }

  private func index(_ instant: Instant) -> Int { Int((instant - start) / 60) }
  private func minute(_ index: Int) -> Instant { start + Int64(index) * 60 }

  /// A step, an anchor within two days of the world's middle, and a time of planning from a week before it to a day after.
  func randomCase(_ random: inout SeededGenerator) -> (Step, Instant, Instant) {
    let anchor = minute(Self.before + Int.random(in: -2880...1440, using: &random))
    let minuteOfDay = CivilTime(minuteOfDay: Int.random(in: 0..<96, using: &random) * 15) ?? .midnight
    let at: StepOffset
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5: at = .days(-Int.random(in: 0...4, using: &random), minuteOfDay)
    case 5: at = .days(Int.random(in: 1...2, using: &random), minuteOfDay)
    case 6..<9: at = .elapsed(seconds: -Int64.random(in: 1...96, using: &random) * 1800)
    default: at = .elapsed(seconds: Int64.random(in: 0...24, using: &random) * 1800)
    }
    let useful =
      Int.random(in: 0..<3, using: &random) == 0
      ? TimeSpan(seconds: Int64.random(in: 1...96, using: &random) * 1800) : nil
    let step = Step(id: "step", at: at, template: "visit", when: .expected, useful: useful)
    return (step, anchor, anchor - Int64.random(in: -86_400...6 * 86_400, using: &random))
  }

  // MARK: The rules, word for word

  func expected(_ step: Step, anchor: Instant, now: Instant) -> Expected {
    let intended = intended(step.at, anchor)
    // R9: a before-step until the anchor or for as long as it is useful; others 48 hours, or that long.
    var expires = step.at.isBefore ? anchor : intended + 48 * 3600
    if let useful = step.useful {
      expires = step.at.isBefore ? min(anchor, intended + useful.seconds) : intended + useful.seconds
    }
    func result(_ move: Move, _ index: Int, _ limit: Instant) -> Expected {
      Expected(intended: intended, expires: expires, move: move, first: minute(index), limit: limit)
    }
    let own = index(intended)
    if allowed[own] { return result(.stays, own, expires) }
    let next = (own..<allowed.count).first { allowed[$0] && minute($0) < expires }
    if !step.at.isBefore {
      return next.map { result(.forward, $0, expires) } ?? result(.none, own, expires)
    }
    let lead = anchor - intended
    let anchorDay = civils[index(anchor)].date
    func isNearEnough(_ index: Int) -> Bool {
      // "less than a quarter of its lead later and, where it was planned for a day before the anchor's, still before
      // that day"
      guard (minute(index) - intended) * 4 < lead else { return false }
      return civils[own].date >= anchorDay || civils[index].date < anchorDay
    }
    if let next, isNearEnough(next) {
      var limit = next
      while limit < allowed.count, minute(limit) < expires, isNearEnough(limit) { limit += 1 }
      return result(.forward, next, minute(limit))
    }
    if let last = (0..<own).last(where: { allowed[$0] }), minute(last) > now { return result(.back, last, expires) }
    if let next { return result(.forward, next, expires) }
    return result(.none, own, expires)
  }

  /// R4 and R2, by looking at what every minute shows.
  private func intended(_ offset: StepOffset, _ anchor: Instant) -> Instant {
    switch offset.amount {
    case .elapsed(let seconds): return anchor + seconds
    case .days(let days, let time):
      let date = civils[index(anchor)].date.adding(days: days)
      let wanted = CivilDateTime(date: date, time: time)
      if let first = civils.firstIndex(of: wanted) { return minute(first) }
      // In a gap: as far past the gap's end as it lies past its beginning.
      let last = civils.lastIndex { $0 < wanted } ?? 0
      return minute(last + Int(Self.distance(civils[last], wanted)))
    }
  }

  /// Minutes between two times of one clock face.
  private static func distance(_ a: CivilDateTime, _ b: CivilDateTime) -> Int {
    (b.date.dayNumber - a.date.dayNumber) * 1440 + b.time.minuteOfDay - a.time.minuteOfDay
  }

  // MARK: Chance

  private static func nearChange(_ zone: Zone, _ random: inout SeededGenerator) -> Instant {
    var time = Instant(Int64.random(in: 28_000_000...32_000_000, using: &random) * 60)
    let offset = zone.offset(at: time)
    for _ in 0..<300 where zone.offset(at: time) == offset { time = time + 86_400 }
    return time + Int64.random(in: -1440...1440, using: &random) * 60
  }

  /// A clinic's usual week, or anything: closed days, several ranges, ranges past midnight.
  private static func hours(_ random: inout SeededGenerator) throws -> ContactHours {
    let usual = ["09:00-19:00", "08:00-12:00", "14:00-18:30", "22:00-06:00", "00:00-24:00", "01:00-03:15"]
    let daily = try #require(HourRange(usual.randomElement(using: &random) ?? ""))
    var overrides: [Weekday: [HourRange]] = [:]
    for day in Weekday.allCases where Int.random(in: 0..<3, using: &random) == 0 {
      overrides[day] = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
        HourRange(
          start: Int.random(in: 0..<96, using: &random) * 15, end: Int.random(in: 0...96, using: &random) * 15)
      }
    }
    return ContactHours(daily: [daily], overrides: overrides)
  }
}
