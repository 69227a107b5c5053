package import FollowUpCore

/// An e-mail address that can stand on the wire: ASCII only, its domain in A-labels (RFC 5321 4.1.2, RFC 5891).
package struct MailAddress: Sendable, Hashable {
  /// Quoted where its dots ask for it.
  package let localPart: String
  /// Lower case.
  package let domain: String

  /// As it stands between the angle brackets of an envelope or a header.
  package var text: String { "\(localPart)@\(domain)" }

  /// Reads `local@domain`.
  ///
  /// - Throws: `smtputf8-needed` for a local part that is not ASCII, as every server on the way would have to know
  ///   SMTPUTF8 (RFC 6531); `bad-address` for control characters, blanks, comments and address literals.
  package init(_ text: String) throws(RenderError) {
    guard text.utf8.count <= 320, let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else {
      throw RenderError(code: "bad-address", detail: "the address is not of the form local@domain")
    }
    localPart = try Self.localPart(Array(text[..<at].utf8))
    domain = try Self.domain(String(text[text.utf8.index(after: at)...]))
  }

  private static func localPart(_ bytes: [UInt8]) throws(RenderError) -> String {
    if bytes.contains(where: { $0 >= 0x80 }) {
      throw RenderError(
        code: "smtputf8-needed", detail: "the part before the @ has letters that mail cannot carry everywhere")
    }
    guard (1...64).contains(bytes.count), bytes.allSatisfy({ isAtomText($0) || $0 == UInt8(ascii: ".") }) else {
      throw RenderError(
        code: "bad-address", detail: "the part before the @ is empty, too long, or holds characters that mail refuses")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    // Only as part of a quoted string may dots open it, close it or follow one another.
    let dot = UInt8(ascii: ".")
    let isDotAtom =
      bytes.first != dot && bytes.last != dot && !zip(bytes, bytes.dropFirst()).contains { $0 == dot && $1 == dot }
    return isDotAtom ? text : "\"\(text)\""
  }

  private static func domain(_ text: String) throws(RenderError) -> String {
    if isPlainDomain(text.utf8) { return text }
    var labels: [String] = []
    for label in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard let ascii = asciiLabel(String(label)) else {
        throw RenderError(code: "bad-address", detail: "the domain of the address cannot exist")
      }
      labels.append(ascii)
    }
    let domain = labels.joined(separator: ".")
    guard domain.utf8.count <= 253 else { throw RenderError(code: "bad-address", detail: "the domain is too long") }
    return domain
  }

  /// Labels of lower-case letters, digits and inner hyphens: what most are, with nothing to encode.
  private static func isPlainDomain(_ bytes: String.UTF8View) -> Bool {
    guard bytes.count <= 253 else { return false }
    var length = 0
    var last = UInt8(ascii: ".")
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): length += 1
      case UInt8(ascii: "-") where length > 0: length += 1
      case UInt8(ascii: ".") where length > 0 && last != UInt8(ascii: "-"): length = 0
      default: return false
      }
      guard length <= 63 else { return false }
      last = byte
    }
    return length > 0 && last != UInt8(ascii: "-")
  }

  private static func asciiLabel(_ label: String) -> String? {
    var ascii = label.lowercased()
    if !ascii.utf8.allSatisfy({ $0 < 0x80 }) {
      // Loose accents and symbols would need Unicode normalisation first: they are refused rather than misdirected.
      guard
        ascii.unicodeScalars.allSatisfy({ scalar in
          (scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal || scalar == "-"
            || scalar.properties.generalCategory == .nonspacingMark) && !(0x300...0x36f).contains(scalar.value)
            && !(0xff00...0xffef).contains(scalar.value)
        }), let encoded = Punycode.encode(ascii)
      else { return nil }
      ascii = "xn--" + encoded
    }
    let bytes = Array(ascii.utf8)
    guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-"),
      bytes.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") })
    else { return nil }
    return ascii
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  private static func isAtomText(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }
}
