import FollowUpControl
import FollowUpCore
import FollowUpStore
import Foundation
import Support
import Testing

@testable import FollowUpService

@Suite struct PreviewTests {
  @Test("A preview is what goes out, word for word, and nothing is written or sent by it", arguments: ["email", "sms"])
  func same(channel: String) async throws {
    let clinic = try SendingClinic()
    try clinic.patient("p1", sms: "604 555 0142")
    if channel == "sms" { try await clinic.edit("UPDATE contact SET removed_at = 1 WHERE channel = 'email'") }
    try await clinic.edit("UPDATE patient SET called_name = 'Maria', language = 'fr-CA'")
    try clinic.followUp()
    try await clinic.run()
    let before = try await clinic.query("SELECT count(*) FROM message UNION ALL SELECT count(*) FROM audit")
    let preview = try clinic.call(PreviewMessage.self, .init(id: "F-1"))
    #expect(try await clinic.query("SELECT count(*) FROM message UNION ALL SELECT count(*) FROM audit") == before)
    #expect(clinic.email.sent.isEmpty && clinic.sms.sent.isEmpty)
    #expect(preview.channel == channel && preview.decision == "send" && preview.reason == nil)
    #expect(preview.language == "fr-CA" && preview.mode == "live")
    #expect(preview.address == (channel == "email" ? "p1@example.org" : "604 555 0142"))
    #expect(preview.until == SendingClinic.firstDue)

    try await clinic.advance(to: SendingClinic.firstDue)
    let adapter = channel == "email" ? clinic.email : clinic.sms
    let left = try #require(adapter.texts.first).split(separator: "\n", maxSplits: 1).last.map(String.init)
    #expect(left == preview.body)
    let stored = try await clinic.query("SELECT subject FROM message_body")
    #expect(channel == "email" ? preview.subject == stored[0] : preview.subject == nil)
    let sent = try clinic.call(PreviewMessage.self, .init(id: "F-1@2026-12-08/1/step/three-days"))
    #expect(sent.body == preview.body && sent.said == "It was sent on Sat 5 Dec 10:00 by \(channel).")
  }

  @Test("M13: the preview says the day as it is when the message goes, not as it is now")
  func relative() async throws {
    let clinic = try SendingClinic()
    try clinic.patient("p1", sms: "604 555 0142")
    try await clinic.edit("UPDATE contact SET removed_at = 1 WHERE channel = 'email'")
    try clinic.followUp()
    let id = "F-1@2026-12-08/1/step/day-before"
    #expect(try clinic.call(PreviewMessage.self, .init(id: id)).body?.contains("is tomorrow at 2:30 pm.") == true)
    let german = try clinic.call(PreviewMessage.self, .init(id: id, language: "de"))
    #expect(german.language == "de" && german.body?.contains("Ihr Termin ist morgen um 14:30 Uhr.") == true)
  }

  @Test(
    "What would not go is rendered all the same, and says why",
    arguments: [
      ("UPDATE patient SET status = 'inactive'", "drop", "inactive", true),
      ("UPDATE contact SET consent = 'unknown'", "staff", "no-consent", true),
      ("UPDATE patient SET call_only = 1", "staff", "call-only", true),
      ("UPDATE contact SET removed_at = 1", "staff", "no-contact", false),
    ])
  func notSent(sql: String, decision: String, reason: String, hasContact: Bool) async throws {
    let clinic = try ExplainTests.clinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit(sql)
    let preview = try clinic.call(PreviewMessage.self, .init(id: "1"))
    #expect(preview.decision == decision && preview.reason == reason)
    #expect((preview.channel != nil) == hasContact)
    #expect(preview.body?.contains("Tuesday 8 December 2026") == true)
    #expect(preview.said.contains(try #require(Reason(rawValue: reason)).words))
  }

  @Test("Where there is no text, the preview says so")
  func noText() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    let preview = try clinic.call(PreviewMessage.self, .init(id: "F-1"))
    #expect(preview.body == nil && preview.language == nil && preview.reason == "no-template")
    #expect(controlError { try clinic.call(PreviewMessage.self, .init(id: "F-9")) }?.kind == .notFound)
    #expect(controlError { try clinic.call(PreviewMessage.self, .init(id: "F-1", language: "x")) }?.kind == .invalid)
  }
}
