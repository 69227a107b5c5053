/// Text from elsewhere, made harmless for a terminal.
enum SafeText {
  /// Escapes what a terminal would obey: control characters, line separators, and marks that turn the direction of
  /// writing. The isolates that this program itself sets stay.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case _ where isUnsafe(scalar): out += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// A name or a note: escaped, and isolated so that right-to-left text leaves its neighbours in place (UAX 9, 2.4).
  static func isolated(_ text: String) -> String {
    let bare = text.unicodeScalars.filter { !isIsolate($0) }
    return text.isEmpty ? "" : "\u{2068}\(escaped(String(String.UnicodeScalarView(bare))))\u{2069}"
  }

  private static func isIsolate(_ scalar: Unicode.Scalar) -> Bool { (0x2066...0x2069).contains(scalar.value) }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066, 0x2067, 0x200E, 0x200F, 0x061C: true
    default: false
    }
  }

  /// A text of several lines, which it keeps; each is made harmless by itself.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(separator: "\n")
  }
}
