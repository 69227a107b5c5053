internal import FoundationEssentials

/// How hard a text is to read, as a school grade, by its language's own formula (M9).
///
/// - English: Flesch-Kincaid (Kincaid et al., 1975): 0.39 words/sentence + 11.8 syllables/word - 15.59.
/// - German: first Wiener Sachtextformel (Bamberger and Vanecek, 1984): 0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES -
///   0.875, with MS the per cent of words of three syllables and more, SL words a sentence, IW the per cent of words longer
///   than six letters, ES the per cent of words of one syllable.
/// - French: Kandel and Moles (1958): 207 - 1.015 words/sentence - 73.6 syllables/word, a reading ease, told as the grade
///   that Flesch's table (1949) gives for it.
/// - Spanish: Crawford (1984): 0.049 syllables - 0.205 sentences, both in 100 words, - 3.407.
package struct ReadingGrade: Sendable, Hashable {
  package var formula: String
  /// A school year, to one decimal, at least 0.
  package var grade: Double

  /// Nil for a language that has no formula here, and for a text without words.
  ///
  /// - Parameter sentences: words, as people write them.
  package init?(_ sentences: [[String]], language: String) {
    let words = sentences.joined().map { String($0) }
    guard !words.isEmpty, let language = LanguageTag.lookup(language).last else { return nil }
    let count = Double(words.count)
    let lengths = words.map { Syllables.count($0, language: language) }
    let perSentence = count / Double(sentences.filter { !$0.isEmpty }.count)
    let perWord = Double(lengths.reduce(0, +)) / count
    func percent(_ number: Int) -> Double { 100 * Double(number) / count }
    let value: Double
    switch language {
    case "en":
      formula = "Flesch-Kincaid"
      value = 0.39 * perSentence + 11.8 * perWord - 15.59
    case "de":
      formula = "Wiener Sachtextformel"
      let long = percent(words.count { $0.count { $0.isLetter } > 6 })
      value =
        0.1935 * percent(lengths.count { $0 >= 3 }) + 0.1672 * perSentence + 0.1297 * long
        - 0.0327 * percent(lengths.count { $0 == 1 }) - 0.875
    case "fr":
      formula = "Kandel-Moles"
      value = Self.grade(ofEase: 207 - 1.015 * perSentence - 73.6 * perWord)
    case "es":
      formula = "Crawford"
      value = 0.049 * 100 * perWord - 0.205 * 100 / perSentence - 3.407
    default: return nil
    }
    grade = max(0, (value * 10).rounded() / 10)
  }

  /// Flesch's table: very easy (90) is grade 5, easy (80) 6, fairly easy (70) 7, standard (60) 8 and 9, fairly difficult
  /// (50) 10 to 12, difficult (30) 13 to 16.
  private static func grade(ofEase ease: Double) -> Double {
    switch ease {
    case 90...: 5
    case 80..<90: 6
    case 70..<80: 7
    case 60..<70: 9
    case 50..<60: 12
    case 30..<50: 16
    default: 17
    }
  }
}
