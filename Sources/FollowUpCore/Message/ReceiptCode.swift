/// What a peer says of a message that it took, some time later.
package enum ReceiptOutcome: String, Sendable, CaseIterable { case delivered, failed }

/// A peer's code for what became of a message: a short stable word that no patient's data fits into, `30003`, `550-5.1.1`,
/// `UNDELIV`.
package struct ReceiptCode: Hashable, Sendable {
  package let text: String

  /// Letters, digits, `.`, `-`, `_` and `:`, 32 at most, beginning with a letter or digit, and no more than 6 digits in a row:
  /// a telephone number is no code. Nil for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 32, Self.isDigit(first) || Self.isLetter(first) else { return nil }
    var digits = 0
    for byte in bytes {
      digits = Self.isDigit(byte) ? digits + 1 : 0
      guard digits <= 6, digits > 0 || Self.isLetter(byte) || ".-_:".utf8.contains(byte) else { return nil }
    }
    self.text = text
  }

  /// What an error says of a code that is none.
  package static let rule = "a code has letters, digits and . - _ : only, 32 at most, and is no telephone number"

  /// As the journal may have it: lower case, with hyphens.
  package var word: String {
    String(text.lowercased().map { $0 == "_" || $0 == ":" ? "-" : $0 })
  }

  /// How much a failure speaks against the address.
  package enum Refusal: Sendable { case once, forGood }

  /// How the code counts against the address by the rules for bounces (`delivery.md`, Retry): an SMTP reply 5xx or an
  /// enhanced status 5.x.x refuses it, 5.1.1 for good. Nil for what a gateway of another kind says: it may be about anything.
  package var refusal: Refusal? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, first.hasPrefix("5") else { return nil }
    let isReply = first.utf8.count == 3 && first.utf8.allSatisfy(Self.isDigit)
    func isStatus(_ part: String) -> Bool {
      let numbers = part.split(separator: ".", omittingEmptySubsequences: false)
      return numbers.count == 3 && numbers[0] == "5"
        && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) }
    }
    guard parts.count == 1 ? isReply || isStatus(first) : parts.count == 2 && isReply && isStatus(parts[1]) else {
      return nil
    }
    return parts.last == "5.1.1" ? .forGood : .once
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
