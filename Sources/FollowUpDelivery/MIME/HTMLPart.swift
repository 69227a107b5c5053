/// A message's text as simple HTML: paragraphs and links, nothing that is fetched.
enum HTMLPart {
  /// `text` is UTF-8 with LF line ends, and so is what comes of it; empty lines part paragraphs. Each paragraph finds its own
  /// direction (`dir="auto"`).
  static func text(_ text: [UInt8], title: String, language: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count * 5 / 4 + 512)
    output += "<!DOCTYPE html>\n<html lang=\"".utf8
    append(language.utf8, to: &output)
    output += "\">\n<head><meta charset=\"utf-8\"><title>".utf8
    append(title.utf8, to: &output)
    output += "</title></head>\n<body>\n".utf8
    var isOpen = false
    for line in text.split(separator: 0x0a, omittingEmptySubsequences: false) {
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      if isBlank {
        if isOpen { output += "</p>\n".utf8 }
      } else {
        output += isOpen ? "<br>\n".utf8 : "<p dir=\"auto\">".utf8
        appendLinked(line, to: &output)
      }
      isOpen = !isBlank
    }
    if isOpen { output += "</p>\n".utf8 }
    output += "</body>\n</html>\n".utf8
    return output
  }

  private static func appendLinked(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
    // Only then is a look for links worth its time.
    guard line.firstRange(of: "http") != nil else { return append(line, to: &output) }
    var rest = Substring(decoding: line, as: UTF8.self)
    while let start = nextLink(rest) {
      append(rest[..<start].utf8, to: &output)
      var end = rest[start...].firstIndex { $0.isWhitespace || "<>\"'".contains($0) } ?? rest.endIndex
      while end > start, ".,;:!?)".contains(rest[rest.index(before: end)]) { end = rest.index(before: end) }
      output += "<a href=\"".utf8
      append(rest[start..<end].utf8, to: &output)
      output += "\">".utf8
      append(rest[start..<end].utf8, to: &output)
      output += "</a>".utf8
      rest = rest[end...]
    }
    append(rest.utf8, to: &output)
  }

  private static func nextLink(_ text: Substring) -> Substring.Index? {
    [text.firstRange(of: "https://"), text.firstRange(of: "http://")].compactMap { $0?.lowerBound }.min()
  }

  /// Appends text, so that it is read as that.
  private static func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): output += "&amp;".utf8
      case UInt8(ascii: "<"): output += "&lt;".utf8
      case UInt8(ascii: ">"): output += "&gt;".utf8
      case UInt8(ascii: "\""): output += "&quot;".utf8
      case UInt8(ascii: "'"): output += "&#39;".utf8
      default: output.append(byte)
      }
    }
  }
}
