/// A message's text as simple HTML: paragraphs and links, nothing that is fetched.
enum HTMLPart {
  /// `text` has LF line ends; empty lines part paragraphs. Each paragraph finds its own direction (`dir="auto"`).
  static func text(_ text: String, title: String, language: String) -> String {
    var body = ""
    var isOpen = false
    for line in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map(Substring.init) {
      let isBlank = line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      if isBlank {
        if isOpen { body += "</p>\n" }
      } else {
        body += isOpen ? "<br>\n" : "<p dir=\"auto\">"
        body += linked(line)
      }
      isOpen = !isBlank
    }
    if isOpen { body += "</p>\n" }
    return """
      <!DOCTYPE html>
      <html lang="\(escaped(language[...]))">
      <head><meta charset="utf-8"><title>\(escaped(title[...]))</title></head>
      <body>
      \(body)</body>
      </html>

      """
  }

  private static func linked(_ line: Substring) -> String {
    guard mayHoldLink(line.utf8) else { return escaped(line) }
    var output = ""
    var rest = line
    while let start = nextLink(rest) {
      output += escaped(rest[..<start])
      var end = rest[start...].firstIndex { $0.isWhitespace || "<>\"'".contains($0) } ?? rest.endIndex
      while end > start, ".,;:!?)".contains(rest[rest.index(before: end)]) { end = rest.index(before: end) }
      let address = escaped(rest[start..<end])
      output += "<a href=\"\(address)\">\(address)</a>"
      rest = rest[end...]
    }
    return output + escaped(rest)
  }

  /// Whether `http` stands in it: only then is a look for links worth its time.
  private static func mayHoldLink(_ bytes: Substring.UTF8View) -> Bool {
    var matched = 0
    let sought: StaticString = "http"
    for byte in bytes {
      matched = byte == sought.utf8Start[matched] ? matched + 1 : byte == sought.utf8Start[0] ? 1 : 0
      if matched == sought.utf8CodeUnitCount { return true }
    }
    return false
  }

  private static func nextLink(_ text: Substring) -> Substring.Index? {
    [text.firstRange(of: "https://"), text.firstRange(of: "http://")].compactMap { $0?.lowerBound }.min()
  }

  private static func isMarkup(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }

  private static func escaped(_ text: Substring) -> String {
    guard text.utf8.contains(where: { isMarkup($0) }) else { return String(text) }
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
