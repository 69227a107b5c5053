package import FollowUpCore
internal import Synchronization

/// A clock that stands still until a test moves it: two years of a clinic in a second.
///
/// Wakes happen on the caller's thread, within `advance`, `set` and `settle`; never within `wake(at:)`, so that a handler
/// may arm the clock again.
package final class ManualClock: Clock {
  private struct State {
    var now: Instant
    var boot: Int64
    var armedFor: Instant?
    var handler: (@Sendable (WakeReason) -> Void)?

    mutating func pass(to instant: Instant) {
      boot += (instant - now) * 1_000_000_000
      now = instant
    }
  }

  private let state: Mutex<State>

  package init(_ now: Instant) {
    state = Mutex(State(now: now, boot: 1_000_000_000))
  }

  /// At an RFC 3339 instant; 1970 if it is none.
  package convenience init(_ text: String) { self.init(Instant(rfc3339: text) ?? .distantPast) }

  package func now() -> Instant { state.withLock { $0.now } }
  package func reading() -> ClockReading { state.withLock { ClockReading(wall: $0.now, boot: $0.boot) } }
  package func onWake(_ handler: @escaping @Sendable (WakeReason) -> Void) { state.withLock { $0.handler = handler } }
  package func wake(at instant: Instant?) { state.withLock { $0.armedFor = instant } }

  /// What the timer is armed for.
  package var armedFor: Instant? { state.withLock { $0.armedFor } }

  /// Time passes, with each wake at its instant on the way.
  package func advance(by seconds: Int64) { advance(to: now() + seconds) }

  /// Time passes up to `end`, with each wake at its instant on the way.
  package func advance(to end: Instant) {
    while wakeOnce(upTo: end) {}
    state.withLock { $0.pass(to: max($0.now, end)) }
  }

  /// Wakes for what is due now; no time passes.
  package func settle() { advance(by: 0) }

  /// Lets time pass to the next wake. Returns false, at the same time, if the timer is not armed.
  @discardableResult
  package func advanceToNextWake() -> Bool { wakeOnce(upTo: .distantFuture) }

  /// Someone sets the clock: no time passes, the handler is told.
  package func set(_ instant: Instant) {
    let handler = state.withLock { state in
      state.now = instant
      return state.handler
    }
    handler?(.clockChanged)
  }

  private func wakeOnce(upTo end: Instant) -> Bool {
    let handler = state.withLock { state -> (@Sendable (WakeReason) -> Void)? in
      guard let instant = state.armedFor, instant <= end else { return nil }
      state.pass(to: max(state.now, instant))
      state.armedFor = nil
      return state.handler ?? { _ in }
    }
    handler?(.due)
    return handler != nil
  }
}
