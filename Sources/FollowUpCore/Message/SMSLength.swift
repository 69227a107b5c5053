/// What a text costs as SMS: the alphabet that it needs, its units and its segments (M6, 3GPP TS 23.038 and 23.040).
package struct SMSLength: Sendable, Hashable {
  package enum Alphabet: String, Sendable {
    case gsm7 = "GSM-7"
    case ucs2 = "UCS-2"
  }

  package var alphabet: Alphabet
  /// Septets of GSM-7 (the extension table's characters count two), or UTF-16 units.
  package var units: Int
  package var segments: Int

  package init(of text: String) {
    let septets = text.unicodeScalars.map(Self.septets)
    if septets.contains(nil) {
      alphabet = .ucs2
      units = text.utf16.count
      segments = Self.segments(of: text.unicodeScalars.map { UTF16.width($0) }, whole: 70, part: 67)
    } else {
      alphabet = .gsm7
      let widths = septets.compactMap { $0 }
      units = widths.reduce(0, +)
      segments = Self.segments(of: widths, whole: 160, part: 153)
    }
  }

  /// A character is never torn between two segments, so that a segment may end one unit early.
  private static func segments(of widths: [Int], whole: Int, part: Int) -> Int {
    if widths.isEmpty { return 0 }
    if widths.reduce(0, +) <= whole { return 1 }
    var segments = 1
    var used = 0
    for width in widths {
      if used + width > part {
        segments += 1
        used = 0
      }
      used += width
    }
    return segments
  }

  private static func septets(_ scalar: Unicode.Scalar) -> Int? {
    if basic.contains(scalar) { return 1 }
    return extended.contains(scalar) ? 2 : nil
  }

  private static let basic = Set(
    """
    @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà
    """.unicodeScalars)

  private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)
}
