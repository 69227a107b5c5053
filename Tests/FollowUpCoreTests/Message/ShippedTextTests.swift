import FollowUpCore
import Foundation
import Testing

/// The texts of `config/templates`, held to `messages.md`.
@Suite struct ShippedTextTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config/templates").path
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  static let short = files.filter { $0.hasSuffix(".sms.txt") }

  @Test("There is a full and a short text of each")
  func both() {
    let names = [
      "visit", "visit-missed", "result", "vaccination", "medication", "check", "bundle", "moved", "cancelled",
    ]
    #expect(Self.files == names.flatMap { ["\($0).en.sms.txt", "\($0).en.txt"] }.sorted())
  }

  @Test("M2, M8, M13: each names the clinic and its phone, is reviewed, and holds no relative word", arguments: files)
  func rules(file: String) throws {
    let template = try Self.template(file)
    #expect(template.placeholders.isSuperset(of: [.clinicName, .clinicPhone]))
    #expect(!template.placeholders.contains(.planTitle))
    #expect(template.reviewed == "followupd 2026-11-23")
    #expect(template.form == .short || template.subject != [])
    let words = Set(template.source.lowercased().split { !$0.isLetter }.map(String.init))
    let banned = [
      "today", "tomorrow", "yesterday", "tonight", "diagnosis", "test", "result", "results", "surgery", "vaccination",
      "cancel", "cancelled", "fee", "must",
    ]
    #expect(words.isDisjoint(with: banned), "M3, M5, M7, M13: \(words.intersection(banned))")
  }

  @Test("M6: each short text is one segment with long values", arguments: short)
  func oneSegment(file: String) throws {
    var clinic = Clinic(name: "Riverside Family Practice", zone: "America/Vancouver", phone: "+1 604 555 0100")
    clinic.country = "CA"
    for name in ["Maximiliano", nil] {
      let values = MessageValues(
        calledName: name, clinic: clinic, due: .literal("2026-09-30T12:30"), dueZone: .utc, patientZone: .utc,
        composedAt: try #require(Instant("2026-09-20T12:00:00Z")))
      let text = Composer.compose(try Self.template(file), values)
      let length = SMSLength(of: text.body)
      #expect(length.alphabet == .gsm7 && length.segments == 1, "\(length.units): \(text.body)")
    }
  }

  @Test("M9: no full text has a sentence of more than 20 words", arguments: files)
  func sentences(file: String) throws {
    let values = ComposerTests.values()
    let text = Composer.compose(try Self.template(file), values).body
    for sentence in text.split(whereSeparator: { ".?!:\n".contains($0) }) {
      #expect(sentence.split(separator: " ").count <= 20, "\(sentence)")
    }
  }

  static func template(_ file: String) throws -> Template {
    try TemplateTests.template(file, try String(contentsOfFile: folder + "/" + file, encoding: .utf8))
  }
}
