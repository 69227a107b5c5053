/// Holds a template to what a message to a patient must be (`messages.md`, M1-M9 and M13), as far as a program can tell.
package struct TemplateCheck {
  private let template: Template
  private let words: TemplateWords?
  private var faults: [TemplateFault] = []

  /// Every fault of a template, by line.
  ///
  /// - Parameters:
  ///   - plans: those that are in force: whose titles a text may hold.
  ///   - repliesComeIn: some channel takes answers in writing.
  package static func faults(
    of template: Template, plans: some Sequence<Plan>, clinic: Clinic, repliesComeIn: Bool
  ) -> [TemplateFault] {
    var check = TemplateCheck(template: template, words: TemplateWords.of(language: template.language))
    check.parts(plans: Array(plans))
    check.order()
    for (line, text) in check.lines { check.wording(text, line, repliesComeIn: repliesComeIn) }
    check.figures(TemplateFigures(of: template, clinic: clinic))
    return check.faults.sorted { ($0.line, $0.key) < ($1.line, $1.key) }
  }

  private init(template: Template, words: TemplateWords?) {
    self.template = template
    self.words = words
  }

  /// The names of templates that go out for any plan.
  private static let notices: Set<String> = ["bundle", "moved", "cancelled"]

  /// M1, M2, M3, M8: what must be there, and what may be.
  private mutating func parts(plans: [Plan]) {
    var body: Set<Placeholder> = []
    for case .gap(let placeholder) in template.body.joined() { body.insert(placeholder) }
    let end = lines.last?.line ?? 1
    if template.reviewed == nil {
      report(1, "Reviewed", "nobody has signed this text, so it is not sent (M8)", "write Reviewed: WHO YYYY-MM-DD")
    }
    if !body.contains(.clinicName) {
      report(end, "{{clinic.name}}", "the text does not say who writes (M2)", "write {{clinic.name}} into it")
    }
    if !body.contains(.clinicPhone) {
      report(end, "{{clinic.phone}}", "the text names no phone number (M2)", "write {{clinic.phone}} into it")
    }
    // A line with a link is left out where there is no answer page.
    let text = lines.map(\.text).filter { !$0.contains("{{link.") }.joined(separator: " ")
    if let words, !words.leaving.contains(where: { TemplateWords.isThere($0, in: text) }) {
      report(
        end, "template", "the text does not say how to change the date or to stop the messages (M1)",
        "end it with one: in English, \"To change it or stop reminders, call {{clinic.phone}}.\"")
    }
    guard template.placeholders.contains(.planTitle) else { return }
    let users = plans.filter { plan in
      Self.notices.contains(template.name) || plan.steps.contains { $0.template == template.name }
    }
    let line = lines.first { $0.text.contains("plan.title") }?.line ?? subjectLine
    for plan in users.filter({ !$0.harmlessTitle }).sorted(by: { $0.name < $1.name }) {
      report(
        line, "{{plan.title}}",
        "the plan '\(plan.name)' uses this text, and does not say that its title is harmless (M3)",
        "leave the title out, or write harmless_title = true into the plan")
    }
  }

  /// M1: the one fact that matters comes first.
  private mutating func order() {
    let due: Set<Placeholder> = [.dueDate, .dueTime, .dueWeekday, .dueRelative]
    let written = template.body.enumerated().filter { !$0.element.isEmpty }
    func tells(_ pieces: [Template.Piece]) -> Bool {
      pieces.contains { if case .gap(let placeholder) = $0 { due.contains(placeholder) } else { false } }
    }
    guard let place = written.firstIndex(where: { tells($0.element) }), place > 1 else { return }
    report(
      firstBodyLine + written[place].offset, "template", "when it is comes late in the text (M1)",
      "say it in the first sentence after the greeting")
  }

  /// M3, M5, M7, M13: words in one line.
  private mutating func wording(_ text: String, _ line: Int, repliesComeIn: Bool) {
    let plain = Self.withoutGaps(text)
    if let words {
      for word in words.relative where Self.isRelative(word, in: plain, language: template.language) {
        report(line, word, "typed by hand, it is a lie when the text goes out late (M13)", "write {{due.relative}}")
      }
      for word in words.telling where TemplateWords.isThere(word, in: plain) {
        report(
          line, Self.bare(word), "a stranger who reads along learns what the visit is for (M3)",
          "say \"your appointment\", and no more")
      }
      for word in words.blaming where TemplateWords.isThere(word, in: plain) {
        report(line, Self.bare(word), "it blames the patient (M5)", "say what they can do, kindly")
      }
    }
    let tokens = Set(plain.split { !$0.isLetter }.map(String.init))
    let asks = (words?.answering ?? []).contains { TemplateWords.isThere($0, in: plain) }
    if tokens.contains("CANCEL") || asks && TemplateWords.isThere("cancel", in: plain) {
      report(
        line, "CANCEL", "as an answer it ends all messages to that number: it is an opt-out word (M7)",
        "offer R to rearrange, or the phone")
    }
    for word in ["C", "R", "STOP"] where asks && !repliesComeIn && tokens.contains(word) {
      report(
        line, word, "no channel takes answers in writing, so nobody would read it (M7)",
        "offer the phone, or set replies = \"keywords\" for the channel")
    }
  }

  /// M6, M9: figures with limits.
  private mutating func figures(_ figures: TemplateFigures) {
    let end = lines.last?.line ?? 1
    let most = TemplateFigures.mostSegments(figures.sms.alphabet)
    if template.form == .short, figures.sms.segments > most {
      report(
        end, "template",
        "with long values it takes \(figures.sms.segments) segments (\(figures.sms.units) \(figures.sms.alphabet.rawValue)"
          + " characters) as a text message (M6)", "shorten it to \(most == 1 ? "160" : "201") characters")
    }
    if figures.characters > TemplateFigures.longestText {
      report(
        end, "template", "the text has \(figures.characters) characters (M6)",
        "shorten it to \(TemplateFigures.longestText)")
    }
    if let grade = figures.grade, grade.grade > TemplateFigures.hardestGrade {
      report(
        firstBodyLine, "template", "it reads at grade \(grade.grade) by \(grade.formula) (M9)",
        "write shorter sentences and shorter words, down to grade 6")
    }
  }

  // MARK: Lines

  /// The subject and the text, as the file has them.
  private var lines: [(line: Int, text: String)] {
    let all = sourceLines
    let subject = all[..<headerEnd].enumerated().filter { $0.element.lowercased().hasPrefix("subject:") }
    let body = all.enumerated().dropFirst(headerEnd + 1).filter { !$0.element.allSatisfy(\.isWhitespace) }
    return (subject + body).map { ($0.offset + 1, $0.element) }
  }

  private var sourceLines: [String] {
    template.source.composed.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
  }

  /// The index of the empty line after the header.
  private var headerEnd: Int {
    let lines = sourceLines
    return lines.firstIndex { $0.allSatisfy(\.isWhitespace) } ?? lines.count
  }

  private var subjectLine: Int { lines.first.map(\.line) ?? 1 }

  /// Where `Template.body` begins.
  private var firstBodyLine: Int { lines.first { $0.line > headerEnd + 1 }?.line ?? 1 }

  private static func withoutGaps(_ line: String) -> String {
    var result = ""
    var rest = Substring(line)
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      result += rest[..<open.lowerBound] + "\u{FFFC}"
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  /// Two languages have one word for tomorrow and for the morning.
  private static func isRelative(_ word: String, in line: String, language: String) -> Bool {
    switch (LanguageTag.lookup(language).last, word) {
    case ("de", "morgen"):
      // "Guten Morgen" and "am Morgen" are nouns, with a capital; a sentence that begins with the word means the day.
      let tokens = line.split { !$0.isLetter && $0 != "." }.map(String.init)
      return tokens.enumerated().contains { index, token in
        let begins = index == 0 || tokens[index - 1].hasSuffix(".")
        return token == "morgen" || token == "Morgen" && begins
      }
    case ("es", "mañana"):
      let morning = ["la mañana", "esta mañana", "pasado mañana"]
      let rest = morning.reduce(line.lowercased()) { $0.replacing($1, with: "") }
      return TemplateWords.isThere(word, in: rest)
    default: return TemplateWords.isThere(word, in: line)
    }
  }

  private static func bare(_ word: String) -> String { word.hasSuffix("*") ? String(word.dropLast()) + "…" : word }

  private mutating func report(_ line: Int, _ key: String, _ what: String, _ whatToDo: String) {
    faults.append(TemplateFault(line: line, key: key, what: what, whatToDo: whatToDo))
  }
}
