import FollowUpCore
import Support
import Testing

@Suite struct PlannerTests {
  /// One step of one anchor. Civil times are Vancouver's; 2026-12-01 is a Tuesday.
  struct Case: Sendable, CustomTestStringConvertible {
    var rule: String
    var at: String
    var anchor: String
    var hours = "09:00-19:00"
    var now = "2026-11-20T12:00"
    var useful: String?
    /// The instant; for one that is spread, the first minute of its half hour; nil: `no-permitted-time`.
    var planned: String?
    /// Past the last minute to which it may be spread; nil: it is not spread.
    var before: String?

    var testDescription: String { rule }
  }

  @Test(
    "R8: a step outside contact hours moves as the rule says",
    arguments: [
      Case(
        rule: "in hours it stays where its offset puts it", at: "-1d 10:00", anchor: "2026-12-01T14:30",
        planned: "2026-11-30T10:00"),
      Case(
        rule: "a range's first minute is in it: not moved, not spread", at: "-1d 09:00", anchor: "2026-12-01T14:30",
        planned: "2026-11-30T09:00"),
      Case(
        rule: "a range's end is not in it", at: "-1d 19:00", anchor: "2026-12-01T14:30", planned: "2026-11-30T18:59"),
      Case(
        rule: "Monday's visit with Sunday closed: Saturday", at: "-1d 10:00", anchor: "2026-12-07T09:30",
        hours: "mon-sat 09:00-19:00", planned: "2026-12-05T18:59"),
      Case(
        rule: "Monday's visit in the afternoon: Saturday too", at: "-1d 10:00", anchor: "2026-12-07T16:00",
        hours: "mon-sat 09:00-19:00", planned: "2026-12-05T18:59"),
      Case(
        rule: "back is still ahead by a minute", at: "-1d 10:00", anchor: "2026-12-07T09:30",
        hours: "mon-sat 09:00-19:00", now: "2026-12-05T18:58", planned: "2026-12-05T18:59"),
      Case(
        rule: "back is not ahead of now: forward to any minute before it expires", at: "-1d 10:00",
        anchor: "2026-12-07T09:30", hours: "mon-sat 09:00-19:00", now: "2026-12-05T18:59",
        planned: "2026-12-07T09:00", before: "2026-12-07T09:30"),
      Case(
        rule: "forward past the quarter, spread before the anchor only", at: "-1d 10:00", anchor: "2026-12-07T09:10",
        hours: "mon-sat 09:00-19:00", now: "2026-12-06T08:00", planned: "2026-12-07T09:00",
        before: "2026-12-07T09:10"),
      Case(
        rule: "the next allowed minute is the anchor: none is left", at: "-1d 10:00", anchor: "2026-12-07T09:00",
        hours: "mon-sat 09:00-19:00", now: "2026-12-05T18:59", planned: nil),
      Case(
        rule: "8 h ahead, an hour forward is less than the quarter", at: "-8h", anchor: "2026-12-02T16:00",
        planned: "2026-12-02T09:00", before: "2026-12-02T09:30"),
      Case(
        rule: "8 h ahead, 2 h forward is the quarter: back", at: "-8h", anchor: "2026-12-02T15:00",
        planned: "2026-12-01T18:59"),
      Case(
        rule: "8 h ahead, 1 h 56 min forward: spread before the quarter ends", at: "-8h", anchor: "2026-12-02T15:04",
        planned: "2026-12-02T09:00", before: "2026-12-02T09:04"),
      Case(
        rule: "66 h ahead, 12 h forward into the next day", at: "-3d 21:00", anchor: "2026-12-04T15:00",
        planned: "2026-12-02T09:00", before: "2026-12-02T09:30"),
      Case(
        rule: "37.5 h ahead, 12.5 h forward is too far: back", at: "-2d 20:30", anchor: "2026-12-04T10:00",
        planned: "2026-12-02T18:59"),
      Case(
        rule: "less than the quarter, but into the anchor's day: back", at: "-1d 21:00", anchor: "2026-12-03T23:00",
        hours: "00:30-08:00 09:00-19:00", planned: "2026-12-02T18:59"),
      Case(
        rule: "a step of the anchor's own day goes forward on it", at: "0d 08:00", anchor: "2026-12-03T17:00",
        planned: "2026-12-03T09:00", before: "2026-12-03T09:30"),
      Case(
        rule: "a clinic without hours has no permitted time", at: "-1d 10:00", anchor: "2026-12-01T14:30",
        hours: "closed", planned: nil),
      Case(
        rule: "a step after the anchor goes forward over the weekend", at: "+1d 10:00", anchor: "2026-12-04T09:00",
        hours: "mon-fri 09:00-19:00", planned: "2026-12-07T09:00", before: "2026-12-07T09:30"),
      Case(
        rule: "a step after the anchor never goes back", at: "+1d 10:00", anchor: "2026-12-04T09:00",
        hours: "mon-fri 09:00-19:00", useful: "47h", planned: nil),
      Case(
        rule: "a step at the anchor never goes back", at: "+0m", anchor: "2026-12-05T12:00",
        hours: "mon-fri 09:00-19:00", useful: "20h", planned: nil),
    ])
  func placed(example: Case) throws {
    let planned = try Self.plan(example)
    #expect(planned.isPermitted == (example.planned != nil))
    guard let first = example.planned else { return }
    if let before = example.before {
      #expect(planned.plannedAt >= (try Self.vancouver(first)))
      #expect(planned.plannedAt < (try Self.vancouver(before)))
    } else {
      #expect(planned.plannedAt == (try Self.vancouver(first)))
    }
  }

  @Test("R8: Monday's visit with Sunday closed is recalled on Saturday by the shipped steps of an appointment")
  func shippedAppointment() throws {
    let plan = Plan(name: "appointment", title: "Appointment", steps: try Self.shippedSteps(of: "appointment"))
    let planner = Planner(
      patientZone: try zone("America/Vancouver"), hours: try ContactHours(text: "mon-sat 09:00-19:00"),
      now: try Self.vancouver("2026-11-20T12:00"))
    let anchor = try Self.vancouver("2026-12-07T09:30")
    let reminders = planner.reminders(of: plan, anchor: anchor, key: "F-12@2026-12-07")
    #expect(reminders.map(\.step) == ["three-days", "day-before"])
    #expect(
      reminders.map(\.intendedAt) == [try Self.vancouver("2026-12-04T10:00"), try Self.vancouver("2026-12-06T10:00")])
    #expect(
      reminders.map(\.plannedAt) == [try Self.vancouver("2026-12-04T10:00"), try Self.vancouver("2026-12-05T18:59")])
    #expect(reminders.allSatisfy { $0.expiresAt == anchor && $0.isPermitted })
  }

  @Test(
    "R9: a step expires as the rule says, counted from its instant before R8",
    arguments: [
      ("-3d 10:00", nil, "2026-12-01T14:30", "2026-12-01T14:30"),
      ("-1d 10:00", "20h", "2026-12-01T14:30", "2026-12-01T06:00"),
      ("-1d 10:00", "48h", "2026-12-01T14:30", "2026-12-01T14:30"),
      ("-2h", nil, "2026-12-01T14:30", "2026-12-01T14:30"),
      ("-0m", nil, "2026-12-01T14:30", "2026-12-01T14:30"),
      ("0d 08:00", nil, "2026-12-01T14:30", "2026-12-01T14:30"),
      ("0d 08:00", "2h", "2026-12-01T14:30", "2026-12-01T10:00"),
      ("0d 18:00", nil, "2026-12-01T14:30", "2026-12-01T14:30"),
      ("+0d 18:00", nil, "2026-12-01T14:30", "2026-12-03T18:00"),
      ("+0m", nil, "2026-12-01T14:30", "2026-12-03T14:30"),
      ("+1d 10:00", nil, "2026-12-01T14:30", "2026-12-04T10:00"),
      ("+1d 10:00", "20h", "2026-12-01T14:30", "2026-12-03T06:00"),
      ("+1d 10:00", "72h", "2026-12-01T14:30", "2026-12-05T10:00"),
      // Moved by R8: back to Saturday, forward to Monday.
      ("-1d 10:00", "20h", "2026-12-07T09:30", "2026-12-07T06:00"),
      ("+1d 10:00", nil, "2026-12-05T09:00", "2026-12-08T10:00"),
      // 48 hours of elapsed time: the clocks go forward on 2026-03-08.
      ("+1d 10:00", nil, "2026-03-06T09:00", "2026-03-09T11:00"),
    ] as [(String, String?, String, String)])
  func expiry(at: String, useful: String?, anchor: String, expires: String) throws {
    let planned = try Self.plan(
      Case(
        rule: "", at: at, anchor: anchor, hours: "mon-sat 09:00-19:00", now: "2026-02-20T12:00", useful: useful))
    #expect(planned.expiresAt == (try Self.vancouver(expires)))
  }

  @Test(
    "R4, R8: days, hours and expiry are those of the patient's zone, not of the anchor's",
    arguments: [
      // Vancouver's clocks do not go back any more (2026f): in Berlin the anchor is Wednesday 04:00.
      ("-1d 10:00", "2026-12-01T10:00", "2026-12-01T10:00"),
      ("0d 03:00", "2026-12-02T03:00", "2026-12-01T18:59"),
      ("-3h", "2026-12-02T01:00", "2026-12-01T18:59"),
      ("+1d 10:00", "2026-12-03T10:00", "2026-12-03T10:00"),
    ])
  func patientsZone(at: String, intended: String, plannedAt: String) throws {
    let berlin = try zone("Europe/Berlin")
    let anchor = try Self.vancouver("2026-12-01T20:00")
    let planner = Planner(patientZone: berlin, hours: .standard, now: try Self.vancouver("2026-11-20T12:00"))
    let planned = planner.reminder(for: try Self.step(at), anchor: anchor, key: "F-1@2026-12-01")
    #expect(planned.intendedAt == berlin.instant(of: try civil(intended)))
    #expect(planned.plannedAt == berlin.instant(of: try civil(plannedAt)))
    let expires = at == "+1d 10:00" ? berlin.instant(of: try civil("2026-12-05T10:00")) : anchor
    #expect(planned.expiresAt == expires)
  }

  @Test("R8: many that move to a range's first minute are spread over its first half hour")
  func spread() throws {
    let opening = try Self.vancouver("2026-12-02T09:00")
    let planner = try Self.planner(hours: "09:00-19:00")
    let anchor = try Self.vancouver("2026-12-04T15:00")
    let step = try Self.step("-3d 21:00")
    let minutes = (1...600).map { number in
      planner.reminder(for: step, anchor: anchor, key: "F-\(number)@2026-12-04").plannedAt - opening
    }
    #expect(minutes.allSatisfy { (0..<1800).contains($0) && $0 % 60 == 0 })
    let counts = Dictionary(grouping: minutes, by: \.self).mapValues(\.count)
    #expect(counts.count == 30)
    #expect(counts.values.allSatisfy { $0 < 60 })
  }

  @Test("R8: the spread stays within a range that is shorter than half an hour")
  func spreadInShortRange() throws {
    let opening = try Self.vancouver("2026-12-02T09:00")
    let planner = try Self.planner(hours: "09:00-09:10")
    let anchor = try Self.vancouver("2026-12-04T15:00")
    let step = try Self.step("-3d 21:00")
    for number in 1...100 {
      let planned = planner.reminder(for: step, anchor: anchor, key: "F-\(number)@2026-12-04")
      #expect((0..<600).contains(planned.plannedAt - opening))
    }
  }

  @Test("R8: planning twice gives equal rows")
  func twice() throws {
    let steps = try ["-3d 21:00", "-1d 10:00", "0d 08:00", "-2h", "+0m", "+1d 10:00"].map(Self.step)
    let plan = Plan(name: "visit", title: "Visit", steps: steps)
    let anchor = try Self.vancouver("2026-12-07T16:00")
    for number in 1...50 {
      let first = try Self.planner(hours: "mon-sat 09:00-19:00")
        .reminders(of: plan, anchor: anchor, key: "F-\(number)@2026-12-07")
      let second = try Self.planner(hours: "mon-sat 09:00-19:00")
        .reminders(of: plan, anchor: anchor, key: "F-\(number)@2026-12-07")
      #expect(first == second)
    }
  }

  @Test("R10: a follow-up that is added late keeps its past steps at their own instants")
  func addedLate() throws {
    let planned = try Self.plan(
      Case(rule: "", at: "-3d 10:00", anchor: "2026-12-04T15:00", now: "2026-12-03T12:00"))
    #expect(planned.plannedAt == (try Self.vancouver("2026-12-01T10:00")))
    #expect(planned.isPermitted)
  }

  @Test("A stable hash is FNV-1a, so that no release moves what the last one spread")
  func hash() {
    #expect(stableHash("") == 0xcbf2_9ce4_8422_2325)
    #expect(stableHash("a") == 0xaf63_dc4c_8601_ec8c)
    #expect(stableHash("foobar") == 0x8594_4171_f739_67e8)
  }

  private static func vancouver(_ text: String) throws -> Instant {
    try zone("America/Vancouver").instant(of: civil(text))
  }

  private static func step(_ at: String) throws -> Step {
    Step(id: at, at: try #require(StepOffset(at), "\(at)"), template: "visit")
  }

  private static func planner(hours: String) throws -> Planner {
    Planner(
      patientZone: try zone("America/Vancouver"), hours: try ContactHours(text: hours),
      now: try vancouver("2026-11-20T12:00"))
  }

  private static func plan(_ example: Case) throws -> PlannedReminder {
    var planner = try planner(hours: example.hours)
    planner.now = try vancouver(example.now)
    var step = try step(example.at)
    step.useful = try example.useful.map { try #require(TimeSpan($0)) }
    return planner.reminder(for: step, anchor: try vancouver(example.anchor), key: "F-12@\(example.anchor)")
  }

  /// The ids and offsets of a plan that is shipped, read as the lines that they are.
  private static func shippedSteps(of plan: String) throws -> [Step] {
    let lines = try Repository.read("config/plans.d/\(plan).toml").split(separator: "\n")
    func values(_ key: String) -> [String] {
      lines.filter { $0.hasPrefix("\(key) = \"") }.map { String($0.dropFirst(key.count + 4).prefix { $0 != "\"" }) }
    }
    let ids = values("id")
    let offsets = values("at")
    try #require(ids.count == offsets.count)
    return try zip(ids, offsets).map { id, at in
      Step(id: id, at: try #require(StepOffset(at), "\(at)"), template: "visit")
    }
  }
}
