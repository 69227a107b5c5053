/// Reads a template's file: header lines, an empty line, the text. Finds every fault, not the first alone.
package struct TemplateParser {
  private var faults: [TemplateFault] = []

  /// - Parameter fileName: `NAME.LANGUAGE.txt` or `NAME.LANGUAGE.sms.txt`.
  /// - Returns: what the file holds, or all that is wrong with it.
  package static func parse(fileName: String, text: String) -> (file: TemplateFile?, faults: [TemplateFault]) {
    var parser = TemplateParser()
    let file = parser.parse(fileName: fileName, text: text)
    return (parser.faults.isEmpty ? file : nil, parser.faults)
  }

  /// The name, language and form in a file's name; nil if it is none of a template.
  package static func identity(of fileName: String) -> (name: String, language: String, form: Template.Form)? {
    var parts = fileName.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.popLast() == "txt" else { return nil }
    let form: Template.Form = parts.count == 3 && parts[2] == "sms" ? .short : .full
    if form == .short { parts.removeLast() }
    guard parts.count == 2, let name = ConfiguredName(parts[0]), LanguageTag.isWellFormed(parts[1]) else { return nil }
    return (name.text, parts[1], form)
  }

  private mutating func parse(fileName: String, text: String) -> TemplateFile? {
    guard let identity = Self.identity(of: fileName) else {
      report(
        1, "template", "the file's name is none of a template", "name it NAME.LANGUAGE.txt or NAME.LANGUAGE.sms.txt")
      return nil
    }
    let lines = text.composed.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    let end = lines.firstIndex { $0.allSatisfy(\.isWhitespace) } ?? lines.count
    let header = parseHeader(lines[..<end])
    if header.isDisabled { return .disabled }
    if end == lines.count {
      report(max(1, end), "template", "there is no text", "write header lines, an empty line, and then the text")
      return nil
    }
    var body: [[Template.Piece]] = []
    for (index, line) in lines.enumerated().dropFirst(end + 1) {
      let trimmed = String(line.trimmingSuffix(while: \.isWhitespace))
      body.append(pieces(of: trimmed, line: index + 1))
    }
    while body.last == [] { body.removeLast() }
    while body.first == [] { body.removeFirst() }
    if lines[(end + 1)...].allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
      report(end + 1, "template", "there is no text", "write what the patient is to read after the empty line")
    }
    return .template(
      Template(
        name: identity.name, language: identity.language, form: identity.form, subject: header.subject,
        reviewed: header.reviewed, body: body, source: text))
  }

  private struct Header {
    var subject: [Template.Piece] = []
    var reviewed: String?
    var isDisabled = false
  }

  private mutating func parseHeader(_ lines: ArraySlice<String>) -> Header {
    var header = Header()
    var seen: Set<String> = []
    let known = ["Subject", "Reviewed", "Disabled"]
    for (index, line) in lines.enumerated() {
      let number = index + 1
      guard let colon = line.firstIndex(of: ":") else {
        report(number, "template", "this is no header line", "write Subject: and Reviewed: lines, then an empty line")
        continue
      }
      let name = String(line[..<colon])
      let value = line[line.index(after: colon)...].trimmed
      guard let key = known.first(where: { $0.lowercased() == name.lowercased() }) else {
        let hint = Spelling.nearest(to: name, among: known).map { "did you mean \($0)?" }
        report(number, name, "there is no such header", hint ?? "the headers are Subject, Reviewed and Disabled")
        continue
      }
      if !seen.insert(key).inserted {
        report(number, key, "the header is there twice", "leave one of them")
      }
      switch key {
      case "Subject": header.subject = pieces(of: value, line: number)
      case "Reviewed": header.reviewed = reviewer(value, line: number)
      default:
        header.isDisabled = value.lowercased() == "true"
        if !["true", "false"].contains(value.lowercased()) {
          report(number, key, "'\(value)' is neither true nor false", "write Disabled: true, or leave the line out")
        }
      }
    }
    return header
  }

  /// WHO DATE, the last word being the date.
  private mutating func reviewer(_ value: String, line: Int) -> String? {
    if value.isEmpty { return nil }
    let words = value.split(separator: " ")
    guard words.count >= 2, let last = words.last, CivilDate(String(last)) != nil else {
      report(line, "Reviewed", "it must say who and when", "write Reviewed: NAME YYYY-MM-DD, or leave the line out")
      return nil
    }
    return value
  }

  private mutating func pieces(of line: String, line number: Int) -> [Template.Piece] {
    var pieces: [Template.Piece] = []
    var rest = Substring(line)
    while let open = rest.firstRange(of: "{{") {
      if open.lowerBound > rest.startIndex { pieces.append(plain(rest[..<open.lowerBound], number)) }
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        report(number, "template", "a placeholder is not closed", "write it as {{due.date}}")
        return pieces
      }
      let inner = rest[open.upperBound..<close.lowerBound]
      let name = inner.trimmed
      if let placeholder = Placeholder(rawValue: name) {
        pieces.append(.gap(placeholder))
      } else {
        let hint = Placeholder.nearest(to: name).map { "did you mean {{\($0.rawValue)}}?" }
        report(
          number, "{{\(name)}}", "there is no such placeholder",
          hint ?? "use one of " + Placeholder.allCases.map { "{{\($0.rawValue)}}" }.joined(separator: ", "))
      }
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { pieces.append(plain(rest, number)) }
    return pieces
  }

  private mutating func plain(_ text: Substring, _ line: Int) -> Template.Piece {
    if text.contains("}}") {
      report(line, "template", "}} without {{ before it", "write a placeholder as {{due.date}}")
    }
    if text.unicodeScalars.contains(where: { $0.isControl && $0 != "\t" }) {
      report(line, "template", "the text holds a control character", "remove it")
    }
    return .text(String(text))
  }

  private mutating func report(_ line: Int, _ key: String, _ what: String, _ whatToDo: String) {
    faults.append(TemplateFault(line: line, key: key, what: what, whatToDo: whatToDo))
  }
}
