import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// Trial and live (`delivery.md`, maildir).
@Suite struct ModeTests {
  private static func trial(_ settings: inout Settings) { settings.delivery.mode = .trial }

  @Test("In trial everything goes to the folder, and nothing counts as told or against the budget")
  func trial() async throws {
    let clinic = try SendingClinic { settings in
      Self.trial(&settings)
      settings.budget.perAddressPerDay = 1
      settings.budget.perAddressPerWeek = 1
      settings.plans["late"] = Plan(
        name: "late", title: "A visit", steps: [Step(id: "noon", at: .literal("-3d 12:30"), template: "visit")])
    }
    try clinic.patient()
    try clinic.followUp()
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "late")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 3 * 3600)
    #expect(clinic.email.sent.isEmpty)
    #expect(clinic.trial.sent.count == 2)
    #expect(Set(try await clinic.query("SELECT mode FROM message")) == ["trial"])
    #expect(try await clinic.query("SELECT count(*) FROM occurrence WHERE told_at IS NOT NULL") == ["0"])
  }

  @Test("A trial recipient gets theirs for real")
  func trialRecipient() async throws {
    let clinic = try SendingClinic { settings in
      Self.trial(&settings)
      settings.delivery.trialRecipients = ["p2@example.org"]
    }
    for ref in ["p1", "p2"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.map(\.address) == ["p2@example.org"])
    #expect(clinic.trial.sent.map(\.address) == ["p1@example.org"])
    #expect(try await clinic.query("SELECT mode FROM message ORDER BY address") == ["trial", "live"])
  }

  @Test("R10: what was sent in trial does not count as sent: the expiry of a soon one raises its task")
  func trialIsNotSent() async throws {
    let clinic = try SendingClinic(Self.trial)
    try clinic.patient()
    try clinic.followUp(plan: "surgery")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(try await clinic.reminders("three-days") == ["sent"])
    let now = clinic.clock.now()
    try clinic.store.write {
      _ = try $0.insert(Hold(kind: .all, subject: nil, until: nil, reason: "t", createdBy: "ana", now: now))
    }
    try await clinic.advance(to: "2026-12-08T22:31:00Z")
    #expect(try await clinic.reminders("day-before") == ["expired|expired"])
    #expect(try await clinic.tasks() == ["expired|F-1@2026-12-08"])
  }

  @Test("On going live nothing past is sent, and what is ahead is", arguments: [true, false])
  func goingLive(byReload: Bool) async throws {
    let trial = try SendingClinic(Self.trial)
    for ref in ["p1", "p2"] {
      try trial.patient(ref)
      try trial.followUp(ref)
    }
    trial.trial.next(.retry(after: nil, Fault(code: "451")))
    try await trial.run()
    try await trial.advance(to: SendingClinic.firstDue)
    #expect(try await trial.messages() == ["waiting", "sent"])
    var clinic = trial
    if byReload {
      try clinic.reload { $0.delivery.mode = .live }
      try await clinic.settle()
    } else {
      clinic = try trial.afterKill { $0.delivery.mode = .live }
      try await clinic.run()
    }
    try await clinic.advance(by: 86_400)
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.reminders("three-days") == ["superseded|trial", "sent"])
    #expect(try await clinic.messages() == ["cancelled", "sent"])
    try await clinic.advance(to: SendingClinic.secondDue)
    try await clinic.advance(by: 60)
    #expect(clinic.email.sent.count == 2)
  }

  @Test("Back in trial, what waits for a retry does not leave for a patient")
  func backToTrial() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.next(.retry(after: nil, Fault(code: "451")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try clinic.reload(Self.trial)
    try await clinic.settle()
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.count == 1)
    #expect(clinic.trial.sent.count == 1)
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
  }

  @Test("A channel that another adapter serves after a reload composes its waiting messages anew")
  func anotherAdapter() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.next(.retry(after: nil, Fault(code: "451")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.edit("UPDATE message SET adapter = 'webhook'")
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
  }
}

/// R6: nothing happens by a clock that is not believed.
@Suite struct ClockDoubtTests {
  @Test("Promise 15: after a jump of two days nothing is sent and nothing is written, until staff vouch for the clock")
  func jump() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: "2026-12-04T17:00:00Z")
    let rows = try await clinic.query(".dump")
    clinic.clock.set(try #require(Instant("2026-12-06T17:00:01Z")))
    try await clinic.settle()
    #expect(!clinic.dispatcher.isClockBelieved)
    #expect(clinic.dispatcher.clockDoubt == "jumped-forward")
    // It is looked at again now and then, for it may become right by itself.
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.query(".dump") == rows)
    clinic.dispatcher.releaseClock()
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
  }

  @Test("R13: what was sent in an hour that the clock then goes through again counts against the budget")
  func budgetAfterBackwardStep() async throws {
    let clinic = try SendingClinic { settings in
      settings.budget.perAddressPerDay = 1
      settings.plans["early"] = Plan(
        name: "early", title: "A visit", steps: [Step(id: "nine", at: .literal("-3d 09:00"), template: "visit")])
    }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    clinic.clock.set(clinic.clock.now() - 3600)
    try await clinic.settle()
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "early")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
    #expect(
      try await clinic.query("SELECT state, reason FROM reminder WHERE step = 'nine'") == ["deferred|budget"])
  }

  @Test("R13: a message of a year that a wrong clock showed does not use up the budget until then", arguments: [1, 3])
  func budgetOfFalseYear(days: Int64) async throws {
    let clinic = try SendingClinic { $0.budget.perAddressPerWeek = 1 }
    try clinic.patient()
    try clinic.followUp()
    let due = try #require(Instant(SendingClinic.firstDue))
    let at = due.seconds + days * 86_400 - 60
    try await clinic.edit(
      """
      INSERT INTO message (identity, message_header, recipient, channel, adapter, address, mode, language, state,
        created_at, sent_at, final_at)
      VALUES ('x', '', 'patient', 'email', 'smtp', 'p1@example.org', 'live', 'en', 'sent', \(at), \(at), \(at))
      """)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == (days == 1 ? 0 : 1))
  }

  @Test("R6: what staff do under a clock that jumped is recorded by the time that passed, and outlives the doubt")
  func commands() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try await clinic.run()
    let before = clinic.clock.now()
    clinic.clock.set(before + 10 * 365 * 86_400)
    // Before any wake has looked at the clock.
    try clinic.followUp()
    try await clinic.settle()
    #expect(!clinic.dispatcher.isClockBelieved)
    try clinic.followUp("p1", "2026-12-09 14:30")
    #expect(try await clinic.query("SELECT DISTINCT state FROM reminder") == ["planned"])
    #expect(try await clinic.query("SELECT DISTINCT created_at FROM follow_up") == ["\(before.seconds)"])
    clinic.clock.set(before)
    try await clinic.settle()
    #expect(clinic.dispatcher.isClockBelieved)
  }

  @Test("A clock that is right again is believed again, and what was due meanwhile leaves")
  func rightAgain() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T16:00:00Z")
    clinic.clock.set(try #require(Instant("2036-12-05T16:00:00Z")))
    try await clinic.settle()
    #expect(clinic.email.sent.isEmpty)
    clinic.clock.set(try #require(Instant("2026-12-05T16:59:00Z")))
    try await clinic.settle()
    #expect(clinic.clock.armedFor == Instant(SendingClinic.firstDue))
    try await clinic.advance(by: 60)
    #expect(clinic.email.sent.count == 1)
  }

  @Test("Promise 14: a backward step of an hour sends nothing twice, and stalls nothing")
  func backward() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    clinic.clock.set(try #require(Instant("2026-12-05T16:00:00Z")))
    try await clinic.settle()
    try await clinic.advance(to: "2026-12-05T18:00:00Z")
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(to: SendingClinic.secondDue)
    #expect(clinic.email.sent.count == 2)
  }

  @Test(
    "Promise 14: a clock that is set back stalls neither a retry nor a channel's queue", arguments: [600, 3600, 80_000])
  func nothingStalls(step: Int64) async throws {
    let clinic = try SendingClinic {
      $0.channels["email"]?.perMinute = 60
      $0.contactHours.week = ContactHours(daily: [.literal("00:00-24:00")])
    }
    for number in 1...20 {
      try clinic.patient("p\(number)")
      try clinic.followUp("p\(number)")
    }
    clinic.email.next(.retry(after: nil, Fault(code: "451")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    clinic.clock.set(clinic.clock.now() - step)
    try await clinic.settle()
    try await clinic.advance(by: 30)
    #expect(Set(clinic.email.identities).count == 20)
    try await clinic.advance(by: 6 * 60)
    #expect(clinic.email.sent.count == 21)
    #expect(try await clinic.reminders("three-days") == Array(repeating: "sent", count: 20))
  }

  @Test("Promise 14: what is claimed by the pass that sees the clock set back stands as long as any")
  func freshClaims() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try clinic.call(AddHold.self, .init(kind: "all", reason: "a test"))
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 800)
    clinic.clock.set(clinic.clock.now() - 300)
    try clinic.release("all")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.query("SELECT state FROM attempt") == ["delivered"])
  }

  @Test("Promise 14: a claim stands no longer because the clock was set back")
  func claimsDoNotStretch() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    clinic.clock.set(clinic.clock.now() - 3600)
    try await clinic.settle()
    try await clinic.advance(by: 60)
    clinic.email.flow()
    try await clinic.settle()
    #expect(try await clinic.attempts().first == "withdrawn")
  }

  @Test("Results that arrive while the clock is not believed are recorded once it is")
  func resultsWait() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    clinic.clock.set(try #require(Instant("2026-12-09T17:00:00Z")))
    try await clinic.settle()
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.settle()
    #expect(try await clinic.messages() == ["claimed"])
    clinic.clock.set(try #require(Instant(SendingClinic.firstDue)))
    try await clinic.settle()
    #expect(try await clinic.messages() == ["sent"])
  }
}
