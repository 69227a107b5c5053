internal import Dispatch
internal import FollowUpCore
internal import Synchronization

/// What the dispatcher knows of the channels' destinations, and what staff may tell it of them.
extension Dispatcher {
  /// How a channel's destination fares, and when its next probe leaves.
  func destination(_ channel: String) -> (health: DestinationHealth, nextProbe: Instant?) {
    let health = state.withLock { $0.pass.destinations[channel] }
    let reading = clock.reading()
    return (health, health.nextProbe(now: clock.now(), boot: reading.boot))
  }

  /// When to look at what is parked for a destination; nil: nothing is.
  var nextLook: Instant? {
    guard let look = state.withLock({ $0.pass.destinations.nextLook }) else { return nil }
    return clock.now() + max(0, (look - clock.reading().boot + 999_999_999) / 1_000_000_000)
  }

  /// Staff say that a destination works again: what waits for it goes out. True if it was not wholly open. Blocks until the
  /// pass under way is over.
  @discardableResult
  func resume(_ channel: String) -> Bool {
    let wasDown = change { destinations, boot in
      defer { destinations.forget(channel, boot: boot) }
      return !destinations[channel].isOpen
    }
    poke()
    return wasDown
  }

  /// Probes a paused destination now. Blocks until the pass under way is over.
  func probeNow(_ channel: String) {
    change { destinations, boot in destinations.probeNow(channel, boot: boot) }
    poke()
  }

  /// On the queue: a pass takes its state along.
  private func change<T: Sendable>(_ body: @Sendable (inout Destinations, Int64) -> T) -> T {
    let boot = clock.reading().boot
    return queue.sync { state.withLock { body(&$0.pass.destinations, boot) } }
  }
}
