import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// What follows from each outcome (`delivery.md`, Retry and Doubt).
@Suite struct RetryTests {
  /// A clinic with one patient, whose first reminder is due now.
  private func due(
    sms: String? = nil, plan: String = "visit", _ outcomes: Outcome?..., adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try SendingClinic(adjust)
    try clinic.patient(sms: sms)
    try clinic.followUp(plan: plan)
    for outcome in outcomes { clinic.email.next(outcome) }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    return clinic
  }

  private static let busy = Outcome.retry(after: nil, Fault(code: "451"))
  private static let doubt = Outcome.uncertain(Fault(code: "timeout"))

  @Test("Promise 22: a 4xx is tried again by the schedule, with the same identity and the same bytes")
  func retry() async throws {
    let clinic = try await due(Self.busy, Self.busy)
    #expect(try await clinic.reminders("three-days") == ["waiting|retry"])
    #expect(try await clinic.messages() == ["waiting"])
    let start = clinic.clock.now()
    let second = try #require(clinic.clock.armedFor)
    #expect((240...360).contains(second - start))
    try await clinic.advance(to: second - 1)
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(to: second)
    #expect(clinic.email.sent.count == 2)
    try await clinic.advance(by: 3600)
    #expect(try await clinic.reminders("three-days") == ["sent"])
    #expect(clinic.email.sent.count == 3)
    #expect(Set(clinic.email.identities).count == 1)
    #expect(Set(clinic.email.sent.map(\.body)).count == 1)
    #expect(Set(clinic.email.sent.map(\.messageID)).count == 1)
    #expect(try await clinic.attempts() == ["retry|451", "retry|451", "delivered|250"])
  }

  @Test("A reminder that was tried until it expired goes to the next contact, else to staff")
  func exhausted() async throws {
    let clinic = try await due(plan: "surgery", Self.busy)
    clinic.email.always(Self.busy)
    try await clinic.advance(to: "2026-12-08T22:31:00Z")
    #expect(try await clinic.query("SELECT count(*) FROM task WHERE state = 'open'") != ["0"])
    #expect(
      try await clinic.query(
        "SELECT count(*) FROM reminder WHERE step <> 'missed' AND state IN ('planned', 'waiting', 'claimed', 'uncertain')"
      )
        == ["0"])
    #expect(
      try await clinic.query("SELECT count(*) FROM message WHERE state IN ('claimed', 'waiting', 'uncertain')") == ["0"]
    )
  }

  @Test("A 5.1.1 makes the contact bounced at once, and the next contact by rank gets it at once")
  func bounced() async throws {
    let clinic = try await due(sms: "+16045550101", .rejected(Fault(code: "550-5.1.1")))
    #expect(clinic.email.sent.count == 1)
    #expect(clinic.sms.sent.map(\.address) == ["+16045550101"])
    #expect(clinic.sms.identities != clinic.email.identities)
    #expect(try await clinic.query("SELECT state FROM contact ORDER BY id") == ["bounced", "ok"])
    #expect(try await clinic.messages() == ["rejected|delivery-failed", "sent"])
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }

  @Test("Another 5xx bounces a contact on the second day only; without another contact staff have a task")
  func rejectedTwice() async throws {
    let refusal = Outcome.rejected(Fault(code: "550-5.2.1"))
    let clinic = try await due(refusal, refusal)
    #expect(try await clinic.query("SELECT state FROM contact") == ["ok"])
    #expect(try await clinic.tasks() == ["delivery-failed|F-1@2026-12-08"])
    #expect(try await clinic.reminders("three-days") == ["failed|delivery-failed"])
    try await clinic.advance(to: SendingClinic.secondDue)
    #expect(clinic.email.sent.count == 2)
    #expect(try await clinic.query("SELECT state FROM contact") == ["bounced"])
  }

  @Test("A bounced address without another raises the task that mends it, one a patient")
  func bouncedAlone() async throws {
    let clinic = try await due(.rejected(Fault(code: "550-5.1.1")))
    #expect(try await clinic.tasks() == ["bounced|P:1"])
    try await clinic.advance(to: SendingClinic.secondDue)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.tasks() == ["bounced|P:1"])
  }

  @Test("Refused settings hold the channel once; released, the same message leaves with the same identity")
  func misconfigured() async throws {
    let clinic = try SendingClinic()
    for ref in ["p1", "p2", "p3"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    let refusal = Outcome.misconfigured(Fault(code: "535"))
    clinic.email.next(refusal)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    // What was claimed beside it is taken back before the hold is committed: a server may lock out who tries often.
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.query("SELECT kind, subject FROM hold WHERE released_at IS NULL") == ["channel|email"])
    #expect(clinic.log.all.filter { $0.contains("535") && $0.lowercased().contains("hold") }.count == 1)
    let tried = clinic.email.sent
    try await clinic.advance(by: 7200)
    #expect(clinic.email.sent.count == tried.count)
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|held" }.count >= 2)
    try clinic.release("all")
    try await clinic.advance(by: 60)
    #expect(try await clinic.reminders("three-days") == ["sent", "sent", "sent"])
    for message in tried { #expect(clinic.email.sent.filter { $0 == message }.count >= 1) }
    #expect(Set(clinic.email.identities).count == 3)
  }

  @Test("Two that had begun when the settings were refused raise one hold, and one line of the journal")
  func misconfiguredTwice() async throws {
    let clinic = try SendingClinic()
    for ref in ["p1", "p2"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    clinic.email.next(nil, nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 2)
    for _ in 0..<2 {
      clinic.email.end(.misconfigured(Fault(code: "535")))
      try await clinic.settle()
    }
    #expect(try await clinic.query("SELECT kind, subject FROM hold WHERE released_at IS NULL") == ["channel|email"])
    #expect(clinic.log.all.filter { $0.contains("535") && $0.lowercased().contains("hold") }.count == 1)
    #expect(try await clinic.reminders("three-days") == ["held|held", "held|held"])
  }

  @Test("Promise 23: after doubt the same message is repeated once after ten minutes, with the same identity and bytes")
  func doubt() async throws {
    let clinic = try await due(Self.doubt)
    #expect(try await clinic.reminders("three-days") == ["uncertain|uncertain-delivery"])
    #expect(try await clinic.messages() == ["uncertain"])
    #expect(try await clinic.query("SELECT told_revision FROM occurrence") == ["1"])
    #expect(clinic.clock.armedFor == clinic.clock.now() + 600)
    try await clinic.advance(by: 599)
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(by: 1)
    #expect(clinic.email.sent.count == 2)
    #expect(clinic.email.sent[0] == clinic.email.sent[1])
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }

  @Test("A second doubt is for good: the message is doubtful, and staff have a task")
  func doubtful() async throws {
    let clinic = try await due(Self.doubt, Self.doubt)
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.reminders("three-days") == ["handed|uncertain-delivery"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.count == 2)
  }

  @Test("A plan that asks in doubt repeats nothing")
  func ask() async throws {
    let clinic = try await due(Self.doubt) { $0.plans["visit"]?.onDoubt = .ask }
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.count == 1)
  }

  @Test("An idempotent channel repeats with its schedule, however often it is in doubt")
  func idempotent() async throws {
    let clinic = try SendingClinic {
      var webhook = WebhookChannel(url: "https://sms.example.org/")
      webhook.idempotent = true
      $0.channels["sms"] = ChannelSettings(name: "sms", adapter: .webhook(webhook))
    }
    try clinic.call(
      AddPatient.self, .init(ref: "s", name: "S", contacts: [.init(channel: "sms", address: "+16045550101")]))
    try clinic.followUp("s")
    clinic.sms.next(Self.doubt, Self.doubt, Self.doubt)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 3 * 3600)
    #expect(clinic.sms.sent.count == 4)
    #expect(Set(clinic.sms.identities).count == 1)
    #expect(try await clinic.messages() == ["sent"])
  }

  @Test("What was in doubt and then fails to leave stays doubtful on record when it ends")
  func doubtThenEnd() async throws {
    let clinic = try await due(Self.doubt, Self.busy)
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["waiting"])
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    #expect(try await clinic.messages() == ["doubtful"])
  }

  @Test("Doubt never ends unseen: a step that the plan has no more goes to staff, waiting, parked or held")
  func doubtOfGoneStep() async throws {
    for isHeld in [false, true] {
      let clinic = try await due(Self.doubt)
      if isHeld {
        try clinic.call(AddHold.self, .init(kind: "all", reason: "a check"))
        try await clinic.advance(by: 600)
        #expect(try await clinic.reminders("three-days") == ["held|held"])
      }
      try clinic.reload { $0.plans["visit"]?.steps.removeAll { $0.id == "three-days" } }
      try await clinic.settle()
      #expect(try await clinic.reminders("three-days") == ["handed|uncertain-delivery"])
      #expect(try await clinic.messages() == ["doubtful"])
      #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
      #expect(clinic.email.sent.count == 1)
    }
  }

  @Test("Doubt never ends unseen: what a later step overtakes goes to staff")
  func doubtOvertaken() async throws {
    let clinic = try await due(Self.doubt) {
      $0.plans["visit"]?.steps.insert(Step(id: "soon-after", at: .literal("-3d 10:05"), template: "visit"), at: 1)
    }
    try await clinic.advance(by: 600)
    #expect(try await clinic.reminders("three-days") == ["handed|uncertain-delivery"])
    #expect(try await clinic.reminders("soon-after") == ["sent"])
    #expect(try await clinic.messages() == ["doubtful", "sent"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
  }

  @Test("Doubt never ends unseen: a routine one whose address was stopped goes to staff")
  func doubtStopped() async throws {
    let clinic = try await due(Self.doubt)
    var stop = Stop.Request(target: "p1@example.org")
    stop.confirmed = true
    try clinic.call(Stop.self, stop)
    try await clinic.advance(by: 600)
    #expect(try await clinic.reminders("three-days") == ["handed|uncertain-delivery"])
    #expect(try await clinic.tasks().contains("uncertain-delivery|F-1@2026-12-08"))
  }

  @Test("Past its sendBy a claim does not begin: it is planned again and leaves with its identity")
  func sendBy() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    let identity = try await clinic.query("SELECT identity FROM message")
    try await clinic.advance(by: 60)
    clinic.email.flow()
    try await clinic.settle()
    #expect(try await clinic.attempts() == ["withdrawn", "delivered|250"])
    #expect(clinic.email.identities == identity)
    #expect(try await clinic.query("SELECT tries FROM message") == ["1"])
    #expect(clinic.claims.inFlight().isEmpty, "what was claimed anew is counted once")
  }

  @Test("A claim ends with the hours' range, however much of its minute is left")
  func rangeEnd() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit("UPDATE patient SET hours = '09:00-10:01'")
    try await clinic.run()
    clinic.email.stall()
    try await clinic.advance(to: "2026-12-05T17:00:00Z")
    try await clinic.edit("UPDATE patient SET hours = '09:00-10:01'")
    #expect(try await clinic.query("SELECT send_by - claimed_at FROM attempt") == ["60"])
    clinic.email.flow()
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
  }

  @Test("M13: after midnight the text would be another: the message is cancelled, and a new one says it right")
  func recomposed() async throws {
    let text = "Reviewed: followupd 2026-11-23\n\nYour visit is {{due.relative}}.\n"
    guard case .template(let template) = TemplateParser.parse(fileName: "visit.en.txt", text: text).file else {
      throw HarnessError("the template does not parse")
    }
    let clinic = try SendingClinic { settings in
      settings.templates.insert(template)
      settings.contactHours.week = ContactHours(daily: [.literal("00:00-24:00")])
    }
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 14:30")
    try await clinic.edit("UPDATE reminder SET state = 'cancelled', wake_at = NULL WHERE step = 'three-days'")
    clinic.email.next(Self.busy)
    // The day before at 23:58, Vancouver's time.
    let late = try #require(Instant("2026-12-08T06:58:00Z"))
    try await clinic.edit(
      "UPDATE reminder SET planned_at = \(late.seconds), wake_at = \(late.seconds) WHERE step = 'day-before'")
    try await clinic.run()
    try await clinic.advance(to: late)
    try await clinic.advance(by: 900)
    #expect(
      clinic.email.texts.map { $0.split(separator: "\n").last.map(String.init) ?? "" }
        == ["Your visit is tomorrow.", "Your visit is today."])
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
    #expect(Set(clinic.email.identities).count == 2)
  }

  @Test("M13 after doubt: another text is not sent, staff ask")
  func recomposedInDoubt() async throws {
    let clinic = try await due(Self.doubt)
    try await clinic.edit("UPDATE patient SET called_name = 'Mia'")
    try await clinic.advance(by: 600)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
  }

  @Test("A retry is not looked at before its time because another step of the visit is")
  func notBeforeItsTime() async throws {
    let clinic = try SendingClinic { settings in
      settings.plans["visit"]?.steps.append(
        Step(id: "bring-papers", at: .literal("-3d 10:02"), template: "visit", when: .confirmed))
    }
    try clinic.patient()
    try clinic.followUp()
    clinic.email.next(Self.doubt)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 300)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.reminders("bring-papers") == ["dropped|unconfirmed"])
    try await clinic.advance(by: 300)
    #expect(clinic.email.sent.count == 2)
  }

  @Test("R13: what waits for a retry does not count against itself")
  func budget() async throws {
    let clinic = try await due(Self.busy) { $0.budget.perAddressPerDay = 1 }
    try await clinic.advance(by: 600)
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }
}
