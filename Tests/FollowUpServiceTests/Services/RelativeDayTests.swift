import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// M13 from end to end, with the shipped texts.
@Suite struct RelativeDayTests {
  @Test(
    "M13: a text sent late never says tomorrow on the day",
    arguments: [
      ("en", "is tomorrow at", "is today at"), ("de", "ist morgen um", "ist heute um"),
      ("fr", "est demain à", "est aujourd'hui à"), ("es", "es mañana a las", "es hoy a las"),
    ])
  func late(language: String, timely: String, late: String) async throws {
    for (isLate, expected) in [(false, timely), (true, late)] {
      let clinic = try await Self.clinic(language)
      try await clinic.run()
      if isLate {
        // The machine slept from before the reminder's instant until past midnight, Vancouver's time.
        clinic.clock.advance(to: try #require(Instant("2026-12-08T16:30:00Z")))
        try await clinic.settle()
      }
      try await clinic.advance(to: isLate ? "2026-12-08T18:00:00Z" : SendingClinic.secondDue)
      let text = try #require(clinic.sms.texts.last)
      #expect(text.contains(expected), "\(text)")
      #expect(!isLate || !text.contains(timely))
    }
  }

  @Test("M13: a retry past midnight says the day anew, under another identity; the same day keeps both")
  func retried() async throws {
    let clinic = try await Self.clinic("de")
    let busy = Outcome.retry(after: nil, Fault(code: "503"))
    clinic.sms.always(busy)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.secondDue)
    try await clinic.advance(by: 3600)
    let before = clinic.sms.identities
    #expect(before.count >= 2 && Set(before).count == 1, "the same text is the same message")
    #expect(clinic.sms.texts.allSatisfy { $0.contains("ist morgen um") })
    clinic.sms.always(.delivered(code: "200", gatewayID: nil))
    try await clinic.edit(
      "UPDATE reminder SET wake_at = \(try #require(Instant("2026-12-08T17:00:00Z")).seconds) WHERE state = 'waiting'")
    try await clinic.advance(to: "2026-12-08T17:30:00Z")
    #expect(try #require(clinic.sms.texts.last).contains("ist heute um"))
    #expect(clinic.sms.identities.last != before.first)
    #expect(try await clinic.messages().suffix(2) == ["cancelled|recomposed", "sent"])
  }

  /// A patient with a number alone, and a visit on 8 December at half past two whose first reminder is out of the way.
  static func clinic(_ language: String) async throws -> SendingClinic {
    let clinic = try SendingClinic()
    try clinic.patient("p1", sms: "604 555 0142")
    try await clinic.edit("UPDATE contact SET removed_at = 1 WHERE channel = 'email'")
    try await clinic.edit("UPDATE patient SET language = '\(language)'")
    try clinic.followUp()
    try await clinic.edit("UPDATE reminder SET state = 'cancelled', wake_at = NULL WHERE step = 'three-days'")
    return clinic
  }
}
