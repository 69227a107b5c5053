import Testing

@testable import FollowUpCore

@Suite struct ReadingGradeTests {
  @Test(
    "Syllables are counted by each language's own spelling",
    arguments: [
      ("en", "appointment", 3), ("en", "change", 1), ("en", "changes", 2), ("en", "please", 1), ("en", "moved", 1),
      ("en", "wanted", 2), ("en", "table", 2), ("en", "we", 1), ("en", "yearly", 2), ("en", "reminders", 3),
      ("de", "Termin", 2), ("de", "Möchten", 2), ("de", "freuen", 2), ("de", "Theater", 3), ("de", "bequem", 2),
      ("de", "Nachrichten", 3), ("de", "ihr", 1), ("fr", "votre", 1), ("fr", "vous", 1), ("fr", "téléphone", 3),
      ("fr", "créer", 2), ("fr", "messages", 2), ("fr", "le", 1), ("fr", "naïf", 2), ("fr", "année", 2),
      ("es", "cita", 2), ("es", "díganos", 3), ("es", "día", 2), ("es", "quiere", 2), ("es", "ciudad", 2),
      ("es", "pingüino", 3), ("es", "teatro", 3), ("es", "buscaremos", 4), ("es", "y", 1),
    ])
  func syllables(language: String, word: String, count: Int) {
    #expect(Syllables.count(word, language: language) == count)
  }

  @Test(
    "M9: the grade is what each formula gives when it is worked out by hand",
    arguments: [
      // 3.12 + 14.75 - 15.59.
      ("en", "We hope that you can come on Saturday", 8, 10, 2.3),
      // One word of three syllables, one longer than six letters, one of one: 3.87 + 0.836 + 2.594 - 0.654 - 0.875.
      ("de", "Wir senden Ihnen keine Nachrichten", 5, 10, 5.8),
      // 207 - 6.09 - 110.4 is 90.51: very easy.
      ("fr", "Votre visite est le lundi matin", 6, 9, 5),
      // 8.167 - 3.417 - 3.407.
      ("es", "Por favor llame a la clínica", 6, 10, 1.3),
    ])
  func formulas(language: String, sentence: String, words: Int, syllables: Int, grade: Double) throws {
    let split = sentence.split(separator: " ").map(String.init)
    #expect(split.count == words)
    #expect(split.reduce(0) { $0 + Syllables.count($1, language: language) } == syllables)
    #expect(try #require(ReadingGrade([split], language: language)).grade == grade)
  }

  @Test("A language without a formula, and a text without words, have no grade")
  func none() {
    #expect(ReadingGrade([["xin", "chào"]], language: "vi") == nil)
    #expect(ReadingGrade([[]], language: "en") == nil)
  }
}
