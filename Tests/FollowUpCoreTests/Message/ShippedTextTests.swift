import FollowUpCore
import Foundation
import Testing

/// The texts of `config/templates`, held to `messages.md`.
@Suite struct ShippedTextTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config/templates").path
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  static let short = files.filter { $0.hasSuffix(".sms.txt") }

  static let languages = ["de", "en", "es", "fr"]

  static var clinic: Clinic {
    var clinic = Clinic(name: "Riverside Family Practice", zone: "America/Vancouver", phone: "+1 604 555 0100")
    clinic.country = "CA"
    return clinic
  }

  @Test("There is a full and a short text of each, in each language")
  func all() {
    let names = [
      "visit", "visit-missed", "result", "vaccination", "medication", "check", "bundle", "moved", "cancelled",
    ]
    let expected = names.flatMap { name in
      Self.languages.flatMap { ["\(name).\($0).sms.txt", "\(name).\($0).txt"] }
    }
    #expect(Self.files == expected.sorted())
  }

  @Test("M1-M9, M13: each holds what 'template check' asks for, in every country", arguments: files)
  func rules(file: String) throws {
    let template = try Self.template(file)
    #expect(!template.placeholders.contains(.planTitle))
    #expect(template.reviewed == "followupd 2026-11-23")
    #expect(template.form == .short || template.subject != [])
    for country in ["CA", "US", "MX", "ES", "FR", "DE", "AT", "CH", "GB"] {
      var clinic = Self.clinic
      clinic.country = country
      let faults = TemplateCheck.faults(of: template, plans: [Plan](), clinic: clinic, repliesComeIn: false)
      #expect(faults.isEmpty, "\(faults.map { "\($0.line): \($0.key): \($0.what)" })")
    }
  }

  @Test("M6: each short text is one segment with long values, with a name and without", arguments: short)
  func oneSegment(file: String) throws {
    let template = try Self.template(file)
    for name in ["Maximiliano", nil] {
      var values = MessageValues.longest(clinic: Self.clinic, language: template.language)
      values.calledName = name
      let text = Composer.compose(template, values)
      let length = SMSLength(of: text.body)
      #expect(length.alphabet == .gsm7 && length.segments == 1, "\(length.units): \(text.body)")
    }
  }

  @Test("M6: only Saturday in Spanish costs letters that GSM-7 has not", arguments: short)
  func letters(file: String) throws {
    let template = try Self.template(file)
    var values = MessageValues.longest(clinic: Self.clinic, language: template.language)
    for offset in 0..<365 {
      values.due = CivilDateTime(date: CivilDate.literal("2027-01-01").adding(days: offset), time: values.due.time)
      let isSaturday = values.due.date.weekday == .saturday && template.language == "es"
      let length = SMSLength(of: Composer.compose(template, values).body)
      #expect((length.alphabet == .gsm7) != isSaturday, "\(values.due.date)")
    }
  }

  @Test(
    "The texts in German, French and Spanish read as their languages write, near and far, at one o'clock and at noon",
    arguments: [
      ("visit.de.sms.txt", "2026-12-07T14:30", "2026-12-06T12:00:00Z", "Ihr Termin ist morgen um 14:30 Uhr."),
      ("visit.de.sms.txt", "2026-12-07T09:00", "2026-12-07T06:00:00Z", "Ihr Termin ist heute um 9:00 Uhr."),
      ("visit.de.sms.txt", "2026-12-07T14:30", "2026-12-01T12:00:00Z", "ist am Montag, den 7. Dezember um 14:30 Uhr."),
      ("visit.de.txt", "2026-12-07T14:30", "2026-12-01T12:00:00Z", "ist am Montag, 7. Dezember 2026 um 14:30 Uhr."),
      ("visit.fr.sms.txt", "2026-12-01T14:30", "2026-11-20T12:00:00Z", "est le mardi 1er décembre à 14 h 30. Pour"),
      ("visit.fr.sms.txt", "2026-12-07T14:00", "2026-12-06T12:00:00Z", "est demain à 14 h. Pour"),
      ("visit.fr.sms.txt", "2026-12-07T14:30", "2026-12-07T12:00:00Z", "est aujourd'hui à 14 h 30."),
      ("visit.fr.txt", "2026-12-07T14:30", "2026-12-01T12:00:00Z", "est le lundi 7 décembre 2026 à 14 h 30."),
      ("visit.fr.txt", "2027-08-02T14:30", "2026-12-01T12:00:00Z", "le lundi 2 août 2027"),
      ("visit.fr.sms.txt", "2027-08-02T14:30", "2027-07-01T12:00:00Z", "le lundi 2 aout à"),
      ("visit.es.sms.txt", "2026-12-07T14:30", "2026-12-06T12:00:00Z", "su cita es mañana a las 2:30 p.m. Para"),
      ("visit.es.sms.txt", "2026-12-07T13:30", "2026-12-07T12:00:00Z", "su cita es hoy a la 1:30 p.m. Para"),
      ("visit.es.sms.txt", "2026-12-07T12:00", "2026-12-01T12:00:00Z", "es el lunes 7 de diciembre a las 12:00 p.m."),
      ("visit.es.txt", "2026-12-07T09:05", "2026-12-01T12:00:00Z", "el lunes 7 de diciembre de 2026 a las 9:05 a.m."),
    ])
  func grammar(file: String, due: String, now: String, expected: String) throws {
    let template = try Self.template(file)
    var values = MessageValues.longest(clinic: Self.clinic, language: template.language)
    values.due = .literal(due)
    values.composedAt = try #require(Instant(now))
    let text = Composer.compose(template, values).body
    #expect(text.contains(expected), "\(text)")
    #expect(!text.contains(".."))
  }

  static func template(_ file: String) throws -> Template {
    try TemplateTests.template(file, try String(contentsOfFile: folder + "/" + file, encoding: .utf8))
  }
}
