internal import CSystemd
internal import Glibc

/// Tells the service manager how the daemon is (sd_notify(3)). Does nothing without `NOTIFY_SOCKET` (promise 44).
package struct Notifier: Sendable {
  package enum State: Sendable, Hashable {
    /// Everything is acquired; also the end of a reload.
    case ready
    /// A reload has begun; carries CLOCK_MONOTONIC, as Type=notify-reload asks.
    case reloading
    case stopping
    /// One line for `systemctl status`; no patient's data.
    case status(String)
    /// The daemon made progress.
    case watchdog

    /// As it stands on the notify socket. `monotonic`: microseconds of CLOCK_MONOTONIC.
    func message(monotonic: () -> UInt64) -> String {
      switch self {
      case .ready: "READY=1"
      case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonic())"
      case .stopping: "STOPPING=1"
      // A line break would begin another assignment.
      case .status(let text): "STATUS=" + String(text.map { $0.isNewline ? " " : $0 })
      case .watchdog: "WATCHDOG=1"
      }
    }
  }

  package init() {}

  /// Sends all `states` in one message. False if nobody was told: no service manager, or it cannot be reached.
  @discardableResult
  package func tell(_ states: State...) -> Bool {
    let text = states.map { $0.message(monotonic: followup_monotonic_microseconds) }.joined(separator: "\n")
    return sd_notify(0, text) > 0
  }

  /// Microseconds within which the manager wants to hear `watchdog`, if this process is watched
  /// (`WATCHDOG_USEC`, `WATCHDOG_PID`); beat at half of it.
  package var watchdogMicroseconds: UInt64? {
    var microseconds: UInt64 = 0
    return sd_watchdog_enabled(0, &microseconds) > 0 ? microseconds : nil
  }
}
