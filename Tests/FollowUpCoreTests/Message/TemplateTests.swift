import FollowUpCore
import Testing

@Suite struct TemplateTests {
  @Test("A template's file is its headers, an empty line and the text")
  func parse() throws {
    let text =
      "Subject: Your visit on {{due.date}}\r\nReviewed: Ana B. 2026-11-23\r\n\r\nHello {{ patient.calledName }},\r\n\r\nbye\r\n\r\n"
    let template = try Self.template("visit.pt-BR.sms.txt", text)
    #expect(template.name == "visit" && template.language == "pt-BR" && template.form == .short)
    #expect(template.subject == [.text("Your visit on "), .gap(.dueDate)])
    #expect(template.reviewed == "Ana B. 2026-11-23")
    #expect(template.body == [[.text("Hello "), .gap(.calledName), .text(",")], [], [.text("bye")]])
    #expect(template.placeholders == [.dueDate, .calledName])
    #expect(template.fileName == "visit.pt-BR.sms.txt")
  }

  @Test(
    "What is wrong in a template is told with its line",
    arguments: [
      ("visit.en.txt", "Subject: x\n\n{{due.datum}}", 3, "{{due.datum}}"),
      ("visit.en.txt", "Subject: {{patient.name}}\n\nx", 1, "{{patient.name}}"),
      ("visit.en.txt", "Subject: x\n\n{{due.date", 3, "template"),
      ("visit.en.txt", "Subject: x\n\nx }}", 3, "template"),
      ("visit.en.txt", "Subject: x\n\n{{}}", 3, "{{}}"), ("visit.en.txt", "Subjekt: x\n\nx", 1, "Subjekt"),
      ("visit.en.txt", "Subject: x\nSubject: y\n\nx", 2, "Subject"), ("visit.en.txt", "", 1, "template"),
      ("visit.en.txt", "Subject: x\n\n\n \n", 2, "template"), ("visit.en.txt", "Subject: x", 1, "template"),
      ("visit.en.txt", "Reviewed: 2026-11-23\n\nx", 1, "Reviewed"),
      ("visit.en.txt", "Reviewed: me\n\nx", 1, "Reviewed"),
      ("visit.en.txt", "Reviewed: me 2026-02-30\n\nx", 1, "Reviewed"),
      ("visit.en.txt", "Subject: x\n\na\u{7}b", 3, "template"), ("visit.en.txt", "Disabled: yes\n\nx", 1, "Disabled"),
      ("visit.txt", "Subject: x\n\nx", 1, "template"), ("Visit.en.txt", "Subject: x\n\nx", 1, "template"),
      ("visit.english-text.txt.txt", "Subject: x\n\nx", 1, "template"),
      ("visit.e.txt", "Subject: x\n\nx", 1, "template"),
    ])
  func faults(file: String, text: String, line: Int, key: String) {
    let (parsed, faults) = TemplateParser.parse(fileName: file, text: text)
    #expect(parsed == nil)
    #expect(faults.map(\.line) == [line] && faults.map(\.key) == [key], "\(faults)")
  }

  @Test("All faults of a file are told at once, with what was meant")
  func all() {
    let (_, faults) = TemplateParser.parse(
      fileName: "visit.en.txt", text: "Subjekt: x\n\n{{due.day}}\n{{clinic.phon}} {{clinic.nam}}")
    #expect(faults.map(\.line) == [1, 3, 4, 4])
    #expect(faults.map(\.whatToDo).filter { $0.hasPrefix("did you mean") }.count == 4)
  }

  @Test("A disabled template needs no text")
  func disabled() {
    #expect(TemplateParser.parse(fileName: "visit.en.txt", text: "Disabled: true\n").file == .disabled)
  }

  @Test(
    "R12: the text is the first reviewed one of the language, of a wider one, and of the fallbacks",
    arguments: [
      ("en", [], "email", "en full"), ("en-CA", [], "email", "en full"), ("EN-ca", [], "sms", "en short"),
      ("fr", [], "email", "fr full, not reviewed"), ("fr", ["en"], "email", "en full"),
      ("fr-CA", ["en"], "sms", "en short"),
      ("de", [], "email", "missing"), ("de", ["es", "en-GB"], "email", "en full"),
      ("de", ["fr"], "sms", "fr full, not reviewed"),
      ("it", [], "sms", "it short"), ("it", [], "email", "missing"), ("", ["en"], "email", "en full"),
    ])
  func find(language: String, fallback: [String], channel: String, expected: String) throws {
    let set = TemplateSet([
      try Self.template("visit.en.txt", "Reviewed: a 2026-11-23\n\nx"),
      try Self.template("visit.en.sms.txt", "Reviewed: a 2026-11-23\n\nx"),
      try Self.template("visit.fr.txt", "Subject: x\n\nx"),
      try Self.template("visit.it.sms.txt", "Reviewed: a 2026-11-23\n\nx"),
      try Self.template("other.de.txt", "Reviewed: a 2026-11-23\n\nx"),
    ])
    let found =
      switch set.find(name: "visit", language: language, fallback: fallback, channel: channel) {
      case .reviewed(let template): "\(template.language) \(template.form)"
      case .notReviewed(let template): "\(template.language) \(template.form), not reviewed"
      case .missing: "missing"
      }
    #expect(found == expected)
  }

  static func template(_ fileName: String, _ text: String) throws -> Template {
    let (file, faults) = TemplateParser.parse(fileName: fileName, text: text)
    guard case .template(let template) = file else { throw BrokenTemplate(faults: faults) }
    return template
  }
}

struct BrokenTemplate: Error {
  var faults: [TemplateFault]
}
