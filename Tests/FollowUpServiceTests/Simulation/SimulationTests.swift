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
    var clinic = try SendingClinic(inMemoryFrom: story.start, story.settings)
    try story.open(on: clinic)
    let opened = ContinuousClock.now
    func day(_ number: Int) -> Instant { story.start + Int64(number) * 86_400 }
    func live(to number: Int) throws {
      try story.live(to: day(number), on: clinic, &diary) { Self.disturb($0, &random) }
    }

    try await close(clinic, from: day(60), days: 10, "clinic", nil)
    try await close(clinic, from: day(300), days: 14, "role", "nurse")
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
    try live(to: 220)

    // Three days without a daemon.
    let leftBefore = clinic.email.identities + clinic.sms.identities
    clinic = try clinic.restarted(at: clinic.clock.now() + 3 * 86_400, run: 2)
    clinic.dispatcher.start()
    try clinic.pass(to: clinic.clock.now() + 7200)
    try releaseBacklog(clinic)
    try live(to: 365)

    // The plans are edited while all of them are in use.
    try clinic.reload { settings in
      settings.plans["visit"]?.steps.removeAll { $0.id == "same-day" }
      settings.plans["visit"]?.steps.append(
        Step(id: "five-days", at: .literal("-5d 11:00"), template: "visit", late: .skip))
      settings.plans["surgery"]?.steps[0].late = .send
      settings.contactHours.week = .init(daily: [.literal("10:00-18:00")])
    }
    try live(to: 500)

    // A day and an hour forward, for which staff vouch: that day has passed.
    clinic.clock.set(clinic.clock.now() + 90_000)
    clinic.dispatcher.drain()
    #expect(!clinic.dispatcher.isClockBelieved)
    clinic.dispatcher.releaseClock()
    clinic.dispatcher.drain()
    try releaseBacklog(clinic)
    try live(to: 742)
    try clinic.pass(to: story.end + 40 * 86_400)
    let lived = ContinuousClock.now

    var final = story
    final.settings.contactHours.week = .standard
    let account = try await Account(clinic, final)
    try account.check("seed \(random.seed)")
    try await account.checkOnce(
      left: leftBefore + clinic.email.identities + clinic.sms.identities, "seed \(random.seed)")
    print(try await account.summary())
    print(
      "opened in \(opened - started), lived in \(lived - opened), accounted for in \(ContinuousClock.now - lived)"
    )
    #expect(account.reminders.count { $0.state == .sent } > Self.patients / 2)
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

  private func close(
    _ clinic: SendingClinic, from: Instant, days: Int64, _ kind: String, _ subject: String?
  ) async throws {
    let first = Zone.utc.civil(at: from).date
    let last = first.adding(days: Int(days))
    try await clinic.edit(
      """
      INSERT INTO closure (first_day, last_day, kind, subject, reason, created_at, created_by)
      VALUES ('\(first)', '\(last)', '\(kind)', \(subject.map { "'\($0)'" } ?? "NULL"), 'closed', 0, 'ana')
      """)
  }

  /// What the outage left is for staff to let go, if there was too much of it.
  private func releaseBacklog(_ clinic: SendingClinic) throws {
    let holds = try clinic.store.read { try $0.openHolds() }
    if holds.contains(where: { $0.kind == .backlog }) {
      try clinic.release("backlog")
      print("a backlog was released")
    }
    try clinic.pass(to: clinic.clock.now() + 60)
  }
}
