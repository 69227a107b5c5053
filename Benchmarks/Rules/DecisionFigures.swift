import FollowUpCore
import FollowUpSystem

/// The pure decisions: a follow-up's reminders, and whether one may be sent.
struct DecisionFigures {
  private static let count = 20_000

  func measure(rounds: Int) throws -> [String: Double] {
    var watch = Stopwatch()
    let zone = try SystemZones(environment: ["TZDIR": ""]).zone(named: "America/Vancouver")
    let anchor = zone.instant(of: CivilDateTime(date: .literal("2026-12-01"), time: .literal("14:30")))
    let planner = Planner(patientZone: zone, hours: .standard, now: anchor - 20 * 86_400)
    let plan = Self.plan
    let facts = Self.facts(zone: zone, expires: anchor)
    for _ in 0..<rounds {
      watch.time("plan", count: Self.count) {
        for number in 0..<Self.count {
          use(planner.reminders(of: plan, anchor: anchor + Int64(number) * 900, key: "F-12@2026-12-01"))
        }
      }
      watch.time("clear", count: Self.count) {
        for number in 0..<Self.count { use(Clearance(facts, now: anchor - 86_400 + Int64(number % 600))) }
      }
    }
    return watch.medians.mapValues { 1 / $0 }
  }

  /// Four steps, as the shipped plans have them; two of them are moved by contact hours.
  static var plan: Plan {
    Plan(
      name: "visit", title: "Visit",
      steps: [
        Step(id: "week", at: .literal("-7d 10:00"), template: "visit"),
        Step(id: "day-before", at: .literal("-1d 20:00"), template: "visit"),
        Step(id: "same-day", at: .literal("0d 08:00"), template: "visit", when: .expected),
        Step(id: "missed", at: .literal("+1d 10:00"), template: "visit-missed", when: .missed),
      ])
  }

  /// A visit's reminder that passes all nine checks, to a patient with three contacts.
  private static func facts(zone: Zone, expires: Instant) -> ClearanceFacts {
    ClearanceFacts(
      patient: .active, isCallOnly: false, revision: 1, status: .open, answer: .none, reminderRevision: 1, kind: .step,
      when: .unconfirmed, priority: .routine, expiresAt: expires,
      contacts: [
        ContactFacts(
          id: 1, channel: "email", rank: 1, consent: .granted, state: .ok, isStopped: false, isServed: true,
          sentToday: 1,
          sentThisWeek: 2),
        ContactFacts(id: 2, channel: "sms", rank: 2, consent: .granted, state: .ok, isStopped: false, isServed: true),
        ContactFacts(
          id: 3, channel: "phone", rank: 3, consent: .granted, state: .ok, isStopped: false, isServed: false),
      ], hours: .standard, zone: zone, perDay: 2, perWeek: 5)
  }
}
