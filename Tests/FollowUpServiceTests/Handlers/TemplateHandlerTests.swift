import FollowUpControl
import FollowUpCore
import Foundation
import Support
import Testing

@testable import FollowUpService

@Suite struct TemplateHandlerTests {
  @Test("Each text is listed with its figures and the plans that use it")
  func list() throws {
    let reply = try ExplainTests.clinic().call(ListTemplates.self, .init())
    #expect(reply.items.count == 72 && reply.total == 72)
    let short = try #require(reply.items.first { $0.file == "visit.fr.sms.txt" })
    #expect(short.form == "short" && short.segments == 1 && short.alphabet == "GSM-7" && short.characters <= 160)
    #expect(short.formula == "Kandel-Moles" && short.plans == ["surgery", "visit"] && short.source == "shipped")
    #expect(reply.items.allSatisfy { ($0.grade ?? 99) <= 6 })
  }

  @Test("The shipped texts have no fault")
  func shipped() throws {
    let reply = try ExplainTests.clinic().call(CheckTemplates.self, .init())
    #expect(reply.ok && reply.faults.isEmpty && reply.checked == 72, "\(reply.faults)")
  }

  static let good = """
    Reviewed: ana 2026-11-23

    {{clinic.name}}: Your visit is {{due.relative}} at {{due.time}}. To change it or stop, call {{clinic.phone}}.

    """

  @Test(
    "M1-M9, M13: what a text must not hold, or must, is told with its line",
    arguments: [
      ("visit.en.sms.txt", "is {{due.relative}} at", "is tomorrow at", 3, "tomorrow", "M13"),
      ("visit.de.sms.txt", "is {{due.relative}} at", "ist Morgen. Guten Morgen. morgen", 3, "morgen", "M13"),
      ("visit.es.sms.txt", "is {{due.relative}} at", "cambio mañana por la mañana", 3, "mañana", "M13"),
      ("visit.fr.sms.txt", "is {{due.relative}} at", "changer aujourd’hui", 3, "aujourd'hui", "M13"),
      ("visit.en.sms.txt", "Your visit", "Your biopsy", 3, "biops…", "M3"),
      ("visit.en.sms.txt", "Your visit", "{{plan.title}}", 3, "{{plan.title}}", "M3"),
      ("visit.en.sms.txt", "{{clinic.name}}: ", "", 3, "{{clinic.name}}", "M2"),
      ("visit.en.sms.txt", "call {{clinic.phone}}", "call us", 3, "{{clinic.phone}}", "M2"),
      ("visit.en.sms.txt", "To change it or stop, call", "Call", 3, "template", "M1"),
      ("visit.en.sms.txt", "To change", "Reply CANCEL to end. To change", 3, "CANCEL", "M7"),
      ("visit.en.sms.txt", "To change", "Reply C to confirm. To change", 3, "C", "M7"),
      ("visit.en.sms.txt", "To change", "A no-show is not nice. To change", 3, "no-show", "M5"),
      ("visit.en.sms.txt", "Reviewed: ana 2026-11-23", "Subject: x", 1, "Reviewed", "M8"),
      (
        "visit.en.sms.txt", "To change", String(repeating: "We look out for you. ", count: 6) + "To change", 3,
        "template", "M6"
      ),
      (
        "visit.en.txt", "Your visit",
        "Regarding administrative considerations concerning organisational preparation, your visit", 3, "template", "M9"
      ),
      ("visit.en.sms.txt", "{{due.time}}", "{{due.tim}}", 3, "{{due.tim}}", "did you mean {{due.time}}?"),
      ("visit.en.sms.txt", "Your visit", "{{patient.name}}", 3, "{{patient.name}}", "no such placeholder"),
    ])
  func faults(file: String, text: String, replacement: String, line: Int, key: String, rule: String) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path(file)
    try Self.good.replacing(text, with: replacement).write(toFile: path, atomically: true, encoding: .utf8)
    let reply = try ExplainTests.clinic { $0.plans["visit"]?.harmlessTitle = false }
      .call(CheckTemplates.self, .init(directory: folder.path("")))
    #expect(!reply.ok && reply.checked == 1)
    let fault = try #require(reply.faults.first { $0.key == key }, "\(reply.faults)")
    #expect(fault.file.hasSuffix("/" + file) && fault.line == line)
    #expect((fault.what + fault.hint).contains(rule), "\(fault)")
  }

  @Test("A good text of a clinic's own has no fault, and may name a title that all its plans call harmless")
  func own() throws {
    let folder = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: folder.path("templates"), withIntermediateDirectories: true)
    try Self.good.replacing("Your visit", with: "{{plan.title}}")
      .write(toFile: folder.path("templates/visit.en.sms.txt"), atomically: true, encoding: .utf8)
    let clinic = try ExplainTests.clinic { settings in
      for name in settings.plans.keys { settings.plans[name]?.harmlessTitle = true }
    }
    let reply = try clinic.call(CheckTemplates.self, .init(directory: folder.path("")))
    #expect(reply.ok && reply.checked == 1 && reply.items.map(\.file) == ["visit.en.sms.txt"], "\(reply.faults)")
  }

  @Test("A folder that is not there is a fault")
  func missing() throws {
    let reply = try ExplainTests.clinic().call(CheckTemplates.self, .init(directory: "/nonexistent/templates"))
    #expect(!reply.ok && reply.faults.count == 1)
  }

  @Test("A text is shown in a language, in both forms, with sample values")
  func preview() throws {
    let clinic = try ExplainTests.clinic()
    let reply = try clinic.call(PreviewTemplate.self, .init(name: "visit", language: "fr-CA"))
    #expect(reply.items.map(\.form) == ["full", "short"] && reply.language == "fr-CA")
    #expect(reply.subject?.hasPrefix("Votre rendez-vous du ") == true && reply.body == reply.items[0].body)
    #expect(reply.items[1].body.contains(" à 12 h 30. ") && reply.items[1].segments == 1)
    #expect(reply.items.allSatisfy { !$0.body.contains("{{") && $0.body.contains("Riverside") })
    let german = try clinic.call(PreviewTemplate.self, .init(name: "visit", language: "de"))
    #expect(german.body.contains("Guten Tag Maximiliano,"))
    let unknown = controlError { try clinic.call(PreviewTemplate.self, .init(name: "visti")) }
    #expect(unknown?.kind == .notFound && unknown?.hint == "did you mean 'visit'?")
    let italian = controlError { try clinic.call(PreviewTemplate.self, .init(name: "visit", language: "it")) }
    #expect(italian?.kind == .notFound && italian?.hint == "it is there in de, en, es, fr")
  }
}
