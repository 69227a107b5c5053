import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// What may or may not have arrived (`delivery.md`, Doubt).
@Suite struct DoubtTests {
  private static let doubt = Outcome.uncertain(Fault(code: "timeout"))

  /// A clinic with one patient, whose first reminder is due at its start.
  private func due(
    sms: String? = nil, _ outcomes: Outcome?..., adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try SendingClinic(adjust)
    try clinic.patient(sms: sms)
    try clinic.followUp(plan: "surgery")
    for outcome in outcomes { clinic.email.next(outcome) }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    return clinic
  }

  @Test("Promise 23: killed while it was repeated, the second doubt is for good, and nobody else is written to")
  func killedInRepeat() async throws {
    let before = try await due(sms: "+16045550101", Self.doubt, nil)
    try await before.advance(by: 600)
    #expect(before.email.sent.count == 2 && before.email.sent[0] == before.email.sent[1])
    let clinic = try before.afterKill()
    try await clinic.run()
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.reminders("three-days") == ["handed|uncertain-delivery"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    try await clinic.advance(by: 86_400)
    #expect(clinic.email.sent.isEmpty && clinic.sms.sent.isEmpty)
  }

  @Test("Promise 23: killed before the repeat had begun, it is repeated once, the same bytes")
  func killedBeforeRepeat() async throws {
    let before = try await due(Self.doubt)
    before.email.stall()
    try await before.advance(by: 600)
    #expect(try await before.attempts() == ["uncertain|timeout", "claimed"])
    let clinic = try before.afterKill()
    try await clinic.run()
    #expect(clinic.email.sent == before.email.sent)
    #expect(try await clinic.messages() == ["sent"])
    #expect(try await clinic.attempts() == ["uncertain|timeout", "withdrawn", "delivered|250"])
  }

  @Test("A plan that asks is asked of what a kill left in doubt, too")
  func killedAsks() async throws {
    let clinic = try await due(nil) { $0.plans["surgery"]?.onDoubt = .ask }.afterKill()
    try await clinic.run()
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.isEmpty)
  }

  @Test("Promise 38: what a stop cuts off is on record as uncertain before it is over, and is repeated once")
  func stopped() async throws {
    let before = try await due(nil)
    before.dispatcher.stop(within: 1)
    #expect(try await before.attempts() == ["uncertain|stopped"])
    #expect(try await before.reminders("three-days") == ["uncertain|uncertain-delivery"])
    let clinic = try before.afterKill()
    try await clinic.run()
    try await clinic.advance(by: 599)
    #expect(clinic.email.sent.isEmpty)
    try await clinic.advance(by: 1)
    #expect(clinic.email.sent == before.email.sent)
    #expect(try await clinic.messages() == ["sent"])
  }

  @Test("R7: a repeat that is due at night waits for the morning, the same bytes")
  func night() async throws {
    let clinic = try await due(Self.doubt) { $0.contactHours.week = ContactHours(daily: [.literal("09:00-10:05")]) }
    try await clinic.advance(to: "2026-12-06T15:59:59Z")
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.reminders("three-days") == ["deferred|outside-hours"])
    try await clinic.advance(to: "2026-12-06T16:00:00Z")
    #expect(clinic.email.sent.count == 2 && clinic.email.sent[0] == clinic.email.sent[1])
    #expect(try await clinic.messages() == ["sent"])
  }

  @Test(
    "Doubt never ends unseen: what a person must take over before its repeat is asked about",
    arguments: ["consent", "bounced", "call-only"])
  func handed(how: String) async throws {
    let clinic = try await due(sms: "+16045550101", Self.doubt)
    switch how {
    case "consent": try await clinic.edit("UPDATE contact SET consent = 'unknown'")
    case "bounced": try await clinic.edit("UPDATE contact SET state = 'bounced'")
    default: try clinic.call(EditPatient.self, .init(who: "p1", callOnly: true))
    }
    try await clinic.advance(by: 600)
    #expect(try await clinic.reminders("three-days") == ["handed|uncertain-delivery"])
    #expect(try await clinic.tasks().contains("uncertain-delivery|F-1@2026-12-08"))
    #expect(clinic.email.sent.count == 1 && clinic.sms.sent.isEmpty)
  }

  @Test("Ladder: where its contact is gone after doubt, the next one is not written to")
  func contactGone() async throws {
    let clinic = try await due(sms: "+16045550101", Self.doubt)
    try await clinic.edit("UPDATE contact SET state = 'bounced' WHERE channel = 'email'")
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(clinic.sms.sent.isEmpty)
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
  }

  @Test("The task says what was tried, and what to ask")
  func asks() async throws {
    let clinic = try await due(Self.doubt, Self.doubt)
    try await clinic.advance(by: 600)
    let task = try #require(try clinic.call(Show.self, .init(id: "T-1")).task)
    #expect(task.reason == "uncertain-delivery")
    #expect(task.tried.map(\.what) == ["email: M-1 doubtful timeout"])
    #expect(task.advice == "ask whether the message arrived; if it did not, say what it says")
  }
}
