import FollowUpCore
import FollowUpDelivery
import Synchronization

extension Adapter {
  func submit(_ job: DeliveryJob) { submit([job]) }

  /// Submits one job and waits for its outcome.
  func deliver(_ message: RenderedMessage, permit: @escaping @Sendable () -> Bool = { true }) async -> Outcome {
    await withCheckedContinuation { continuation in
      submit(DeliveryJob(message: message, permit: permit) { continuation.resume(returning: $0) })
    }
  }
}

extension MessageDraft {
  /// A visit's reminder by e-mail, with whatever a test wants otherwise.
  static func sample(
    identity: String = "0e6ba7b8-9dad-51d1-80b4-00c04fd430c8", channel: String = "email",
    address: String = "mai@example.org", subject: String = "Your appointment on Tuesday",
    text: String =
      "Hello Mai,\n\nyou have an appointment on Tue 1 Dec 2026 at 14:30.\n\nTo change it: +1 604 555 0100.\n",
    language: String = "en", calendar: CalendarEntry? = nil
  ) -> MessageDraft {
    MessageDraft(
      identity: identity, channel: channel, address: address, subject: subject, text: text, language: language,
      composedAt: Instant(1_796_135_400), calendar: calendar, clinicName: "Riverside Family Practice")
  }
}

extension RenderedMessage {
  /// A finished mail with the body `text`, for tests of the wire.
  static func sample(_ text: String = "Subject: x\r\n\r\nhello\r\n", address: String = "mai@example.org")
    -> RenderedMessage
  {
    RenderedMessage(
      identity: "0e6ba7b8-9dad-51d1-80b4-00c04fd430c8", messageID: "<0e6ba7b8@example.org>", channel: "email",
      address: address, body: Array(text.utf8))
  }
}

/// Counts calls from any thread.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .acquiring) }
  func add() { value.add(1, ordering: .acquiringAndReleasing) }
}

/// Waits for what another thread or program is about to do; false if it has not within ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
  let giveUp = ContinuousClock.now + .seconds(10)
  while !condition() {
    if ContinuousClock.now > giveUp { return false }
    // A pause between two looks at the condition, so that the waiting does not starve what is waited for.
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}
