internal import FollowUpCore

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
    switch (stage, reply.enhanced.flatMap { EnhancedStatus($0)?.cause } ?? Self.byCode(reply, stage)) {
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

  private static func byCode(_ reply: SMTPReply, _ stage: SMTPVerdict.Stage) -> EnhancedStatus.Cause? {
    switch reply.code {
    case 500...504, 555: reply.enhanced == nil ? .unclear : nil
    case 552 where stage != .rcpt: .message
    default: nil
    }
  }
}
