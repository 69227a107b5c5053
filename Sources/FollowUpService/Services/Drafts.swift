internal import Dispatch
internal import FollowUpCore
internal import FollowUpStore
internal import Synchronization

/// Where a message goes.
struct Destination: Sendable {
  var contact: Int64
  var channel: String
  var address: String
  var mode: Mode
  var entry: Channels.Entry
}

/// What is cleared to leave as one message, and has neither its words nor its bytes yet.
struct Draft: Sendable {
  var parts: [ClearanceCase]
  /// Steps that the message makes needless.
  var superseded: [DueReminder]
  var destination: Destination
  var template: Template
  var identity: String
  var calendar: CalendarEntry?

  func composed(by terms: ClearanceTerms, now: Instant) -> Result<ComposedMessage, RenderError> {
    guard let told = parts.told else { return .failure(RenderError(code: "empty", detail: "it carries nothing")) }
    let text = terms.text(of: told, from: template, at: now)
    let draft = MessageDraft(
      identity: identity, channel: destination.channel, address: destination.address, subject: text.subject,
      text: text.body, language: text.language, composedAt: now, calendar: calendar,
      clinicName: terms.settings.clinic.name)
    do {
      return .success(ComposedMessage(text: text, rendered: try destination.entry.adapter.render(draft)))
    } catch {
      return .failure(error)
    }
  }
}

/// A message's words and bytes.
struct ComposedMessage: Sendable {
  var text: Composer.Text
  var rendered: RenderedMessage
}

/// The drafts of one transaction that are not claimed yet. To compose and render takes as long as to store; it depends on
/// nothing but values, and so all processors share it.
struct Drafts {
  private var drafts: [Draft] = []
  private var patients: Set<Int64> = []
  private var addresses: Set<String> = []

  /// Fewer are not worth a second thread.
  private static let fewest = 8
  private static let threads = 2

  var count: Int { drafts.count }

  mutating func add(_ draft: Draft) {
    drafts.append(draft)
    for part in draft.parts {
      patients.insert(part.reminder.patientID)
      addresses.formUnion(part.addresses.values)
    }
  }

  /// Whether a decision about `reminders` has to wait until these are claimed: they are of one patient (R13, bundles).
  func concern(_ reminders: [DueReminder]) -> Bool { reminders.contains { patients.contains($0.patientID) } }

  /// Whether a message to one of the addresses is among them, which counts against its budget (R13).
  func concern(_ addresses: some Sequence<String>) -> Bool { addresses.contains(where: self.addresses.contains) }

  /// Each with its words and bytes, in order.
  func composed(
    by terms: ClearanceTerms, now: Instant
  ) -> [(draft: Draft, result: Result<ComposedMessage, RenderError>)] {
    guard drafts.count >= Self.fewest else { return drafts.map { ($0, $0.composed(by: terms, now: now)) } }
    let drafts = drafts
    let share = (drafts.count + Self.threads - 1) / Self.threads
    let results = Mutex<[Int: [Result<ComposedMessage, RenderError>]]>([:])
    DispatchQueue.concurrentPerform(iterations: Self.threads) { thread in
      let part = drafts[min(thread * share, drafts.count)..<min((thread + 1) * share, drafts.count)]
      let composed = part.map { $0.composed(by: terms, now: now) }
      results.withLock { $0[thread] = composed }
    }
    let composed = results.withLock { results in (0..<Self.threads).flatMap { results[$0] ?? [] } }
    return Array(zip(drafts, composed))
  }
}
