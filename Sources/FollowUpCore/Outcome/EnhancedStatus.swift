/// An enhanced status code of mail, `5.1.1` (RFC 3463), and what a failure with it is about.
package struct EnhancedStatus: Hashable, Sendable {
  /// 2: success, 4: for now, 5: for good.
  package let kind: Int
  package let subject: Int
  package let detail: Int

  /// Three numbers of one to three digits, with dots between; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.count) && $0.allSatisfy(Self.isDigit) }) else {
      return nil
    }
    let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
    (kind, subject, detail) = (numbers[0], numbers[1], numbers[2])
  }

  package enum Cause: Sendable {
    /// The recipient's address: no such mailbox, a full or disabled one, or one that has changed hands.
    case address
    /// What was sent, or a policy about it.
    case message
    /// Our login, our sender or this machine.
    case settings
    /// It may be any of them.
    case unclear
  }

  /// What a failure is about; nil where the code says nothing, or nothing that its stage does not.
  package var cause: Cause? {
    switch (subject, detail) {
    // The sender's mailbox or domain cannot be.
    case (1, 7), (1, 8): .settings
    case (1, _): .address
    // Too long for the mailbox.
    case (2, 3): .message
    case (2, _): .address
    case (3, 1...): .message
    case (5, _): .unclear
    case (6, _): .message
    // The mailbox or its domain has another owner than it had (RFC 7293).
    case (7, 17), (7, 18): .address
    case (7, 0...2): .unclear
    // Credentials, encryption and trust; DKIM, SPF and reverse DNS (RFC 7372); what Microsoft adds.
    case (7, 8...14), (7, 20...29), (7, 31...): .settings
    case (7, _): .message
    default: nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
