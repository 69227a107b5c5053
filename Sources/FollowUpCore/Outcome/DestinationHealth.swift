/// Whether a destination takes messages (`delivery.md`, Retry): one that refuses connections is paused as a whole, tried by
/// one probe at a time, and opened slowly. Refusals of one recipient do not count against it.
///
/// Pauses are measured in nanoseconds since boot, so that a wall clock that is set neither prolongs nor shortens them.
package enum DestinationHealth: Sendable, Equatable {
  /// So many connections failed one after the other.
  case open(faults: Int)
  case paused(Pause)
  case opening(Opening)

  /// Nothing leaves but a probe.
  package struct Pause: Sendable, Equatable {
    /// To show; nothing is decided by it.
    package var since: Instant
    /// The code of the fault that was met last.
    package var why: String
    /// When the next probe may leave, in nanoseconds since boot.
    package var probeAt: Int64
    /// Probes that failed since it last worked.
    package var failures: Int
    /// A probe is on its way.
    package var isProbing: Bool
  }

  /// It works again, and so many messages may be on their way at once.
  package struct Opening: Sendable, Equatable {
    package var since: Instant
    package var window: Int
    /// Messages that got through since the window grew.
    package var passed: Int
    /// Probes that failed before it worked: a relapse goes on from there.
    package var failures: Int
  }

  /// What the journal is told, once.
  package enum Change: Sendable, Equatable { case paused, resumed }

  /// What is assumed of a destination that nothing was tried on.
  package static let fresh = DestinationHealth.open(faults: 0)

  /// Connections that may fail one after the other before it is paused.
  package static let tolerance = 3
  /// The first pause, and the longest, in seconds.
  package static let firstPause: Int64 = 60
  package static let longestPause: Int64 = 900
  /// How long a probe may take, in seconds, before another one goes: longer than any adapter's timeouts.
  package static let patience: Int64 = 300

  private static let second: Int64 = 1_000_000_000

  package var isOpen: Bool { if case .open = self { true } else { false } }
  package var isPaused: Bool { if case .paused = self { true } else { false } }

  /// How many more may leave, where so many are on their way; nil: as many as there are.
  package func allowance(inFlight: Int, boot: Int64) -> Int? {
    switch self {
    case .open: nil
    case .paused(let pause): boot >= pause.probeAt ? 1 : 0
    case .opening(let opening): max(0, opening.window - inFlight)
    }
  }

  /// A message was claimed: while it is paused, that is the probe.
  package mutating func claimed(boot: Int64) {
    guard case .paused(var pause) = self else { return }
    pause.isProbing = true
    pause.probeAt = boot + Self.patience * Self.second
    self = .paused(pause)
  }

  /// Staff want the next probe now.
  package mutating func probeNow(boot: Int64) {
    guard case .paused(var pause) = self, !pause.isProbing else { return }
    pause.probeAt = min(pause.probeAt, boot)
    self = .paused(pause)
  }

  /// Takes in what became of an attempt.
  /// - Parameter full: with how many on their way at once it is wholly open.
  package mutating func note(_ outcome: Outcome, full: Int, now: Instant, boot: Int64) -> Change? {
    switch (self, Evidence(outcome)) {
    case (.open(let faults), .fault(let code)):
      guard faults + 1 >= Self.tolerance else {
        self = .open(faults: faults + 1)
        return nil
      }
      self = pause(since: now, code, failures: 0, boot: boot)
      return .paused
    case (.open, .works): self = .fresh
    // What was on its way when it was paused adds nothing: only a probe tells how it is now.
    case (.paused(let old), .fault(let code)) where old.isProbing:
      self = pause(since: old.since, code, failures: old.failures + 1, boot: boot)
    case (.paused(let old), .doubt(let code)) where old.isProbing:
      self = pause(since: old.since, code, failures: old.failures + 1, boot: boot)
    case (.paused(var pause), .nothing) where pause.isProbing:
      (pause.isProbing, pause.probeAt) = (false, boot)
      self = .paused(pause)
    case (.paused(let old), .works):
      self = full <= 2 ? .fresh : .opening(Opening(since: now, window: 2, passed: 0, failures: old.failures))
      return .resumed
    case (.opening(var opening), .works):
      opening.passed += 1
      if opening.passed >= opening.window { (opening.window, opening.passed) = (2 * opening.window, 0) }
      self = opening.window >= full ? .fresh : .opening(opening)
    case (.opening(let old), .fault(let code)):
      self = pause(since: now, code, failures: old.failures + 1, boot: boot)
      return .paused
    // Somebody has to mend our settings: a hold keeps everything back meanwhile.
    case (.paused, .ours), (.opening, .ours): self = .fresh
    case (.open, _), (.paused, _), (.opening, _): break
    }
    return nil
  }

  /// The instant that a probe leaves at, to show.
  package func nextProbe(now: Instant, boot: Int64) -> Instant? {
    guard case .paused(let pause) = self else { return nil }
    return now + max(0, (pause.probeAt - boot + Self.second - 1) / Self.second)
  }

  private func pause(since: Instant, _ code: String, failures: Int, boot: Int64) -> DestinationHealth {
    let seconds = min(Self.firstPause << Int64(min(failures, 10)), Self.longestPause)
    return .paused(
      Pause(since: since, why: code, probeAt: boot + seconds * Self.second, failures: failures, isProbing: false))
  }

  /// What an outcome says of the destination.
  private enum Evidence {
    /// It takes connections, whatever it said of the message.
    case works
    case fault(String)
    /// It took a connection and never answered.
    case doubt(String)
    case ours
    case nothing

    init(_ outcome: Outcome) {
      switch outcome {
      case .delivered, .rejected: self = .works
      case .retry(_, let fault): self = fault.concernsDestination ? .fault(fault.code) : .works
      case .uncertain(let fault): self = .doubt(fault.code)
      case .misconfigured: self = .ours
      case .withdrawn: self = .nothing
      }
    }
  }
}
