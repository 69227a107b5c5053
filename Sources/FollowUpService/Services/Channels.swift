internal import Dispatch
internal import FollowUpCore
internal import FollowUpDelivery
internal import FollowUpStore

/// The adapters in force, by channel, and the Maildir that trial mode writes to.
struct Channels: Sendable {
  /// What the planner of retries must know of a channel.
  struct Traits: Sendable {
    var schedule: RetrySchedule
    var isIdempotent: Bool
    var perMinute: Int
  }

  struct Entry: Sendable {
    var adapter: any Adapter
    var kind: String
    var traits: Traits
  }

  private let entries: [String: Entry]
  private let trial: Entry

  init(entries: [String: Entry], trial: any Adapter) {
    self.entries = entries
    self.trial = Entry(
      adapter: trial, kind: type(of: trial).kind,
      traits: Traits(schedule: .mail, isIdempotent: true, perMinute: 0))
  }

  var names: [String] { entries.keys.sorted() }

  /// Nil if no adapter serves the channel for real.
  func adapter(for channel: String, mode: Mode) -> Entry? { mode == .trial ? trial : entries[channel] }

  /// Of a channel that is gone: it recognises no repeat.
  func traits(of channel: String, mode: Mode) -> Traits {
    adapter(for: channel, mode: mode)?.traits ?? Traits(schedule: .mail, isIdempotent: false, perMinute: 0)
  }

  /// Stops all of them side by side: one that hangs takes no time from the others. Blocks for at most `seconds`.
  func stop(within seconds: Double) {
    let stopping = DispatchGroup()
    for entry in Array(entries.values) + [trial] {
      DispatchQueue.global().async(group: stopping) { entry.adapter.stop(within: seconds) }
    }
    stopping.wait()
  }
}
