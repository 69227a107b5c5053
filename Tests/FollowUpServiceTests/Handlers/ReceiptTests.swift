import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// `inbound receipt`: what a gateway says of a message that it took (`domain.md`, States; `delivery.md`, Ladder and Doubt).
@Suite struct ReceiptTests {
  /// A patient with a number and an e-mail address, whose first reminder was given to the gateway, which calls it `gw-1`.
  private func sent(
    plan: String = "visit", email: Bool = true, _ outcomes: Outcome?..., adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try SendingClinic(adjust)
    var contacts = [ContactInput(channel: "sms", address: "+16045550101")]
    if email { contacts.append(ContactInput(channel: "email", address: "p1@example.org")) }
    try clinic.call(AddPatient.self, .init(ref: "p1", name: "Maria Álvarez", contacts: contacts))
    try clinic.followUp(plan: plan)
    for outcome in outcomes { clinic.sms.next(outcome) }
    if outcomes.isEmpty { clinic.sms.next(.delivered(code: "http-200", gatewayID: "gw-1")) }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    return clinic
  }

  @discardableResult
  private func receive(
    _ clinic: SendingClinic, _ id: String, _ outcome: String, code: String? = nil, at: String? = nil
  ) throws -> RecordReceipt.Reply {
    try clinic.call(RecordReceipt.self, .init(id: id, outcome: outcome, code: code, at: at))
  }

  private func refusal(_ clinic: SendingClinic, _ id: String, _ outcome: String, code: String? = nil, at: String? = nil)
    -> ControlError.Kind?
  {
    do {
      _ = try receive(clinic, id, outcome, code: code, at: at)
      return nil
    } catch let error as VarlinkError { return ControlError.Kind(varlinkName: error.name) } catch { return .internal }
  }

  private func state(_ clinic: SendingClinic) async throws -> [String] {
    try await clinic.query(
      "SELECT state, coalesce(delivered_at, '-') FROM message UNION ALL SELECT outcome, code FROM receipt")
  }

  @Test("Today's failures are what nobody was told of: what goes on by another contact is none")
  func failedToday() async throws {
    let clinic = try await sent(email: true, .rejected(Fault(code: "550-5.1.1")))
    #expect(try await clinic.query("SELECT state FROM message ORDER BY id") == ["rejected", "sent"])
    var status = try clinic.call(GetStatus.self, .init())
    #expect(status.reminders.sentToday == 1 && status.reminders.failedToday == 0)
    #expect(status.attention.isEmpty)
    let alone = try await sent(email: false, .rejected(Fault(code: "550-5.1.1")))
    status = try alone.call(GetStatus.self, .init())
    #expect(status.reminders.sentToday == 0 && status.reminders.failedToday == 1)
    #expect(status.attention.contains { $0.what == "1 failed reminder" })
  }

  @Test("A receipt is found by M-id, by our webhook-id in any case, and by the gateway's own id")
  func found() async throws {
    let webhookID = "SELECT upper(identity) FROM message WHERE id = 1"
    for how in ["M-1", "m-1", "webhook", "gw-1"] {
      let clinic = try await sent()
      let id = how == "webhook" ? try #require(try await clinic.query(webhookID).first) : how
      let reply = try receive(clinic, id, "delivered", at: "2026-12-05T10:00:00-07:00")
      #expect(reply.changed && reply.thing.id == "M-1" && reply.thing.state == "sent", "\(how)")
      #expect(reply.thing.deliveredAt == "2026-12-05T17:00:00Z")
      #expect(reply.thing.receipt == ReceiptView(outcome: "delivered", code: nil, at: "2026-12-05T17:00:00Z"))
    }
  }

  @Test("What no message has, or several, and what is no receipt, is refused and changes nothing")
  func refused() async throws {
    let clinic = try await sent()
    #expect(refusal(clinic, "gw-2", "delivered") == .notFound)
    #expect(refusal(clinic, "M-7", "delivered") == .notFound)
    #expect(refusal(clinic, "1", "delivered") == .notFound)
    #expect(refusal(clinic, "gw-1", "lost") == .invalid)
    #expect(refusal(clinic, "gw-1", "failed", code: "+16045550101") == .invalid)
    #expect(refusal(clinic, "gw-1", "failed", at: "yesterday") == .invalid)
    #expect(refusal(clinic, "gw-1", "failed", at: "2026-12-05T17:05:01Z") == .invalid)
    #expect(refusal(clinic, "gw-1", "failed", at: "2026-12-05T16:54:59Z") == .invalid)
    try await clinic.edit("UPDATE message SET gateway_id = '0' WHERE id = 1")
    try await clinic.advance(to: SendingClinic.secondDue)
    try await clinic.edit("UPDATE message SET gateway_id = 'gw-1'")
    do {
      try receive(clinic, "gw-1", "delivered")
      Issue.record("two messages have that id")
    } catch let error as VarlinkError {
      #expect(error.name == "org.followupd.Ambiguous")
      let decoded: ControlError = try WireJSON.decode(from: error.parameters)
      #expect(decoded.candidates?.map(\.id) == ["M-2", "M-1"])
    }
    #expect(try await clinic.query("SELECT count(*) FROM receipt") == ["0"])
    #expect(try await clinic.messages() == ["sent", "sent"])
  }

  @Test("A clock that is a little off is corrected: not ahead of now, not before the message was made")
  func clocks() async throws {
    for (at, kept) in [
      ("2026-12-05T17:04:59Z", "2026-12-05T17:00:00Z"), ("2026-12-05T16:56:00Z", "2026-12-05T17:00:00Z"),
    ] {
      let clinic = try await sent()
      #expect(try receive(clinic, "M-1", "delivered", at: at).thing.deliveredAt == kept)
    }
    let clinic = try await sent()
    try await clinic.advance(by: 3600)
    #expect(try receive(clinic, "M-1", "delivered", at: "2026-12-05T10:30").thing.deliveredAt == "2026-12-05T17:30:00Z")
  }

  @Test("The same receipt twice changes nothing", arguments: ["delivered", "failed"])
  func twice(outcome: String) async throws {
    let clinic = try await sent()
    #expect(try receive(clinic, "gw-1", outcome, code: "30003").changed)
    try await clinic.settle()
    let (before, audit) = (try await state(clinic), try await clinic.query("SELECT count(*) FROM audit"))
    let again = try receive(clinic, "M-1", outcome, code: "30003")
    #expect(!again.changed && again.warnings.isEmpty)
    try await clinic.settle()
    #expect(try await state(clinic) == before)
    #expect(try await clinic.query("SELECT count(*) FROM audit") == audit)
    #expect(clinic.email.sent.count == (outcome == "failed" ? 1 : 0))
  }

  @Test("The first word counts: what contradicts it changes nothing, and is said", arguments: ["delivered", "failed"])
  func contradicted(first: String) async throws {
    let clinic = try await sent()
    try receive(clinic, "M-1", first)
    try await clinic.settle()
    let before = try await state(clinic)
    let reply = try receive(clinic, "M-1", first == "failed" ? "delivered" : "failed")
    #expect(!reply.changed)
    #expect(reply.warnings == ["M-1 was reported \(first) before: the first word counts"])
    #expect(try await state(clinic) == before)
  }

  @Test("A dry run changes nothing")
  func dryRun() async throws {
    let clinic = try await sent()
    var request = RecordReceipt.Request(id: "gw-1", outcome: "failed")
    request.dryRun = true
    let reply = try clinic.call(RecordReceipt.self, request)
    #expect(!reply.changed && reply.preview != nil)
    #expect(try await clinic.messages() == ["sent"])
  }

  // MARK: Failed

  @Test(
    "States: `sent` becomes `failed` by a receipt, and the next contact is written to at once, of routine visits too")
  func failed() async throws {
    let clinic = try await sent()
    let reply = try receive(clinic, "gw-1", "failed", code: "30003")
    #expect(reply.changed && reply.thing.state == "failed")
    #expect(reply.said == "M-1 did not arrive; the next contact is tried")
    #expect(reply.thing.receipt?.code == "30003")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.messages() == ["failed|delivery-failed", "sent"])
    #expect(try await clinic.reminders("three-days") == ["failed|delivery-failed"])
    #expect(try await clinic.reminders("three-days#2") == ["sent"])
    #expect(try await clinic.tasks().isEmpty)
    #expect(try await clinic.query("SELECT told_revision IS NOT NULL FROM occurrence") == ["1"])
    #expect(
      try await clinic.query("SELECT verb, subject, fields FROM audit WHERE verb = 'RecordReceipt'")
        == ["RecordReceipt|M-1|receipt=failed code=30003"])
  }

  @Test("Where there is no further contact a person has a task that says what was tried")
  func person() async throws {
    let clinic = try await sent(email: false)
    let reply = try receive(clinic, "gw-1", "failed", code: "30003")
    #expect(reply.said == "M-1 did not arrive; a person has T-1")
    #expect(try await clinic.tasks() == ["delivery-failed|F-1@2026-12-08"])
    #expect(try await clinic.query("SELECT tried FROM task") == [#"["sms: M-1 failed 30003"]"#])
    #expect(try await clinic.query("SELECT state, task_id FROM reminder WHERE step = 'three-days'") == ["failed|1"])
    #expect(try await clinic.query("SELECT told_revision IS NULL FROM occurrence") == ["1"], "nobody was told")
    let item = try #require(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days")).items.first)
    #expect(item.decision == "staff" && item.reminder.task == "T-1")
  }

  @Test("At night the next contact waits for the morning")
  func night() async throws {
    let clinic = try await sent()
    try await clinic.advance(to: "2026-12-06T06:00:00Z")
    try receive(clinic, "gw-1", "failed")
    try await clinic.advance(to: "2026-12-06T15:59:59Z")
    #expect(clinic.email.sent.isEmpty)
    try await clinic.advance(to: "2026-12-06T16:30:00Z")
    #expect(clinic.email.sent.count == 1)
  }

  @Test("R14: what the visit needs no more goes to nobody", arguments: ["yes", "cancel", "move"])
  func needless(how: String) async throws {
    let clinic = try await sent()
    switch how {
    case "yes": try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    case "cancel": try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    default: try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-28 14:30"))
    }
    try receive(clinic, "gw-1", "failed")
    try await clinic.settle()
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.tasks().isEmpty)
    #expect(try await clinic.reminders("three-days").first == "failed|delivery-failed")
  }

  @Test(
    "Ladder: never after expiry; of what is pressing and was never told, a person hears",
    arguments: ["visit", "surgery"])
  func expired(plan: String) async throws {
    let clinic = try await sent(plan: plan) { $0.plans[plan]?.steps[0].useful = .literal("2h") }
    try await clinic.advance(by: 3 * 3600)
    try receive(clinic, "gw-1", "failed")
    try await clinic.settle()
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.tasks() == (plan == "surgery" ? ["delivery-failed|F-1@2026-12-08"] : []))
  }

  @Test("Bounces: a 5.1.1 marks the contact at once, a gateway's own code says nothing of the address")
  func bounce() async throws {
    for (code, state) in [("550-5.1.1", "bounced"), ("30003", "ok"), ("550", "ok")] {
      let clinic = try await sent()
      try receive(clinic, "gw-1", "failed", code: code)
      #expect(try await clinic.query("SELECT state FROM contact WHERE channel = 'sms'") == [state], "\(code)")
      #expect(try await clinic.tasks() == (state == "bounced" ? ["bounced|P:1"] : []), "\(code)")
    }
  }

  @Test("A failed bundle goes on with each visit that still needs it")
  func bundle() async throws {
    let clinic = try SendingClinic()
    try clinic.call(
      AddPatient.self,
      .init(
        ref: "p1", name: "M",
        contacts: [.init(channel: "sms", address: "+16045550101"), .init(channel: "email", address: "p1@example.org")]))
    for when in ["2026-12-08 14:30", "2026-12-08 16:00"] { try clinic.followUp("p1", when) }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.sms.sent.count == 1)
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    try receive(clinic, "M-1", "failed")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
    #expect(
      try await clinic.query("SELECT occurrence_id FROM reminder WHERE step = 'three-days#2' AND state = 'sent'") == [
        "2"
      ])
  }

  @Test("Ladder: after a receipt the silence of the next contact counts, and the third is tried the next day")
  func thenSilence() async throws {
    let clinic = try await sent(plan: "surgery") { $0.plans["surgery"]?.thenAfter = .literal("6h") }
    try clinic.call(
      AddContact.self, .init(who: "p1", channel: "email", address: "mai@example.org", person: "daughter Mai"))
    try receive(clinic, "gw-1", "failed")
    try await clinic.advance(to: "2026-12-05T23:30:00Z")
    #expect(clinic.email.sent.map(\.address) == ["p1@example.org"])
    try await clinic.advance(to: "2026-12-06T16:30:00Z")
    #expect(clinic.email.sent.map(\.address) == ["p1@example.org", "mai@example.org"])
    #expect(try await clinic.reminders("three-days#3") == ["sent"])
  }

  @Test("R12: a hold parks the next contact's turn as it parks all others")
  func held() async throws {
    let clinic = try await sent()
    try clinic.call(AddHold.self, .init(kind: "patient", subject: "p1", reason: "a test"))
    try receive(clinic, "gw-1", "failed")
    try await clinic.settle()
    #expect(clinic.email.sent.isEmpty)
    try clinic.release("all")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
  }

  // MARK: Doubt

  private static let doubt = Outcome.uncertain(Fault(code: "timeout"))

  /// The gateway does not recognise a repeat.
  private static func plain(_ settings: inout Settings) {
    var webhook = WebhookChannel(url: "https://sms.example.org/")
    webhook.idempotent = false
    settings.channels["sms"] = ChannelSettings(name: "sms", adapter: .webhook(webhook))
  }

  /// A step with a ladder of six hours; whether the gateway took it is not known, nor will be of its repeat.
  private func twiceInDoubt(email: Bool = true) async throws -> SendingClinic {
    try await sent(plan: "surgery", email: email, Self.doubt, Self.doubt) {
      Self.plain(&$0)
      $0.plans["surgery"]?.thenAfter = .literal("6h")
    }
  }

  @Test("Doubt: a receipt that it arrived ends it as sent, and nothing is repeated")
  func doubtDelivered() async throws {
    let clinic = try await sent(plan: "surgery", Self.doubt) { $0.plans["surgery"]?.thenAfter = .literal("6h") }
    #expect(try await clinic.messages() == ["uncertain"])
    #expect(try receive(clinic, "M-1", "delivered").thing.state == "sent")
    #expect(try await clinic.reminders("three-days") == ["sent"])
    try await clinic.advance(by: 3600)
    #expect(clinic.sms.sent.count == 1)
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["1"])
  }

  @Test("Doubt: a receipt that it failed ends it, and the next contact is tried instead of a repeat")
  func doubtFailed() async throws {
    let clinic = try await sent(Self.doubt)
    #expect(try receive(clinic, "M-1", "failed", code: "30003").thing.state == "failed")
    try await clinic.advance(by: 3600)
    #expect(clinic.sms.sent.count == 1)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.reminders("three-days") == ["sent"])

    let alone = try await sent(email: false, Self.doubt)
    try receive(alone, "M-1", "failed", code: "30003")
    try await alone.settle()
    #expect(try await alone.tasks() == ["delivery-failed|F-1@2026-12-08"])
    #expect(try await alone.query("SELECT tried FROM task") == [#"["step=three-days","sms: M-1 failed 30003"]"#])
  }

  @Test("Doubt for good: a receipt answers the question, or tells who has it", arguments: ["delivered", "failed"])
  func doubtful(outcome: String) async throws {
    let clinic = try await sent(Self.doubt, Self.doubt, adjust: Self.plain)
    try await clinic.advance(by: 600)
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    #expect(try receive(clinic, "M-1", outcome).thing.state == "doubtful")
    #expect(try await clinic.tasks() == (outcome == "delivered" ? [] : ["uncertain-delivery|F-1@2026-12-08"]))
    if outcome == "failed" {
      #expect(try await clinic.query("SELECT tried FROM task").first?.contains("sms: M-1 did not arrive") == true)
    }
    // Of two copies that may have arrived a failure concerns one.
    #expect(try await clinic.query("SELECT told_revision FROM occurrence") == ["1"])
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.isEmpty && clinic.sms.sent.count == 2)
  }

  @Test("R20: one copy in doubt that did not arrive is no longer what the patient was told")
  func untold() async throws {
    let clinic = try await sent(Self.doubt) {
      Self.plain(&$0)
      $0.plans["visit"]?.onDoubt = .ask
    }
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.query("SELECT told_revision FROM occurrence") == ["1"])
    try receive(clinic, "M-1", "failed")
    #expect(try await clinic.query("SELECT told_revision IS NULL FROM occurrence") == ["1"])
  }

  @Test("Ladder: once a doubtful message turns out to have arrived, silence is followed up as after any other")
  func arrivedAfterDoubt() async throws {
    let clinic = try await twiceInDoubt()
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["doubtful"])
    // In doubt a person asks, and the ladder stands still.
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
    try receive(clinic, "M-1", "delivered")
    #expect(try await clinic.tasks() == [])
    try await clinic.advance(by: 6 * 3600)
    #expect(clinic.email.sent.map(\.address) == ["p1@example.org"])
  }

  @Test("Ladder: what is known late of an earlier step does not put off the silence of a later one")
  func lateWord() async throws {
    let clinic = try await twiceInDoubt(email: false)
    try await clinic.advance(to: SendingClinic.secondDue)
    #expect(try await clinic.messages() == ["doubtful", "sent"])
    let due = "SELECT due_at FROM deadline WHERE kind = 'ladder'"
    let before = try await clinic.query(due)
    #expect(before.count == 1)
    try await clinic.advance(by: 3600)
    try receive(clinic, "M-1", "delivered")
    #expect(try await clinic.query(due) == before)
  }

  @Test("Ladder: a rung that arrived after doubt is the day's one")
  func doubtfulRung() async throws {
    let clinic = try await sent(plan: "surgery") {
      $0.plans["surgery"]?.thenAfter = .literal("2h")
    }
    try clinic.call(
      AddContact.self, .init(who: "p1", channel: "email", address: "mai@example.org", person: "daughter Mai"))
    clinic.email.next(Self.doubt, Self.doubt)
    try await clinic.advance(by: 3 * 3600)
    #expect(try await clinic.messages() == ["sent", "doubtful"])
    try receive(clinic, "M-2", "delivered")
    try await clinic.advance(to: "2026-12-05T23:30:00Z")
    #expect(Set(clinic.email.sent.map(\.address)) == ["p1@example.org"])
    try await clinic.advance(to: "2026-12-06T20:30:00Z")
    #expect(Set(clinic.email.sent.map(\.address)) == ["p1@example.org", "mai@example.org"])
  }

  @Test("While a person has the question whether a message arrived, silence does not go on to the next contact")
  func askedMeanwhile() async throws {
    let clinic = try await twiceInDoubt()
    try await clinic.advance(by: 600)
    try await clinic.edit("UPDATE task SET state = 'taken'")
    try receive(clinic, "M-1", "delivered")
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'ladder'") == ["0"])
  }

  @Test("A receipt may be faster than the answer to the request that it is for", arguments: ["delivered", "failed"])
  func faster(outcome: String) async throws {
    let clinic = try await sent(nil)
    #expect(try await clinic.messages() == ["claimed"])
    try receive(clinic, "M-1", outcome)
    // Gateways say things twice.
    #expect(try !receive(clinic, "M-1", outcome).changed)
    clinic.sms.end(.delivered(code: "http-200", gatewayID: "gw-1"))
    try await clinic.settle()
    #expect(
      try await clinic.messages() == (outcome == "delivered" ? ["sent"] : ["failed|delivery-failed", "sent"]))
    #expect(clinic.email.sent.count == (outcome == "delivered" ? 0 : 1))
    #expect(try await clinic.attempts().first == "delivered|http-200")
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }

  @Test("Of what is repeated at this moment a failure is told again later: which copy it means is not known")
  func repeated() async throws {
    let clinic = try await sent(Self.doubt, nil, adjust: Self.plain)
    try await clinic.advance(by: 600)
    #expect(refusal(clinic, "M-1", "failed") == .later)
    clinic.sms.end(Self.doubt)
    try await clinic.settle()
    #expect(try await clinic.messages() == ["doubtful"])
  }

  @Test("Of what has not left nothing can be said, and a claim that has not begun is taken back")
  func notLeft() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    for outcome in ["delivered", "failed"] { #expect(refusal(clinic, "M-1", outcome) == .conflict) }
    clinic.email.flow()
    try await clinic.advance(by: 61)
    #expect(try await clinic.messages() == ["sent"])
    #expect(clinic.email.sent.count == 1)
  }

  @Test("What waits for a retry and has arrived, by its receipt, is not repeated")
  func waiting() async throws {
    let clinic = try await sent(.retry(after: nil, Fault(code: "http-500")))
    #expect(try receive(clinic, "M-1", "delivered").thing.state == "sent")
    try await clinic.advance(by: 7200)
    #expect(clinic.sms.sent.count == 1)
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }

  @Test("What is rejected or failed already, or was given up, is that: a failure changes nothing, an arrival is noted")
  func final() async throws {
    let clinic = try await sent(.rejected(Fault(code: "http-410")))
    #expect(try await clinic.messages() == ["rejected|delivery-failed", "sent"])
    #expect(try !receive(clinic, "M-1", "failed").changed)
    let reply = try receive(clinic, "M-1", "delivered")
    #expect(reply.changed && reply.thing.state == "rejected" && reply.thing.deliveredAt != nil)
    #expect(try await clinic.messages() == ["rejected|delivery-failed", "sent"])
  }
}
