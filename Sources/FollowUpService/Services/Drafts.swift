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
final class Draft: Sendable {
  let parts: [ClearanceCase]
  /// Steps that the message makes needless.
  let superseded: [DueReminder]
  let destination: Destination
  let template: Template
  let identity: MessageIdentity
  let calendar: CalendarEntry?

  init(
    parts: [ClearanceCase], superseded: [DueReminder], destination: Destination, template: Template,
    identity: MessageIdentity, calendar: CalendarEntry?
  ) {
    self.parts = parts
    self.superseded = superseded
    self.destination = destination
    self.template = template
    self.identity = identity
    self.calendar = calendar
  }

  func composed(by terms: ClearanceTerms, now: Instant) -> Result<ComposedMessage, RenderError> {
    guard let told = parts.told else { return .failure(RenderError(code: "empty", detail: "it carries nothing")) }
    let text = terms.text(of: told, from: template, at: now)
    let identity = identity.text
    let draft = MessageDraft(
      identity: identity, channel: destination.channel, address: destination.address, subject: text.subject,
      text: text.body, language: text.language, composedAt: now, calendar: calendar,
      clinicName: terms.settings.clinic.name)
    do {
      return .success(
        ComposedMessage(identity: identity, text: text, rendered: try destination.entry.adapter.render(draft)))
    } catch {
      return .failure(error)
    }
  }
}

/// A message's words and bytes.
final class ComposedMessage: Sendable {
  let identity: String
  let text: Composer.Text
  let rendered: RenderedMessage

  init(identity: String, text: Composer.Text, rendered: RenderedMessage) {
    self.identity = identity
    self.text = text
    self.rendered = rendered
  }
}

/// The drafts of one transaction that are not claimed yet. To compose and render takes a third of what it takes to store;
/// it depends on nothing but values, and so another thread does it while this one looks at what is due next and claims.
struct Drafts {
  private var batches: [DraftBatch] = []
  private var rest: [Draft] = []
  private var patients: Set<Int64> = []
  private var addresses: Set<String> = []

  private(set) var count = 0

  mutating func add(_ draft: Draft, by terms: ClearanceTerms, now: Instant) {
    count += 1
    rest.append(draft)
    for part in draft.parts {
      patients.insert(part.reminder.patientID)
      addresses.formUnion(part.addresses.values)
    }
    guard rest.count == DraftBatch.size else { return }
    let batch = DraftBatch(rest, by: terms, now: now)
    batch.start()
    batches.append(batch)
    rest = []
  }

  /// Whether a decision about `reminders` has to wait until these are claimed: they are of one patient (R13, bundles).
  func concern(_ reminders: [DueReminder]) -> Bool { reminders.contains { patients.contains($0.patientID) } }

  /// Whether a message to one of the addresses is among them, which counts against its budget (R13).
  func concern(_ addresses: some Sequence<String>) -> Bool { addresses.contains(where: self.addresses.contains) }

  /// All of them, in order.
  func batches(by terms: ClearanceTerms, now: Instant) -> [DraftBatch] {
    batches + [DraftBatch(rest, by: terms, now: now)]
  }
}

/// Some drafts, composed once: on a thread of its own, or by who needs them first.
final class DraftBatch: Sendable {
  private enum Work {
    case waiting, begun
    case done([Result<ComposedMessage, RenderError>])
  }

  let drafts: [Draft]
  private let terms: ClearanceTerms
  private let now: Instant
  private let work = Mutex(Work.waiting)
  private let isDone = DispatchSemaphore(value: 0)

  /// Enough to be worth a thread's waking.
  static let size = 16
  private static let queue = DispatchQueue(label: "followupd.composer", qos: .userInitiated)

  init(_ drafts: [Draft], by terms: ClearanceTerms, now: Instant) {
    self.drafts = drafts
    self.terms = terms
    self.now = now
  }

  func start() { Self.queue.async { self.compose() } }

  /// Each draft's words and bytes, in order.
  func composed() -> [Result<ComposedMessage, RenderError>] {
    compose()
    isDone.wait()
    // For who asks again.
    isDone.signal()
    return work.withLock { if case .done(let results) = $0 { results } else { [] } }
  }

  private func compose() {
    let isMine = work.withLock { work in
      guard case .waiting = work else { return false }
      work = .begun
      return true
    }
    guard isMine else { return }
    let results = drafts.map { $0.composed(by: terms, now: now) }
    work.withLock { $0 = .done(results) }
    isDone.signal()
  }
}
