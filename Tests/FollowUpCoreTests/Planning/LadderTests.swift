import FollowUpCore
import Testing

/// What silence leads to (`delivery.md`, Retry).
@Suite struct LadderTests {
  private static let sentAt = Instant("2026-12-05T17:00:00Z") ?? .distantPast
  private static let due = sentAt + 6 * 3600

  private static func facts(_ change: (inout LadderFacts) -> Void = { _ in }) -> LadderFacts {
    var facts = LadderFacts(
      thenAfter: .literal("6h"), priority: .soon, isAwaited: true, isSent: true, sentAt: sentAt,
      expiresAt: sentAt + 3 * 86_400, lastRungAt: nil, hasNext: true, zone: .utc)
    change(&facts)
    return facts
  }

  struct Example: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout LadderFacts) -> Void = { _ in }
    var now = due
    var ladder: Ladder
  }

  @Test(
    "Ladder: silence leads to the next contact, to a person, or nowhere",
    arguments: [
      Example(testDescription: "the next contact once then_after is over", ladder: .climbs),
      Example(testDescription: "not a second before", now: due - 1, ladder: .waits(until: due)),
      Example(testDescription: "urgent ones too", change: { $0.priority = .urgent }, ladder: .climbs),
      Example(testDescription: "routine ones never", change: { $0.priority = .routine }, ladder: .ends),
      Example(testDescription: "a plan without then_after never", change: { $0.thenAfter = nil }, ladder: .ends),
      Example(testDescription: "answered", change: { $0.isAwaited = false }, ladder: .ends),
      Example(
        testDescription: "in doubt, on its way or with a person", change: { $0.isSent = false }, ladder: .ends),
      Example(testDescription: "never after expiry", change: { $0.expiresAt = due }, ladder: .ends),
      Example(testDescription: "the last moment before it", change: { $0.expiresAt = due + 1 }, ladder: .climbs),
      Example(testDescription: "nobody left: a person", change: { $0.hasNext = false }, ladder: .person),
      Example(
        testDescription: "nobody left, but not yet", change: { $0.hasNext = false }, now: due - 1,
        ladder: .waits(until: due)),
      Example(
        testDescription: "one rung a day: the next day's midnight", change: { $0.lastRungAt = due - 3600 },
        ladder: .waits(until: Instant("2026-12-06T00:00:00Z") ?? .distantPast)),
      Example(
        testDescription: "a rung of the day before does not count", change: { $0.lastRungAt = sentAt - 86_400 },
        ladder: .climbs),
      Example(
        testDescription: "useless by the next day: a person",
        change: {
          $0.lastRungAt = due - 3600
          $0.expiresAt = Instant("2026-12-06T00:00:00Z") ?? .distantPast
        }, ladder: .person),
    ])
  func silence(example: Example) {
    #expect(Ladder(Self.facts(example.change), now: example.now) == example.ladder)
  }

  @Test("Ladder: the day is the patient's")
  func patientsDay() throws {
    // At 23:00 UTC it is the next day already two hours east, which began at 22:00.
    var facts = Self.facts { $0.lastRungAt = Instant("2026-12-05T21:59:59Z") }
    facts.zone = try Zone(name: "East", tzif: TZifBuilder(footer: "EAST-2").bytes)
    #expect(Ladder(facts, now: Self.due) == .climbs)
    facts.lastRungAt = Instant("2026-12-05T22:00:00Z")
    #expect(Ladder(facts, now: Self.due) == .waits(until: try #require(Instant("2026-12-06T22:00:00Z"))))
  }

  @Test(
    "Ladder: only what asks for an answer is followed up, of urgent and soon plans that say so",
    arguments: [
      (.unconfirmed, .soon, true), (.unconfirmed, .urgent, true), (.unconfirmed, .routine, false),
      (.expected, .soon, false), (.confirmed, .soon, false), (.missed, .urgent, false), (.completed, .soon, false),
    ] as [(StepWhen, Priority, Bool)])
  func followedUp(when: StepWhen, priority: Priority, isFollowedUp: Bool) {
    let step = Step(id: "s", at: .literal("-1d 10:00"), template: "visit", when: when)
    let plan = Plan(name: "p", title: "P", steps: [step], thenAfter: .literal("6h"))
    #expect(Ladder.due(after: Self.sentAt, step, plan, priority) == (isFollowedUp ? Self.due : nil))
    #expect(Ladder.due(after: Self.sentAt, step, Plan(name: "p", title: "P", steps: [step]), priority) == nil)
  }

  @Test("Ladder: a rung is named for its step, and no id that a plan can write is one")
  func names() {
    for base in ["day-before", "-1d 10:00", "+0m", "a_b"] {
      #expect(Rung(base) == nil)
      let rung = Rung(base, number: 3)
      #expect(rung.description == base + "#3")
      #expect(Rung(rung.description) == rung)
      #expect(Rung.base(of: rung.description) == base)
      #expect(Rung.base(of: base) == base)
    }
    for text in ["day-before#", "day-before#1", "day-before#x", "day-before#-2", ""] { #expect(Rung(text) == nil) }
    #expect(ConfiguredName("day-before#2") == nil)
    #expect(StepOffset("-1d 10:00#2") == nil)
  }

  @Test("Ladder: a plan's step is found by its rungs' names")
  func stepOfRung() {
    let step = Step(id: "day-before", at: .literal("-1d 10:00"), template: "visit")
    let plan = Plan(name: "p", title: "P", steps: [step])
    #expect(plan.step("day-before#2") == step)
    #expect(plan.step("day-after#2") == nil)
  }

  @Test("R8: a rung that is due at night goes in the morning, spread over half an hour, and never back")
  func night() {
    let night = Instant("2026-12-05T23:30:00Z") ?? .distantPast
    let planner = Planner(patientZone: .utc, hours: ContactHours(daily: [.literal("09:00-19:00")]), now: night)
    let step = Step(id: "s", at: .literal("-3d 10:00"), template: "visit")
    let anchor = Instant("2026-12-08T14:30:00Z") ?? .distantPast
    var minutes: Set<Int64> = []
    for number in 0..<60 {
      let planned = planner.reminder(
        for: Rung("s", number: 2), of: step, due: night, anchor: anchor, key: "F-\(number)@2026-12-08")
      let wait = planned.plannedAt - (Instant("2026-12-06T09:00:00Z") ?? .distantPast)
      #expect((0..<1800).contains(wait) && planned.isPermitted)
      #expect(planned.intendedAt == Instant("2026-12-05T10:00:00Z") && planned.expiresAt == anchor)
      let again = planner.reminder(
        for: Rung("s", number: 2), of: step, due: planned.plannedAt, anchor: anchor, key: "F-\(number)@2026-12-08")
      #expect(again == planned, "planning twice changes nothing")
      minutes.insert(wait / 60)
    }
    #expect(minutes.count > 10)
    let late = planner.reminder(
      for: Rung("s", number: 2), intended: night, due: night, expires: Instant("2026-12-06T09:00:00Z") ?? night,
      key: "k")
    #expect(!late.isPermitted)
  }
}
