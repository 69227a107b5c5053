internal import CSystemd
internal import Dispatch
package import FollowUpCore
internal import Glibc
internal import Synchronization

/// This machine's clock, and the one timer on it. The only file that reads the wall clock or arms a Dispatch timer.
///
/// The timer is one-shot, on the wall clock, and follows that clock when it is set: a repeating wall timer would go silent
/// after a backward step. A `timerfd` beside it tells that the clock was set.
package final class SystemClock: Clock {
  private let queue = DispatchQueue(label: "org.followupd.clock", qos: .userInitiated)
  private let state = Mutex(State())

  private struct State {
    var handler: (@Sendable (WakeReason) -> Void)?
    var armedFor: Instant?
    var timer: (any DispatchSourceTimer)?
    var changes: (any DispatchSourceRead)?
  }

  package init() {
    watchChanges()
  }

  deinit {
    state.withLock { state in
      state.timer?.cancel()
      state.changes?.cancel()
    }
  }

  package func now() -> Instant { Instant(preciseNow().seconds) }

  package func reading() -> ClockReading {
    var boot = timespec()
    clock_gettime(CLOCK_BOOTTIME, &boot)
    return ClockReading(wall: now(), boot: Int64(boot.tv_sec) * 1_000_000_000 + Int64(boot.tv_nsec))
  }

  /// The wall clock in full, to measure how late something is.
  package func preciseNow() -> (seconds: Int64, nanoseconds: Int64) {
    var wall = timespec()
    clock_gettime(CLOCK_REALTIME, &wall)
    return (Int64(wall.tv_sec), Int64(wall.tv_nsec))
  }

  package func onWake(_ handler: @escaping @Sendable (WakeReason) -> Void) {
    state.withLock { $0.handler = handler }
  }

  package func wake(at instant: Instant?) {
    state.withLock { state in
      state.armedFor = instant
      arm(&state)
    }
  }

  /// Replaces the timer by one for the instant that is wanted: a one-shot timer that was armed keeps its old deadline.
  private func arm(_ state: inout State) {
    state.timer?.cancel()
    state.timer = nil
    guard let instant = state.armedFor else { return }
    let timer = DispatchSource.makeTimerSource(queue: queue)
    // Dispatch takes instants near 1970 for special values, and has no words for those past the year 2262.
    let seconds = min(max(instant.seconds, now().seconds), Self.farFuture)
    timer.schedule(
      wallDeadline: DispatchWallTime(timespec: timespec(tv_sec: Int(seconds), tv_nsec: 0)), leeway: .nanoseconds(0))
    timer.setEventHandler { [weak self] in self?.timerFired() }
    state.timer = timer
    timer.activate()
  }

  private func timerFired() {
    let handler = state.withLock { state -> (@Sendable (WakeReason) -> Void)? in
      guard let instant = state.armedFor else { return nil }
      // Early, or left over from another instant: never a wake before its time.
      guard now() >= instant else {
        arm(&state)
        return nil
      }
      state.armedFor = nil
      state.timer?.cancel()
      state.timer = nil
      return state.handler
    }
    handler?(.due)
  }

  // MARK: Changes of the clock

  /// 2255-03-14: nobody waits for it, and the kernel's nanoseconds can still count it.
  private static let farFuture: Int64 = 9_000_000_000

  /// A timer that far ahead is never due; but its read fails with ECANCELED once the clock is set, or the machine wakes.
  private func watchChanges() {
    let descriptor = timerfd_create(CLOCK_REALTIME, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
    guard descriptor >= 0 else { return }
    watch(descriptor: descriptor) { Self.armChangeTimer(descriptor) }
  }

  /// Takes a descriptor that becomes readable when the clock was set; `rearm` makes it wait for the next time.
  package func watch(descriptor: Int32, rearm: @escaping @Sendable () -> Void) {
    rearm()
    state.withLock { state in
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler { [weak self] in
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        rearm()
        self?.clockChanged()
      }
      source.setCancelHandler { close(descriptor) }
      state.changes?.cancel()
      state.changes = source
      source.activate()
    }
  }

  private static func armChangeTimer(_ descriptor: Int32) {
    var setting = itimerspec()
    setting.it_value.tv_sec = Int(farFuture)
    // Refused with ECANCELED if the clock was set since the last read; the second call then arms it.
    let flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
    if timerfd_settime(descriptor, Int32(flags), &setting, nil) != 0 {
      timerfd_settime(descriptor, Int32(flags), &setting, nil)
    }
  }

  private func clockChanged() {
    let handler = state.withLock { state in
      arm(&state)
      return state.handler
    }
    handler?(.clockChanged)
  }
}
