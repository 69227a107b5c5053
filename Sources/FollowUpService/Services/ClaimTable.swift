internal import FollowUpCore
internal import FollowUpStore
internal import Synchronization

/// A claim of this run that no outcome has ended. Commands withdraw it and workers begin it, and one word decides who was
/// first (R12).
final class LiveClaim: Sendable {
  private enum Phase: UInt8, AtomicRepresentable { case claimed, begun, over }

  let message: Int64
  let attempt: Int64
  let channel: String
  /// What the claim left in the database; nil where that has to be read.
  let rows: ClaimedRows?
  private let phase = Atomic(Phase.claimed)
  private let sendBySeconds: Atomic<Int64>
  private let begunFile: BegunFile
  /// Where the file tells that it has begun; -1: nowhere.
  private let slot = Atomic(-1)

  init(_ claim: Claim, begunFile: BegunFile) {
    message = claim.messageID
    attempt = claim.attemptID
    channel = claim.message.channel
    rows = claim.rows
    sendBySeconds = Atomic(claim.sendBy.seconds)
    self.begunFile = begunFile
  }

  var sendBy: Instant { Instant(sendBySeconds.load(ordering: .relaxed)) }

  /// Whether it could still begin; nothing is marked.
  func stands(now: Instant) -> Bool { phase.load(ordering: .acquiring) == .claimed && now < sendBy }

  /// The worker's last look before the first byte: false if it was withdrawn or its time is over.
  func begin(now: Instant) -> Bool {
    // Marked before anybody is told that it has begun; a kill in between leaves a doubt where there was none.
    guard stands(now: now), let slot = begunFile.mark(attempt) else { return false }
    self.slot.store(slot, ordering: .releasing)
    if exchange(.claimed, for: .begun) { return true }
    clear()
    return false
  }

  /// A peer has taken what it carried: known from now on whatever becomes of this run.
  func delivered() {
    let slot = slot.load(ordering: .acquiring)
    if slot >= 0 { begunFile.markDelivered(attempt, in: slot) }
  }

  /// False if it has begun.
  fileprivate func withdraw() -> Bool { exchange(.claimed, for: .over) || phase.load(ordering: .acquiring) == .over }

  fileprivate func end() {
    phase.store(.over, ordering: .releasing)
    clear()
  }

  private func clear() {
    let slot = slot.exchange(-1, ordering: .acquiringAndReleasing)
    if slot >= 0 { begunFile.clear(slot) }
  }

  fileprivate func shift(by seconds: Int64) { sendBySeconds.subtract(seconds, ordering: .relaxed) }

  private func exchange(_ expected: Phase, for new: Phase) -> Bool {
    phase.compareExchange(expected: expected, desired: new, ordering: .acquiringAndReleasing).exchanged
  }
}

/// The claims of this run that no outcome has ended.
final class ClaimTable: Withdrawing {
  private struct State {
    /// By attempt: a message may be claimed again before the outcome of its last claim is committed.
    var claims: [Int64: LiveClaim] = [:]
    /// The newest attempt of each message.
    var attempts: [Int64: Int64] = [:]
    var inFlight: [String: Int] = [:]
    /// No claim's time is over before.
    var firstSendBy = Instant.distantFuture
  }

  private let begunFile: BegunFile
  private let state = Mutex(State())

  init(begunFile: BegunFile) { self.begunFile = begunFile }

  func add(_ claims: [Claim]) {
    state.withLock { state in
      for claim in claims {
        state.claims[claim.attemptID] = LiveClaim(claim, begunFile: begunFile)
        state.attempts[claim.messageID] = claim.attemptID
        state.inFlight[claim.message.channel, default: 0] += 1
        state.firstSendBy = min(state.firstSendBy, claim.sendBy)
      }
    }
  }

  /// Nil once its outcome is committed.
  func live(_ message: Int64, attempt: Int64) -> LiveClaim? {
    state.withLock { state in state.claims[attempt].flatMap { $0.message == message ? $0 : nil } }
  }

  func withdraw(message id: Int64) -> Bool {
    state.withLock { state in state.attempts[id].flatMap { state.claims[$0] }?.withdraw() ?? false }
  }

  /// A channel's server refuses us: what has not begun of it is taken back at once, before the hold is committed.
  func withdraw(channel: String) {
    state.withLock { state in
      for claim in state.claims.values where claim.channel == channel { _ = claim.withdraw() }
    }
  }

  /// The outcome is committed.
  func end(_ message: Int64, attempt: Int64) {
    state.withLock { state in
      guard let claim = state.claims[attempt], claim.message == message else { return }
      state.claims[attempt] = nil
      if state.attempts[message] == attempt { state.attempts[message] = nil }
      state.inFlight[claim.channel, default: 1] -= 1
      claim.end()
    }
  }

  /// The clock was set back by `seconds`: no claim stands longer for that, but for `fresh` ones, which know it.
  func shift(by seconds: Int64, but fresh: [Claim]) {
    let known = Set(fresh.map(\.attemptID))
    state.withLock { state in
      for claim in state.claims.values where !known.contains(claim.attempt) { claim.shift(by: seconds) }
      if state.firstSendBy < .distantFuture { state.firstSendBy = state.firstSendBy - seconds }
    }
  }

  /// The channels of which a claim has had no outcome although its time is over.
  func stalled(now: Instant) -> Set<String> {
    state.withLock { state in
      guard state.firstSendBy <= now else { return [] }
      state.firstSendBy = state.claims.values.map(\.sendBy).min() ?? .distantFuture
      return state.claims.values.reduce(into: []) { if $1.sendBy <= now { $0.insert($1.channel) } }
    }
  }

  /// How many claims of each channel no outcome has ended; `results` are about to.
  func inFlight(without results: [AttemptResult] = []) -> [String: Int] {
    state.withLock { state in
      var counts = state.inFlight
      for result in results {
        if let claim = state.claims[result.attemptID] { counts[claim.channel, default: 0] -= 1 }
      }
      return counts.filter { $0.value > 0 }
    }
  }
}
