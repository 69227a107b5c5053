internal import Synchronization

/// What the workers of one adapter know together of how the server treats us.
final class SMTPStanding: Sendable {
  private let value = Atomic<Bool>(false)

  /// It has taken a recipient of another domain than the sender's: it relays for us, as we are configured.
  var relays: Bool { value.load(ordering: .relaxed) }

  func noteAccepted(_ recipient: MailAddress, from sender: MailAddress) {
    if !relays, recipient.domain != sender.domain { value.store(true, ordering: .relaxed) }
  }
}
