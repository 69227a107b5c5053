import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// The ladder on silence: the next contact by rank, a message of its own, once a day, and a person at last (`delivery.md`,
/// Retry).
@Suite struct LadderTests {
  private static func waiting(_ settings: inout Settings) {
    settings.plans["surgery"]?.thenAfter = .literal("6h")
    settings.plans["visit"]?.thenAfter = .literal("6h")
  }

  /// A patient with an e-mail address, a number, and a second e-mail address, whose first reminder has just been sent.
  private func sent(
    plan: String = "surgery", when: String = "2026-12-08 14:30", contacts: Int = 3, _ outcomes: Outcome?...,
    adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try SendingClinic {
      Self.waiting(&$0)
      adjust(&$0)
    }
    try add(contacts, to: clinic)
    try clinic.followUp("p1", when, plan: plan)
    for outcome in outcomes { clinic.email.next(outcome) }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    return clinic
  }

  private func add(_ contacts: Int, to clinic: SendingClinic) throws {
    let all = [
      ContactInput(channel: "email", address: "p1@example.org"), ContactInput(channel: "sms", address: "+16045550101"),
      ContactInput(channel: "email", address: "daughter@example.org", person: "daughter Mai"),
    ]
    try clinic.call(AddPatient.self, .init(ref: "p1", name: "Maria Álvarez", contacts: Array(all.prefix(contacts))))
  }

  private func addresses(_ clinic: SendingClinic) async throws -> [String] {
    try await clinic.query("SELECT address FROM message ORDER BY id")
  }

  private static let oneRung = ["p1@example.org", "+16045550101"]

  @Test("Ladder: after then_after without an answer the next contact by rank is written to, by a message of its own")
  func climbs() async throws {
    let clinic = try await sent()
    #expect(
      try await clinic.query("SELECT kind, subject, due_at FROM deadline WHERE kind = 'ladder'")
        == ["ladder|F-1@2026-12-08|\(try #require(Instant("2026-12-05T23:00:00Z")).seconds)"])
    try await clinic.advance(to: "2026-12-05T22:59:59Z")
    #expect(try await addresses(clinic) == ["p1@example.org"])
    try await clinic.advance(by: 1)
    #expect(try await addresses(clinic) == Self.oneRung)
    #expect(clinic.sms.identities != clinic.email.identities)
    #expect(try await clinic.reminders("three-days") == ["sent"])
    #expect(try await clinic.reminders("three-days#2") == ["sent"])
    #expect(try await clinic.tasks().isEmpty)
  }

  @Test("Ladder: at most one rung per occurrence and day of the patient's; the last rung is a person, once")
  func oncePerDay() async throws {
    let clinic = try await sent {
      $0.plans["surgery"]?.escalation = Escalation(after: .literal("-1d 16:00"), to: .frontDesk)
    }
    // Six hours after the second it is night, and that day has had its rung.
    try await clinic.advance(to: "2026-12-06T15:59:59Z")
    #expect(try await addresses(clinic) == Self.oneRung)
    try await clinic.advance(to: "2026-12-06T16:30:00Z")
    #expect(try await addresses(clinic) == Self.oneRung + ["daughter@example.org"])
    let third = try await clinic.query("SELECT sent_at FROM message WHERE id = 3")
    #expect(try #require(third.first.flatMap { Int64($0) }) >= #require(Instant("2026-12-06T16:00:00Z")).seconds)
    #expect(try await clinic.tasks().isEmpty)
    try await clinic.advance(to: "2026-12-06T23:00:00Z")
    #expect(try await clinic.tasks() == ["unconfirmed|F-1@2026-12-08"])
    #expect(
      try await clinic.query("SELECT tried, owner, priority FROM task")
        == [#"["email: M-1 sent","sms: M-2 sent","email: M-3 sent"]|role:front-desk|1"#])
    // The escalation finds the task there; the day before begins anew with the first contact.
    try await clinic.advance(to: "2026-12-07T23:00:00Z")
    #expect(try await clinic.tasks() == ["unconfirmed|F-1@2026-12-08"])
    #expect(
      try await addresses(clinic)
        == Self.oneRung + ["daughter@example.org", "p1@example.org", "+16045550101"])
    try await clinic.advance(to: "2026-12-10T23:00:00Z")
    #expect(try await clinic.query("SELECT count(*) FROM task WHERE reason = 'unconfirmed'") == ["1"])
    let days = try await clinic.query(
      """
      SELECT date(m.sent_at - 7 * 3600, 'unixepoch'), count(*) FROM reminder r JOIN message m ON m.id = r.message_id
      WHERE r.step LIKE '%#%' GROUP BY 1
      """)
    #expect(days.allSatisfy { $0.hasSuffix("|1") }, "\(days)")
  }

  @Test("Ladder: who has one contact only is called by a person")
  func alone() async throws {
    let clinic = try await sent(contacts: 1)
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(try await clinic.tasks() == ["unconfirmed|F-1@2026-12-08"])
    #expect(try await addresses(clinic) == ["p1@example.org"])
  }

  @Test("R14: an answer ends the ladder, before a rung and while it waits for the morning", arguments: [false, true])
  func answered(isPromised: Bool) async throws {
    let clinic = try await sent { if isPromised { $0.plans["surgery"]?.thenAfter = .literal("10h") } }
    if isPromised {
      try await clinic.advance(to: "2026-12-06T03:30:00Z")
      #expect(try await clinic.reminders("three-days#2") == ["planned"])
    }
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
    try await clinic.advance(to: "2026-12-12T23:00:00Z")
    #expect(try await clinic.reminders("three-days#2") == (isPromised ? ["cancelled|confirmed"] : []))
    #expect(try await addresses(clinic) == ["p1@example.org"])
    #expect(try await clinic.tasks().isEmpty)
  }

  @Test("R7: a rung that is due at night goes in the morning")
  func night() async throws {
    let clinic = try await sent { $0.plans["surgery"]?.thenAfter = .literal("10h") }
    try await clinic.advance(to: "2026-12-06T15:59:59Z")
    #expect(try await addresses(clinic) == ["p1@example.org"])
    let row = try clinic.call(Show.self, .init(id: "F-1@2026-12-08/1/step/three-days#2")).reminder
    #expect(row?.state == "planned")
    try await clinic.advance(to: "2026-12-06T16:30:00Z")
    #expect(try await addresses(clinic) == Self.oneRung)
  }

  @Test("R13: a rung waits for the budget of its own address")
  func budget() async throws {
    let clinic = try await sent(contacts: 2) { $0.budget.perAddressPerDay = 1 }
    // Another patient of the same number had a message today.
    try clinic.call(
      AddPatient.self, .init(ref: "p2", name: "B", contacts: [.init(channel: "sms", address: "+16045550101")]))
    try clinic.followUp("p2", "2026-12-08 15:30")
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.sms.sent.count == 1)
    #expect(try await clinic.reminders("three-days#2") == ["deferred|budget"])
    try await clinic.advance(to: "2026-12-06T16:00:00Z")
    #expect(try await clinic.reminders("three-days#2") == ["sent"])
  }

  @Test(
    "R16: a contact that was stopped is passed over; the next one is written to, or a person asked", arguments: [2, 3])
  func stopped(contacts: Int) async throws {
    let clinic = try await sent(contacts: contacts)
    var stop = Stop.Request(target: "+16045550101")
    stop.confirmed = true
    try clinic.call(Stop.self, stop)
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.sms.sent.isEmpty)
    #expect(try await addresses(clinic) == ["p1@example.org"] + (contacts == 3 ? ["daughter@example.org"] : []))
    #expect(try await clinic.tasks().contains("unconfirmed|F-1@2026-12-08") == (contacts == 2))
  }

  @Test("R16: a contact that is stopped while its rung waits for the morning is not written to")
  func stoppedMeanwhile() async throws {
    let clinic = try await sent(contacts: 2) { $0.plans["surgery"]?.thenAfter = .literal("10h") }
    try await clinic.advance(to: "2026-12-06T03:30:00Z")
    var stop = Stop.Request(target: "+16045550101")
    stop.confirmed = true
    try clinic.call(Stop.self, stop)
    try await clinic.advance(to: "2026-12-06T17:00:00Z")
    #expect(clinic.sms.sent.isEmpty)
    #expect(try await clinic.reminders("three-days#2") == ["handed|stopped"])
    #expect(try await clinic.query("SELECT count(*) FROM reminder WHERE state = 'handed' AND task_id IS NULL") == ["0"])
  }

  private static let doubt = Outcome.uncertain(Fault(code: "timeout"))

  @Test("Ladder: it never advances on doubt, and a repeat that arrived begins it")
  func doubt() async throws {
    let clinic = try await sent(Self.doubt, Self.doubt)
    try await clinic.advance(to: "2026-12-06T15:00:00Z")
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    #expect(clinic.sms.sent.isEmpty)

    let repeated = try await sent(Self.doubt)
    #expect(try await repeated.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
    try await repeated.advance(by: 600)
    #expect(
      try await repeated.query("SELECT due_at FROM deadline WHERE kind = 'ladder'")
        == ["\(repeated.clock.now().seconds + 6 * 3600)"])
  }

  @Test("Ladder: a later step in doubt stops the ladder of the one before it")
  func laterDoubt() async throws {
    let clinic = try await sent {
      $0.plans["surgery"]?.steps.insert(Step(id: "noon", at: .literal("-3d 15:30"), template: "visit"), at: 1)
    }
    clinic.email.next(Self.doubt, Self.doubt)
    try await clinic.advance(to: "2026-12-06T05:00:00Z")
    #expect(try await clinic.reminders("noon") == ["handed|uncertain-delivery"])
    #expect(clinic.sms.sent.isEmpty)
  }

  @Test("Ladder: never after expiry")
  func expired() async throws {
    let clinic = try await sent { $0.plans["surgery"]?.steps[0].useful = .literal("6h") }
    try await clinic.advance(to: "2026-12-07T16:00:00Z")
    #expect(try await addresses(clinic) == ["p1@example.org"])
    #expect(try await clinic.tasks().isEmpty)
  }

  @Test("R14: a move ends the ladder of the former date; the new date has its own")
  func moved() async throws {
    let clinic = try await sent { $0.plans["surgery"]?.thenAfter = .literal("10h") }
    try await clinic.advance(to: "2026-12-06T03:30:00Z")
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-18 14:30"))
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
    #expect(try await clinic.reminders("three-days#2") == ["cancelled|moved"])
    try await clinic.advance(to: "2026-12-15T17:00:00Z")
    #expect(try await addresses(clinic) == ["p1@example.org", "p1@example.org"])
    try await clinic.advance(to: "2026-12-16T16:30:00Z")
    #expect(try await addresses(clinic) == ["p1@example.org", "p1@example.org", "+16045550101"])
  }

  @Test("R14: a move before the rung takes its deadline away")
  func movedBefore() async throws {
    let clinic = try await sent()
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-18 14:30"))
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
    try await clinic.advance(to: "2026-12-08T23:00:00Z")
    #expect(clinic.sms.sent.isEmpty)
  }

  @Test("Promise 1: killed in between, the ladder goes on where it stood, and climbs once")
  func killed() async throws {
    let before = try await sent()
    let clinic = try before.afterKill()
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.sms.sent.count == 1)
    let next = try clinic.afterKill()
    try await next.run()
    try await next.advance(by: 3600)
    #expect(next.sms.sent.isEmpty && next.email.sent.isEmpty)
  }

  @Test("Ladder: a rung that became due while the daemon was down goes at its start, if that is early enough")
  func late() async throws {
    let clinic = try await sent().afterKill()
    clinic.clock.set(try #require(Instant("2026-12-06T17:00:00Z")))
    clinic.dispatcher.releaseClock()
    try await clinic.run()
    #expect(try await clinic.reminders("three-days#2") == ["sent"])
  }

  @Test("Ladder: routine visits, and plans without then_after, never", arguments: ["visit", "surgery"])
  func never(plan: String) async throws {
    let clinic = try await sent(plan: plan) { $0.plans["surgery"]?.thenAfter = nil }
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
    try await clinic.advance(to: "2026-12-09T23:00:00Z")
    #expect(clinic.sms.sent.isEmpty)
  }

  @Test(
    "Ladder: a plan that loses its ladder, or a visit that becomes routine, is not followed up",
    arguments: [true, false])
  func lost(byPlan: Bool) async throws {
    let clinic = try await sent()
    if byPlan {
      try clinic.reload { $0.plans["surgery"]?.thenAfter = nil }
    } else {
      try clinic.call(EditFollowUp.self, .init(id: "F-1", priority: "routine"))
    }
    try await clinic.advance(to: "2026-12-06T15:00:00Z")
    #expect(clinic.sms.sent.isEmpty)
    #expect(try await clinic.tasks().isEmpty)
  }

  @Test("Ladder: a plan that waits longer now is waited for")
  func longer() async throws {
    let clinic = try await sent()
    try clinic.reload { $0.plans["surgery"]?.thenAfter = .literal("8h") }
    try await clinic.advance(to: "2026-12-06T00:59:59Z")
    #expect(clinic.sms.sent.isEmpty)
    try await clinic.advance(by: 1)
    #expect(clinic.sms.sent.count == 1)
  }

  @Test("Trial: nobody was written to, so that nobody is silent")
  func trial() async throws {
    let clinic = try await sent { $0.delivery.mode = .trial }
    #expect(clinic.trial.sent.count == 1)
    try await clinic.advance(to: "2026-12-07T16:00:00Z")
    #expect(clinic.trial.sent.count == 1)
    #expect(try await clinic.tasks().isEmpty)
  }

  @Test("R10: a later step that is due takes the place of a rung that waits")
  func overtaken() async throws {
    let clinic = try await sent()
    try clinic.call(AddHold.self, .init(kind: "patient", subject: "p1", reason: "a test"))
    try await clinic.advance(to: "2026-12-06T17:00:00Z")
    #expect(try await clinic.reminders("three-days#2") == ["held|held"])
    try await clinic.advance(to: SendingClinic.secondDue)
    try clinic.release("all")
    try await clinic.settle()
    #expect(try await clinic.reminders("three-days#2") == ["superseded|later"])
    #expect(try await addresses(clinic) == ["p1@example.org", "p1@example.org"])
  }

  @Test(
    "R12: what can stop a message stops a rung: hold, death, cancellation", arguments: ["hold", "deceased", "cancel"])
  func stops(how: String) async throws {
    let clinic = try await sent { $0.plans["surgery"]?.thenAfter = .literal("10h") }
    try await clinic.advance(to: "2026-12-06T03:30:00Z")
    switch how {
    case "hold": try clinic.call(AddHold.self, .init(kind: "patient", subject: "p1", reason: "a test"))
    case "deceased":
      var request = MarkDeceased.Request(who: "p1")
      request.confirmed = true
      try clinic.call(MarkDeceased.self, request)
    default: try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    }
    try await clinic.advance(to: "2026-12-07T05:00:00Z")
    #expect(clinic.sms.sent.isEmpty)
  }

  @Test("A refused rung goes to the contact after it at once; where none is left, a person has what was tried")
  func refusedRung() async throws {
    let clinic = try await sent(contacts: 3)
    clinic.sms.next(.rejected(Fault(code: "http-410")))
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(try await addresses(clinic) == Self.oneRung + ["daughter@example.org"])
    #expect(try await clinic.reminders("three-days#2") == ["sent"])

    let two = try await sent(contacts: 2)
    two.sms.next(.rejected(Fault(code: "http-410")))
    try await two.advance(to: "2026-12-05T23:00:00Z")
    #expect(try await two.reminders("three-days#2") == ["failed|delivery-failed"])
    #expect(try await two.tasks() == ["delivery-failed|F-1@2026-12-08"])
    #expect(
      try await two.query("SELECT tried FROM task")
        == [#"["step=three-days#2","email: M-1 sent","sms: M-2 rejected http-410"]"#])
    try await two.advance(to: "2026-12-06T23:00:00Z")
    #expect(try await two.tasks() == ["delivery-failed|F-1@2026-12-08"])
  }

  @Test("The next contact at once: a refused first contact, then silence of the second")
  func refusedFirst() async throws {
    let clinic = try await sent(.rejected(Fault(code: "550-5.1.1")))
    #expect(try await addresses(clinic) == Self.oneRung)
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(try await addresses(clinic) == Self.oneRung + ["daughter@example.org"])
  }

  @Test("R3, R10: planning anew leaves a rung that waits for the morning where it is, and ends one whose step is gone")
  func plannedAnew() async throws {
    for isGone in [false, true] {
      let clinic = try await sent { $0.plans["surgery"]?.thenAfter = .literal("10h") }
      try await clinic.advance(to: "2026-12-06T03:30:00Z")
      let before = try await clinic.query("SELECT planned_at, wake_at FROM reminder WHERE step = 'three-days#2'")
      try clinic.reload {
        if isGone { $0.plans["surgery"]?.steps.removeFirst() } else { $0.plans["surgery"]?.lateAfter = .literal("20m") }
      }
      try await clinic.settle()
      #expect(try await clinic.reminders("three-days#2") == (isGone ? ["superseded|plan-changed"] : ["planned"]))
      if !isGone {
        #expect(
          try await clinic.query("SELECT planned_at, wake_at FROM reminder WHERE step = 'three-days#2'") == before)
        try await clinic.advance(to: "2026-12-06T16:30:00Z")
        #expect(try await addresses(clinic) == Self.oneRung)
      }
    }
  }

  @Test("R3, R8: other hours move a rung that waits")
  func otherHours() async throws {
    let clinic = try await sent { $0.plans["surgery"]?.thenAfter = .literal("10h") }
    try await clinic.advance(to: "2026-12-06T03:30:00Z")
    try clinic.reload { $0.contactHours.week = ContactHours(daily: [.literal("13:00-19:00")]) }
    try await clinic.advance(to: "2026-12-06T19:59:59Z")
    #expect(try await addresses(clinic) == ["p1@example.org"])
    try await clinic.advance(to: "2026-12-06T20:30:00Z")
    #expect(try await addresses(clinic) == Self.oneRung)
  }

  @Test("R13: rungs of two visits of one patient leave as one message")
  func bundled() async throws {
    let clinic = try SendingClinic(Self.waiting)
    try add(2, to: clinic)
    for when in ["2026-12-08 14:30", "2026-12-08 16:00"] { try clinic.followUp("p1", when, plan: "surgery") }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.sms.sent.count == 1)
    #expect(try await clinic.reminders("three-days#2") == ["sent", "sent"])
    // An answer to one leaves the other's ladder.
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    try await clinic.advance(to: "2026-12-06T12:00:00Z")
    #expect(try await clinic.tasks() == ["unconfirmed|F-2@2026-12-08"])
  }

  @Test("Ladder: `explain` and `show` tell of the next contact's turn")
  func told() async throws {
    let clinic = try await sent { $0.plans["surgery"]?.thenAfter = .literal("10h") }
    let first = try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days")).items
    #expect(first.first?.said.contains("If nobody answers, the next contact is tried on Sat 5 Dec 20:00.") == true)
    try await clinic.advance(to: "2026-12-06T03:30:00Z")
    let item = try #require(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days#2")).items.first)
    #expect(item.decision == "send" && item.reminder.step == "three-days#2")
    #expect(item.said.contains("It is the 2nd contact's turn."), "\(item.said)")
    #expect(item.history.contains { $0.what == "next contact's turn" })
    let preview = try clinic.call(PreviewMessage.self, .init(id: "F-1@2026-12-08/1/step/three-days#2"))
    #expect(preview.address == "+16045550101" && preview.body?.isEmpty == false)
    let upcoming = try clinic.call(ListUpcoming.self, .init(days: 30)).items
    #expect(upcoming.contains { $0.id == "F-1@2026-12-08/1/step/three-days#2" && $0.decision == "send" })
  }
}
