import FollowUpControl
import FollowUpCore
import FollowUpStore
import Foundation
import Support
import Testing

@testable import FollowUpService

/// A clinic's life: two years with everything that goes wrong in them, in less than a minute.
@Suite struct SimulationTests {
  private static let patients = 2000

  @Test(
    "R1-R17: over two years of 2,000 patients every reminder is accounted for, and none is sent twice"
  )
  func twoYears() async throws {
    var random = SeededGenerator()
    let started = ContinuousClock.now
    let story = try RandomClinic.years(patients: Self.patients, &random)
    print(
      "seed \(random.seed): \(story.promises.count) promises, \(story.happenings.count) happenings")
    var diary = RandomClinic.Diary()
    var rules = RulesInForce(story.settings)
    let folder = try PlanningAnewTests.ZoneFolder()
    for zone in RandomClinic.zones { try folder.put(zone, at: zone) }
    var clinic = try SendingClinic(inMemoryFrom: story.start, story.settings, zones: folder.zones)
    try story.open(on: clinic)
    let opened = ContinuousClock.now
    func day(_ number: Int) -> Instant { story.start + Int64(number) * 86_400 }
    func live(to number: Int) throws {
      try story.live(to: day(number), on: clinic, &diary) { Self.disturb($0, &random) }
    }

    let closed = [
      try await close(clinic, from: day(60), days: 10, "clinic", nil),
      try await close(clinic, from: day(300), days: 14, "role", "nurse"),
    ]
    try live(to: 90)

    // An hour forward and back again is believed; nothing leaves twice.
    let hour = clinic.clock.now()
    clinic.clock.set(hour + 3600)
    try clinic.pass(to: hour + 3600 + 60)
    clinic.clock.set(hour + 60)
    try live(to: 150)

    // Ten years forward is not believed: nothing is sent, and the clock comes right after an hour.
    let before = clinic.clock.now()
    let sent = clinic.email.sent.count + clinic.sms.sent.count
    clinic.clock.set(before + 10 * 365 * 86_400)
    try clinic.pass(to: clinic.clock.now() + 3600)
    #expect(clinic.email.sent.count + clinic.sms.sent.count == sent)
    #expect(!clinic.dispatcher.isClockBelieved)
    clinic.clock.set(before + 3600)
    clinic.dispatcher.drain()
    #expect(clinic.dispatcher.isClockBelieved)
    try live(to: RandomClinic.outage)

    // Three days without a daemon.
    let leftBefore = clinic.email.identities + clinic.sms.identities
    clinic = try clinic.restarted(at: clinic.clock.now() + 3 * 86_400, run: 2, zones: folder.zones)
    clinic.dispatcher.start()
    try clinic.pass(to: clinic.clock.now() + 7200)
    let backlog = try await releaseBacklog(clinic)
    #expect(backlog.held > story.settings.delivery.backlogLimit && backlog.gone == backlog.held)
    try live(to: 365)

    // The plans are edited while all of them are in use.
    try clinic.reload { settings in
      settings.plans["visit"]?.steps.removeAll { $0.id == "same-day" }
      settings.plans["visit"]?.steps.append(
        Step(id: "five-days", at: .literal("-5d 11:00"), template: "visit", late: .skip))
      settings.plans["surgery"]?.steps[0].late = .send
      settings.contactHours.week = .init(daily: [.literal("10:00-18:00")])
    }
    rules.change(at: clinic.clock.now()) { $0.settings = clinic.settings }
    try planned(clinic, told: "reminders are planned anew")
    try live(to: 430)

    // Berlin takes up London's time: the files are replaced under the running daemon.
    let ahead = try await planned(clinic, in: "Europe/Berlin")
    try folder.put("Europe/London", at: "Europe/Berlin")
    try folder.release("2031a")
    rules.change(at: clinic.clock.now()) {
      $0.zones = ExchangedZones(base: $0.zones, exchanged: ["Europe/Berlin": "Europe/London"])
    }
    clinic.dispatcher.beat {}
    try planned(clinic, told: "their version is 2031a")
    let moved = zip(ahead, try await planned(clinic, in: "Europe/Berlin")).count { $0 != $1 }
    #expect(moved * 3 > ahead.count, "\(moved) of \(ahead.count) in Berlin moved")
    try live(to: 500)

    // A day and an hour forward, for which staff vouch: that day has passed.
    clinic.clock.set(clinic.clock.now() + 90_000)
    clinic.dispatcher.drain()
    #expect(!clinic.dispatcher.isClockBelieved)
    clinic.dispatcher.releaseClock()
    clinic.dispatcher.drain()
    _ = try await releaseBacklog(clinic)
    try live(to: 742)
    try clinic.pass(to: story.end + 40 * 86_400)
    let lived = ContinuousClock.now

    let comment: Comment = "seed \(random.seed)"
    let ledger = try PromiseLedger(story, rules: rules, times: diary.times, end: clinic.clock.now())
    for index in story.promises.indices {
      #expect(diary.ids[index] == ledger.numbers[index].map { "F-\($0)" }, comment)
    }
    let account = try await Account(clinic, story, rules: rules)
    try account.check(comment)
    account.checkCounts(ledger, comment)
    account.checkEnds(
      ledger, rules, tasks: Set(try await clinic.query("SELECT reason || '|' || subject FROM task")), comment)
    try await account.checkOnce(left: leftBefore + clinic.email.identities + clinic.sms.identities, comment)
    let bundles = try await account.checkBundles(comment)
    print(try await account.summary())
    print("\(ledger.visits.count) dates and \(ledger.names.count) steps promised, \(account.reminders.count) rows")
    print("\(backlog.held) held as a backlog and released, \(moved) moved with Berlin's clocks, \(bundles) bundles")

    // Everything that can go wrong did.
    #expect(bundles > 0, comment)
    let faults = Set(try await clinic.query("SELECT DISTINCT state FROM attempt"))
    #expect(faults.isSuperset(of: ["delivered", "retry", "rejected", "uncertain"]), "\(comment): \(faults)")
    let reasons = Set(try await clinic.query("SELECT DISTINCT reason FROM task"))
    #expect(reasons.isSuperset(of: ["backlog", "closed", "expired", "late", "unconfirmed"]), "\(comment): \(reasons)")
    let ends = Set(account.reminders.map(\.reason))
    #expect(ends.isSuperset(of: ["later", "plan-changed", "late", "moved", "deceased"]), "\(comment): \(ends)")

    let quiet = try account.undisturbed(ledger, story, closed: closed, before: clinic.clock.now())
    print("\(quiet.told) of \(quiet.count) undisturbed visits were told, or are a person's")
    print(
      "opened in \(opened - started), lived in \(lived - opened), accounted for in \(ContinuousClock.now - lived)"
    )
    #expect(quiet.count > Self.patients / 40 && quiet.told * 100 >= quiet.count * 95, comment)
  }

  /// All is planned by what is in force, and the journal says so once.
  private func planned(_ clinic: SendingClinic, told line: String) throws {
    clinic.dispatcher.drain()
    let told = clinic.log.all.filter { $0.contains("planned anew") || $0.contains("zone") }
    #expect(
      told.count { $0.contains(line) } == 1,
      "\(clinic.clock.now().rfc3339), believed \(clinic.dispatcher.isClockBelieved), armed for \(clinic.clock.armedFor?.rfc3339 ?? "-"): \(told)"
    )
  }

  /// Where the reminders of a zone's patients are planned that are still to be looked at.
  private func planned(_ clinic: SendingClinic, in zone: String) async throws -> [String] {
    try await clinic.query(
      """
      SELECT r.id, r.planned_at FROM reminder r JOIN occurrence o ON o.id = r.occurrence_id
      JOIN follow_up f ON f.id = o.follow_up_id JOIN patient p ON p.id = f.patient_id
      WHERE p.zone = '\(zone)' AND p.status = 'active' AND r.revision = o.revision AND r.state = 'planned'
        AND r.planned_at > \(clinic.clock.now().seconds + 86_400)
      ORDER BY r.id
      """)
  }

  /// Some of the next tries fail for now, for good, or in doubt.
  private static func disturb(_ clinic: SendingClinic, _ random: inout SeededGenerator) {
    for adapter in [clinic.email, clinic.sms] {
      switch random.number(1...20) {
      case 1: adapter.next(.retry(after: nil, Fault(code: "451")))
      case 2: adapter.next(.rejected(Fault(code: "550-5.1.1")))
      case 3: adapter.next(.uncertain(Fault(code: "dropped")))
      default: break
      }
    }
  }

  /// - Returns: the days on which it is closed, with one more on either side for those elsewhere.
  private func close(
    _ clinic: SendingClinic, from: Instant, days: Int64, _ kind: String, _ subject: String?
  ) async throws -> ClosedRange<CivilDate> {
    let first = Zone.utc.civil(at: from).date
    let last = first.adding(days: Int(days))
    try await clinic.edit(
      """
      INSERT INTO closure (first_day, last_day, kind, subject, reason, created_at, created_by)
      VALUES ('\(first)', '\(last)', '\(kind)', \(subject.map { "'\($0)'" } ?? "NULL"), 'closed', 0, 'ana')
      """)
    return first.adding(days: -1)...last.adding(days: 1)
  }

  /// What the outage left is for staff to let go, if there was too much of it.
  /// - Returns: how much was held, and of how much of it nothing is held or overdue any more once it was released.
  private func releaseBacklog(_ clinic: SendingClinic) async throws -> (held: Int, gone: Int) {
    let held = try await clinic.query("SELECT id FROM reminder WHERE state = 'held' AND reason = 'backlog'")
    let holds = try clinic.store.read { try $0.openHolds() }
    #expect(held.isEmpty || holds.contains { $0.kind == .backlog })
    if holds.contains(where: { $0.kind == .backlog }) { try clinic.release("backlog") }
    try clinic.pass(to: clinic.clock.now() + 60)
    #expect(try clinic.store.read { try !$0.openHolds().contains { $0.kind == .backlog } })
    let gone = try await clinic.query(
      """
      SELECT id FROM reminder WHERE id IN (\(held.joined(separator: ","))) AND state != 'held'
        AND (wake_at IS NULL OR wake_at > \(clinic.clock.now().seconds))
      """)
    return (held.count, gone.count)
  }
}
