import FollowUpCore
import Foundation
import Testing

@Suite struct ComposerTests {
  @Test("A text is filled in")
  func filled() throws {
    let text = try Self.compose(
      "Subject: Your visit on {{due.date}}\n\nHello {{patient.calledName}},\n\n{{due.weekday}} at {{due.time}}, {{clinic.name}}, {{clinic.phone}}."
    )
    #expect(text.subject == "Your visit on Tuesday 1 December 2026")
    #expect(text.body == "Hello Maya,\n\nTuesday at 2:30 pm, Riverside, +1 604 555 0100.")
  }

  @Test(
    "A greeting does without a name",
    arguments: [
      ("Hello {{patient.calledName}},", "Hello,"), ("{{patient.calledName}}, see you soon", "See you soon"),
      ("{{patient.calledName}}", ""),
      ("Hello {{patient.calledName}}! How are you, {{patient.calledName}}?", "Hello! How are you,?"),
      ("{{clinic.name}}: Hello {{patient.calledName}}, come.", "Riverside: Hello, come."),
    ])
  func nameless(template: String, text: String) throws {
    for name in [nil, "", "  ", "\u{200E}"] {
      #expect(try Self.compose("Subject: x\n\n.\n" + template + "\n.") { $0.calledName = name }.body == ".\n\(text)\n.")
    }
  }

  @Test("M7: a line about a link is left out where there is none, and so is the gap that it leaves")
  func links() throws {
    let template = "Subject: x\n\nCall us.\nOr answer: {{link.answer}}\n\nStop: {{link.stop}}\n\nBye"
    #expect(try Self.compose(template).body == "Call us.\n\nBye")
    let linked = try Self.compose(template) {
      $0.answerLink = "https://a.example.org/1"
      $0.stopLink = "https://a.example.org/2"
    }
    #expect(linked.body == "Call us.\nOr answer: https://a.example.org/1\n\nStop: https://a.example.org/2\n\nBye")
  }

  @Test("A value brings no lines, control or direction characters, and no gaps of its own")
  func cleaned() throws {
    let text = try Self.compose("Subject: {{patient.calledName}}\n\n{{patient.calledName}}") {
      $0.calledName = "  Ma\r\nBcc: x@example.org\u{202E}\u{2028}{{clinic.phone}}\u{0}  e\u{301} "
    }
    #expect(text.subject == "Ma Bcc: x@example.org {{clinic.phone}} \u{E9}")
    #expect(text.body == text.subject)
    #expect(Array(text.body.utf8.suffix(2)) == [0xC3, 0xA9], "NFC, so that it costs one septet")
  }

  @Test("M3: a plan's title stands only where the plan calls it harmless")
  func planTitle() throws {
    let plan = Plan(name: "p", title: "Colonoscopy")
    let harmless = Plan(name: "p", title: "A visit", harmlessTitle: true)
    #expect(Self.values(plan: plan).planTitle == nil)
    #expect(Self.values(plan: harmless).planTitle == "A visit")
  }

  @Test("Without a subject an e-mail has the clinic's name")
  func subject() throws {
    #expect(try Self.compose("Reviewed: a 2026-11-23\n\nx").subject == "Riverside")
  }

  @Test(
    "M13: the day is told as the patient's calendar has it when the text is composed",
    arguments: [
      ("2026-12-01T21:00:00Z", "America/Vancouver", "America/Vancouver", "today"),
      ("2026-12-01T06:59:59Z", "America/Vancouver", "America/Vancouver", "tomorrow"),
      // Vancouver has stayed at UTC-7 since 2026 (tzdata 2026f).
      ("2026-12-01T07:00:00Z", "America/Vancouver", "America/Vancouver", "today"),
      ("2026-11-28T18:00:00Z", "America/Vancouver", "America/Vancouver", "on Tuesday 1 December"),
      ("2026-12-02T20:00:00Z", "America/Vancouver", "America/Vancouver", "on Tuesday 1 December"),
      ("2026-01-02T20:00:00Z", "America/Vancouver", "America/Vancouver", "on Tuesday 1 December 2026"),
      // 14:30 in Vancouver is 07:30 of the next day in Tokyo: no word would be true for both.
      ("2026-12-01T03:00:00Z", "America/Vancouver", "Asia/Tokyo", "on Tuesday 1 December"),
      ("2026-12-01T16:00:00Z", "America/Vancouver", "Asia/Tokyo", "on Tuesday 1 December"),
    ])
  func relative(now: String, zone: String, patientZone: String, expected: String) throws {
    let text = try Self.compose("Subject: x\n\n{{due.relative}}") {
      $0.composedAt = try #require(Instant(now))
      $0.dueZone = try Self.zone(zone)
      $0.patientZone = try Self.zone(patientZone)
    }
    #expect(text.body == expected)
  }

  @Test(
    "R4: the time is the anchor's own, and its zone is named where the patient's clock shows another",
    arguments: [
      ("America/Vancouver", "America/Vancouver", "2:30 pm"),
      ("America/Vancouver", "Asia/Tokyo", "2:30 pm (Vancouver time)"),
      ("Asia/Tokyo", "America/Vancouver", "2:30 pm (Tokyo time)"), ("UTC", "Asia/Tokyo", "2:30 pm (UTC time)"),
    ])
  func elsewhere(zone: String, patientZone: String, expected: String) throws {
    let text = try Self.compose("Subject: x\n\n{{due.time}}") {
      $0.dueZone = try Self.zone(zone)
      $0.patientZone = try Self.zone(patientZone)
    }
    #expect(text.body == expected)
  }

  @Test(
    "Times are written as the region reads them",
    arguments: [
      ("en", "CA", "14:30", "2:30 pm"), ("en", "US", "00:05", "12:05 am"), ("en", "AU", "12:00", "12:00 pm"),
      ("en", "GB", "14:30", "14:30"), ("en-GB", "CA", "09:05", "09:05"), ("en-US", "GB", "09:05", "9:05 am"),
      ("fr", "CA", "14:30", "14 h 30"), ("fr", "FR", "14:30", "14h30"), ("fr-FR", "CA", "09:05", "9h05"),
      ("fr-CA", "FR", "09:00", "9 h"), ("fr-BE", "BE", "09:00", "9h"), ("de", "CH", "09:05", "9:05 Uhr"),
      ("de", "US", "14:30", "14:30 Uhr"), ("es", "US", "14:30", "2:30 p.m."), ("es-ES", "US", "14:30", "14:30"),
      ("es-MX", "ES", "00:05", "12:05 a.m."), ("vi", "CA", "14:30", "14:30"),
    ])
  func times(language: String, country: String, time: String, expected: String) throws {
    let text = try Self.compose("Subject: x\n\n{{due.time}}", language: language) {
      $0.country = country
      $0.due = CivilDateTime(date: $0.due.date, time: .literal(time))
    }
    #expect(text.body == expected)
  }

  @Test("A language whose words are not known yet gets dates that any reader understands")
  func neutral() throws {
    let text = try Self.compose("Subject: x\n\n{{due.date}} {{due.relative}} {{due.weekday}}", language: "vi")
    #expect(text.body == "2026-12-01 2026-12-01 2026-12-01")
  }

  @Test(
    "Dates are written in the language's own way, with the region's words",
    arguments: [
      ("de", "DE", "2027-01-04", "Montag, 4. Januar 2027"), ("de", "AT", "2027-01-04", "Montag, 4. Jänner 2027"),
      ("de-AT", "DE", "2027-01-04", "Montag, 4. Jänner 2027"), ("fr", "FR", "2027-05-01", "samedi 1er mai 2027"),
      ("fr", "CA", "2027-05-21", "vendredi 21 mai 2027"), ("es", "MX", "2027-05-01", "sábado 1 de mayo de 2027"),
      ("en", "CA", "2027-05-01", "Saturday 1 May 2027"),
    ])
  func dates(language: String, country: String, date: String, expected: String) throws {
    let text = try Self.compose("Subject: {{due.weekday}}\n\n{{due.date}}", language: language) {
      $0.country = country
      $0.due = CivilDateTime(date: .literal(date), time: $0.due.time)
    }
    #expect(text.body == expected)
    #expect(expected.hasPrefix(text.subject))
  }

  @Test("A patient's own tag tells the region where the template is of their language, and only there")
  func ownTag() throws {
    let french = try Self.compose("Subject: x\n\n{{due.time}}", language: "fr") { $0.language = "fr-FR" }
    #expect(french.body == "14h30" && french.language == "fr-FR")
    let english = try Self.compose("Subject: x\n\n{{due.time}}", language: "en") { $0.language = "fr-FR" }
    #expect(english.body == "2:30 pm" && english.language == "en")
  }

  @Test("A value that ends with a full stop takes the sentence's own with it, but not three of them")
  func fullStops() throws {
    let text = try Self.compose("Subject: x\n\nAt {{clinic.name}}. At {{clinic.name}}...\nAt {{clinic.name}}, so.") {
      $0.clinicName = "Acme Inc."
    }
    #expect(text.body == "At Acme Inc. At Acme Inc....\nAt Acme Inc., so.")
  }

  @Test("Without a number of the clinic's a text says whom to call all the same")
  func noPhone() throws {
    #expect(try Self.compose("Subject: x\n\nCall {{clinic.phone}}.") { $0.clinicPhone = "" }.body == "Call the clinic.")
  }

  // MARK: -

  static func values(plan: Plan? = nil) -> MessageValues {
    var clinic = Clinic(name: "Riverside", zone: "America/Vancouver", phone: "+1 604 555 0100")
    clinic.country = "CA"
    return MessageValues(
      calledName: "Maya", clinic: clinic, due: .literal("2026-12-01T14:30"), dueZone: .utc, patientZone: .utc,
      composedAt: Instant(1_795_000_000), plan: plan)
  }

  static func compose(
    _ text: String, language: String = "en", _ change: (inout MessageValues) throws -> Void = { _ in }
  ) throws -> Composer.Text {
    var values = values()
    try change(&values)
    return Composer.compose(try TemplateTests.template("visit.\(language).txt", text), values)
  }

  static func zone(_ name: String) throws -> Zone {
    if name == "UTC" { return .utc }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Fixtures/vectors/zoneinfo/\(name)")
    return try Zone(name: name, tzif: Array(try Data(contentsOf: file)))
  }
}
