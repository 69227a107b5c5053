import FollowUpCore
import Synchronization

/// An adapter whose outcomes the test chooses: the peer is not the subject here. It answers on the caller's thread, or
/// keeps jobs before their first byte (`stall`) or after it (a nil outcome).
final class FakeAdapter: Adapter {
  static let kind = "fake"

  private struct State {
    var drafts: [MessageDraft] = []
    var sent: [RenderedMessage] = []
    var stalled: [DeliveryJob] = []
    var begun: [DeliveryJob] = []
    var finished: [DeliveryJob] = []
    var isStalling = false
    var outcomes: [Outcome?] = []
    var always: Outcome? = .delivered(code: "250", gatewayID: nil)
    var atSubmit: (@Sendable (RenderedMessage) -> Void)?
    var refusesToRender: String?
  }

  private let state = Mutex(State())

  let capacity = 8

  /// What was composed, in order.
  var drafts: [MessageDraft] { state.withLock { $0.drafts } }
  /// What left, in order.
  var sent: [RenderedMessage] { state.withLock { $0.sent } }
  var texts: [String] { sent.map { String(decoding: $0.body, as: UTF8.self) } }
  var identities: [String] { sent.map(\.identity) }
  /// How many jobs wait before their first byte.
  var waiting: Int { state.withLock { $0.stalled.count } }
  /// Jobs that were answered.
  var answered: [DeliveryJob] { state.withLock { $0.finished } }

  /// The outcomes of the next jobs; nil: the job has begun and does not end.
  func next(_ outcomes: Outcome?...) { state.withLock { $0.outcomes += outcomes } }
  /// The outcome of every job that no `next` is for.
  func always(_ outcome: Outcome?) { state.withLock { $0.always = outcome } }
  /// Keeps jobs before their first byte.
  func stall() { state.withLock { $0.isStalling = true } }
  func atSubmit(_ body: @escaping @Sendable (RenderedMessage) -> Void) { state.withLock { $0.atSubmit = body } }
  func refuseToRender(_ address: String) { state.withLock { $0.refusesToRender = address } }

  /// Lets go of what was kept before its first byte.
  func flow() {
    let jobs = state.withLock { state in
      defer { state.stalled = [] }
      state.isStalling = false
      return state.stalled
    }
    for job in jobs { begin(job) }
  }

  /// Loses what was kept before its first byte, as if it had never been given, and flows.
  func forget() {
    state.withLock { state in
      state.isStalling = false
      state.stalled = []
    }
  }

  /// Ends the jobs that have begun.
  func end(_ outcome: Outcome) {
    let jobs = state.withLock { state in
      defer { state.begun = [] }
      return state.begun
    }
    for job in jobs { finish(job, outcome) }
  }

  func render(_ draft: MessageDraft) throws(RenderError) -> RenderedMessage {
    if state.withLock({ $0.refusesToRender }) == draft.address { throw RenderError(code: "bad-address", detail: "") }
    state.withLock { $0.drafts.append(draft) }
    return RenderedMessage(
      identity: draft.identity, messageID: "<\(draft.identity)@example.org>", channel: draft.channel,
      address: draft.address, body: Array("\(draft.composedAt)\n\(draft.text)".utf8))
  }

  func submit(_ jobs: [DeliveryJob]) { for job in jobs { submit(job) } }

  private func submit(_ job: DeliveryJob) {
    state.withLock { $0.atSubmit }?(job.message)
    let isStalled = state.withLock { state in
      if state.isStalling { state.stalled.append(job) }
      return state.isStalling
    }
    if !isStalled { begin(job) }
  }

  func test(_ message: RenderedMessage?, within seconds: Double) -> [TestStage] { [] }

  func stop(within seconds: Double) {
    let (stalled, begun) = state.withLock { state in
      defer { (state.stalled, state.begun) = ([], []) }
      return (state.stalled, state.begun)
    }
    for job in stalled { finish(job, .withdrawn) }
    for job in begun { finish(job, .uncertain(Fault(code: "stopped"))) }
  }

  private func begin(_ job: DeliveryJob) {
    guard job.stands(), job.permit() else { return finish(job, .withdrawn) }
    let outcome = state.withLock { state in
      state.sent.append(job.message)
      let outcome = state.outcomes.isEmpty ? state.always : state.outcomes.removeFirst()
      if outcome == nil { state.begun.append(job) }
      return outcome
    }
    if let outcome { finish(job, outcome) }
  }

  private func finish(_ job: DeliveryJob, _ outcome: Outcome) {
    state.withLock { $0.finished.append(job) }
    job.finished(outcome)
  }
}
