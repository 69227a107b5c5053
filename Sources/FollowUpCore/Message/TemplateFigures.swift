/// What a template measures when it is filled with the longest values (M6, M9).
package struct TemplateFigures: Sendable, Hashable {
  /// Of the text, without the subject.
  package var characters: Int
  package var sms: SMSLength
  /// Nil where its language has no formula.
  package var grade: ReadingGrade?

  /// The hardest text that is kind to readers (M9).
  package static let hardestGrade = 6.0
  /// More than that nobody reads to its end on a telephone; a letter's page holds as much.
  package static let longestText = 2000

  /// Segments of a text message at most: one where its letters allow 160 in it, else three (M6).
  package static func mostSegments(_ alphabet: SMSLength.Alphabet) -> Int { alphabet == .gsm7 ? 1 : 3 }

  package init(of template: Template, clinic: Clinic) {
    let text = Composer.compose(template, MessageValues.longest(clinic: clinic, language: template.language)).body
    characters = text.count
    sms = SMSLength(of: text)
    grade = ReadingGrade(Self.sentences(of: template), language: template.language)
  }

  /// The words of the template itself. Each value counts as one short word, for nobody can make a clinic's name or a date
  /// easier; greetings and lines of values alone are no sentences.
  static func sentences(of template: Template) -> [[String]] {
    var sentences: [[String]] = []
    for pieces in template.body {
      var line = ""
      var isGreeting = false
      for piece in pieces {
        switch piece {
        case .text(let text): line += text
        case .gap(.calledName): isGreeting = true
        case .gap: line += "\u{FFFC}"
        }
      }
      let written = words(line).count { $0 != "x" }
      if written == 0 || isGreeting && written <= 2 { continue }
      for part in line.split(whereSeparator: { ".?!:".contains($0) }) {
        let words = words(String(part))
        if !words.isEmpty { sentences.append(words) }
      }
    }
    return sentences
  }

  private static func words(_ line: String) -> [String] {
    line.split { $0.isWhitespace || "-/,;()¿¡«»\"".contains($0) }.compactMap { word in
      if word.contains("\u{FFFC}") { return "x" }
      return word.contains(where: \.isLetter) ? String(word) : nil
    }
  }
}

extension MessageValues {
  /// Values of a clinic that are as long as they are likely to become: by these a text is counted (M6), and shown where
  /// no patient is meant. Their letters are those of the language; a name in others costs more.
  package static func longest(clinic: Clinic, language: String) -> MessageValues {
    let wording = Wording.of(language: language, region: clinic.country)
    let days = (0..<365).map { CivilDate.literal("2027-01-01").adding(days: $0) }
    // One weekday or month in letters that double the cost of all is not what a text is counted by.
    func longest(_ words: [String]) -> Int? {
      let plain = words.indices.filter { SMSLength(of: wording.short(words[$0])).alphabet == .gsm7 }
      return (plain.isEmpty ? Array(words.indices) : plain).max { words[$0].count < words[$1].count }
    }
    let (weekday, month) = (longest(wording.weekdays), longest(wording.months))
    let date =
      days.last { day in
        day.day >= 20 && month.map { day.month == $0 + 1 } ?? true
          && weekday.map { day.weekday.rawValue == $0 + 1 } ?? true
      } ?? days[29]
    let due = CivilDateTime(date: date, time: .literal("12:30"))
    return MessageValues(
      calledName: "Maximiliano", clinic: clinic, due: due, dueZone: .utc, patientZone: .utc,
      composedAt: Zone.utc.instant(of: CivilDateTime(date: date.adding(days: -30), time: .literal("10:00"))),
      language: language)
  }
}
