/// What a peer says of a message that it took, some time later.
package enum ReceiptOutcome: String, Sendable, CaseIterable { case delivered, failed }

/// A peer's code for what became of a message: a short stable word, `30003`, `550-5.1.1`, `UNDELIV`.
package struct ReceiptCode: Hashable, Sendable {
  package let text: String

  /// Letters, digits, `.`, `-`, `_` and `:`, 32 at most, beginning with a letter or digit, and no more than 6 digits but in
  /// an SMTP reply with its enhanced status: a telephone number is no code. Nil for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 32, Self.isDigit(first) || Self.isLetter(first) else { return nil }
    guard bytes.allSatisfy({ Self.isDigit($0) || Self.isLetter($0) || ".-_:".utf8.contains($0) }),
      bytes.count(where: Self.isDigit) <= 6 || Self.isReply(text)
    else { return nil }
    self.text = text
  }

  /// What an error says of a code that is none.
  package static let rule = "a code has letters, digits and . - _ : only, 32 at most, and is no telephone number"

  /// As the journal may have it: with hyphens. Nil for one with letters: somebody's name would be one, too (R22).
  package var word: String? {
    guard !text.utf8.contains(where: Self.isLetter) else { return nil }
    return String(text.map { $0 == "_" || $0 == ":" ? "-" : $0 })
  }

  /// How much a failure speaks against the address.
  package enum Refusal: Sendable { case once, forGood }

  /// How the code counts against the address by the rules for bounces (`delivery.md`, Retry): an enhanced status 5.x.x that is
  /// about the address, or an SMTP reply for a mailbox without one, refuses it, 5.1.1 for good. Nil for what is about the
  /// message or the sender (RFC 3463), and for what a gateway of another kind says: it may be about anything.
  package var refusal: Refusal? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1: return Self.mailboxReplies.contains(text) ? .once : Self.refusal(byStatus: text)
    case 2 where Self.isReply(text):
      return Self.refusal(byStatus: parts[1])
    default: return nil
    }
  }

  /// `550-5.7.708`: three digits that begin as the status does (RFC 3463).
  private static func isReply(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 3, let reply = Int(parts[0]), let status = EnhancedStatus(parts[1])
    else { return false }
    return reply / 100 == status.kind
  }

  /// Mailbox unavailable, not local, or not allowed (RFC 5321 4.2.3).
  private static let mailboxReplies: Set<String> = ["550", "551", "553"]

  private static func refusal(byStatus text: String) -> Refusal? {
    guard let status = EnhancedStatus(text), status.kind == 5, status.cause == .address else { return nil }
    return status == EnhancedStatus("5.1.1") ? .forGood : .once
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
