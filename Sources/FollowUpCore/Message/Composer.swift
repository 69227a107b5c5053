/// Fills a template's gaps.
///
/// There is no logic in templates, and so two rules say what becomes of a gap without a value:
/// - the patient's name goes with the space before it ("Hello Maya," is "Hello," for who has none); at the beginning of a
///   line it goes with the comma after it;
/// - a line with any other gap that has no value (links without a base URL) is left out.
///
/// Where a value meets the text around it, the language's own writing holds: an article before a time agrees with it
/// ("a la 1:30"), and a value that ends in a full stop ("2:30 p.m.") takes the sentence's own with it.
package enum Composer {
  /// A subject of one line, and a text with lines separated by LF, in NFC.
  package struct Text: Sendable, Hashable {
    package var subject: String
    package var body: String
    /// The tag of the language that it is in: the patient's own (`fr-CA`) where the template is of it, else the template's.
    package var language: String
  }

  /// Values cannot bring line breaks, control or direction characters, or gaps of their own into the text.
  package static func compose(_ template: Template, _ values: MessageValues) -> Text {
    let language = values.tag(for: template)
    let wording = values.wording(of: language)
    let value: (Placeholder) -> String? = { placeholder in
      values.text(of: placeholder, language: language, wording: wording, form: template.form)
        .map(clean).flatMap { $0.isEmpty ? nil : $0 }
    }
    var lines: [String] = []
    var leftOut = false
    for pieces in template.body {
      guard let line = fill(pieces, value, wording) else {
        leftOut = true
        continue
      }
      if line.isEmpty, leftOut, lines.last?.isEmpty ?? true { continue }
      leftOut = leftOut && line.isEmpty
      lines.append(line)
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    let subject = fill(template.subject, value, wording) ?? ""
    return Text(
      subject: (subject.isEmpty ? clean(values.clinicName) : subject).composed,
      body: lines.joined(separator: "\n").composed, language: language)
  }

  /// nil: the line is left out.
  private static func fill(
    _ pieces: [Template.Piece], _ value: (Placeholder) -> String?, _ wording: Wording
  ) -> String? {
    var line = ""
    var isWithoutName = false
    for piece in pieces {
      switch piece {
      case .text(let text):
        line += isWithoutName && line.isEmpty ? beginning(text) : following(text, line)
        isWithoutName = false
      case .gap(let placeholder):
        if let text = value(placeholder) {
          if placeholder == .dueTime { line = wording.agreeing(line, with: text) }
          line += text
        } else if placeholder == .calledName {
          line = String(line.trimmingSuffix(while: \.isWhitespace))
          isWithoutName = true
        } else {
          return nil
        }
      }
    }
    return line
  }

  /// What followed a name at the beginning of a line, now the beginning itself.
  private static func beginning(_ text: String) -> String {
    let rest = text.drop { $0.isWhitespace || ",:;.!".contains($0) }
    return rest.prefix(1).uppercased() + rest.dropFirst()
  }

  /// What follows a value, without a second full stop.
  private static func following(_ text: String, _ line: String) -> String {
    guard text.utf8.first == UInt8(ascii: ".") else { return text }
    return line.hasSuffix(".") && text.hasPrefix(".") && !text.hasPrefix("..") ? String(text.dropFirst()) : text
  }

  private static func clean(_ value: String) -> String {
    if isClean(value.utf8) { return value }
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: result += " "
      // Joiners belong to the spelling of some languages' names; other invisible characters can turn a text around.
      case .format where scalar != "\u{200C}" && scalar != "\u{200D}": continue
      case .surrogate, .privateUse, .unassigned: continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result.split(separator: " ").joined(separator: " ")
  }

  /// Printable ASCII with single spaces within: most values, and nothing to look up of their characters.
  private static func isClean(_ bytes: String.UTF8View) -> Bool {
    var before = UInt8(ascii: " ")
    for byte in bytes {
      guard (0x20...0x7e).contains(byte), byte != 0x20 || before != 0x20 else { return false }
      before = byte
    }
    return before != 0x20
  }
}
