/// Why a clock woke its owner.
package enum WakeReason: Sendable, Equatable {
  /// The instant that the timer was armed for has come.
  case due
  /// The wall clock was set, or the machine slept.
  case clockChanged
}

/// A reading of both clocks, taken together; R6 compares two of them.
package struct ClockReading: Sendable, Equatable {
  package var wall: Instant
  /// Nanoseconds since boot, sleep included (CLOCK_BOOTTIME); never set by anyone.
  package var boot: Int64

  package init(wall: Instant, boot: Int64) {
    self.wall = wall
    self.boot = boot
  }
}

/// The only way to the time: everything else is given `now`.
package protocol Clock: Sendable {
  /// The wall clock, whole seconds, rounded down.
  func now() -> Instant
  func reading() -> ClockReading
  /// Called on a serial queue of the clock's own at each wake. Set once, before `wake(at:)`.
  func onWake(_ handler: @escaping @Sendable (WakeReason) -> Void)
  /// Arms the one timer for `instant` (at once if it is past), replacing what it was armed for; nil disarms it.
  func wake(at instant: Instant?)
}
