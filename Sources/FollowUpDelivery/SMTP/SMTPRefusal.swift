/// What a server's 5xx is about: its stage, its code and its enhanced status code (RFC 5321 4.2, RFC 3463) tell.
enum SMTPRefusal: Equatable {
  /// The recipient's address: no such mailbox, a full or disabled one.
  case address
  /// What was sent, or a policy about it: this message goes no further, the address may be good.
  case message
  /// Our login, our sender or this machine: no message would get through.
  case settings

  /// - Parameter relays: the server has taken somebody of another domain from us, under these settings.
  init(_ stage: SMTPVerdict.Stage, _ reply: SMTPReply, relays: Bool) {
    // Authentication is wanted, or another one (RFC 4954 6, RFC 3207 4).
    if [530, 534, 535, 538].contains(reply.code) {
      self = .settings
      return
    }
    switch (stage, Self.byStatus(reply) ?? Self.byCode(reply, stage)) {
    // Nobody's address was named yet: what is refused there, but for a message of its size, is the sender.
    case (.mail, let found): self = found == .message ? .message : .settings
    // Servers name at RCPT what they have against the client, too. Where they took others from us, it is this recipient.
    case (.rcpt, .unclear): self = relays ? .message : .settings
    case (.rcpt, nil): self = .address
    case (_, .address): self = .address
    case (_, .settings): self = .settings
    case (_, .message), (_, .unclear), (_, nil): self = .message
    }
  }

  private enum Finding {
    case address, message, settings
    /// It may be any of them.
    case unclear
  }

  /// Nil where the enhanced status code says nothing, or nothing that its stage does not.
  private static func byStatus(_ reply: SMTPReply) -> Finding? {
    let numbers = reply.enhanced?.split(separator: ".").compactMap { Int($0) } ?? []
    guard numbers.count == 3 else { return nil }
    switch (numbers[1], numbers[2]) {
    // The sender's mailbox or domain cannot be.
    case (1, 7), (1, 8): return .settings
    case (1, _): return .address
    case (2, 3): return .message
    case (2, _): return .address
    case (3, 1...): return .message
    case (5, _): return .unclear
    case (6, _): return .message
    // The mailbox or its domain has another owner than it had (RFC 7293).
    case (7, 17), (7, 18): return .address
    case (7, 0...2): return .unclear
    // Credentials, encryption and trust; DKIM, SPF and reverse DNS (RFC 7372); what Microsoft adds.
    case (7, 8...14), (7, 20...29), (7, 31...): return .settings
    case (7, _): return .message
    default: return nil
    }
  }

  private static func byCode(_ reply: SMTPReply, _ stage: SMTPVerdict.Stage) -> Finding? {
    switch reply.code {
    case 500...504, 555: reply.enhanced == nil ? .unclear : nil
    case 552 where stage != .rcpt: .message
    default: nil
    }
  }
}
