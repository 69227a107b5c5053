internal import FollowUpCore

/// How the channels' destinations fare, over the passes (`delivery.md`, Retry), and when to look at what waits for one that
/// is paused: what waits is parked, so that nothing is looked at in vain meanwhile. Nothing of it outlives the daemon.
struct Destinations: Sendable, Equatable {
  /// By channel; one that is fresh is left out.
  private(set) var health: [String: DestinationHealth] = [:]
  /// When what is parked for a channel is looked at, in nanoseconds since boot. Without an entry nothing is parked.
  private(set) var looks: [String: Int64] = [:]
  /// Paused channels of which the journal knows that they cost a patient soon.
  private var known: Set<String> = []
  /// How often in a row what was woken for a channel did not leave: for a hold, or a backlog. More is woken then, so that
  /// no pass is spent on each.
  private var vain: [String: Int] = [:]
  /// What an earlier run parked was found.
  private(set) var isKnown = false

  /// When to look next, in nanoseconds since boot; nil: nothing is parked.
  var nextLook: Int64? { looks.values.min() }

  func isPressing(boot: Int64) -> Bool { nextLook.map { $0 <= boot } ?? false }

  /// Paused channels that something is parked for, and of which nobody was warned.
  var unwarned: [String] { looks.keys.filter { self[$0].isPaused && !known.contains($0) } }
  mutating func warned(of channel: String) { known.insert(channel) }

  subscript(channel: String) -> DestinationHealth { health[channel] ?? .fresh }

  /// Takes in what became of an attempt; `Change` is what the journal is told.
  mutating func note(_ outcome: Outcome, of channel: String, full: Int, now: Instant, boot: Int64) -> DestinationHealth
    .Change?
  {
    var told = self[channel]
    let change = told.note(outcome, full: full, now: now, boot: boot)
    health[channel] = told == .fresh ? nil : told
    if !told.isPaused {
      known.remove(channel)
      if looks[channel] != nil { looks[channel] = boot }
    }
    return change
  }

  /// How many are woken for a channel of which `room` may leave.
  func reach(_ channel: String, room: Int) -> Int {
    room > 0 ? min(Self.most, room << min(vain[channel, default: 0], 10)) : 0
  }

  mutating func woke(_ channel: String, inVain: Bool) {
    vain[channel] = inVain ? vain[channel, default: 0] + 1 : nil
  }

  /// Nothing can be claimed for now, whatever the destinations do: looks wait a while.
  mutating func rest(boot: Int64) {
    for (channel, look) in looks where look < boot + Self.pause { looks[channel] = boot + Self.pause }
  }

  /// How many are woken at once while a destination is not wholly open.
  private static let most = 1000
  /// A minute, in nanoseconds.
  private static let pause: Int64 = 60_000_000_000

  mutating func claimed(_ channel: String, boot: Int64) { health[channel]?.claimed(boot: boot) }

  /// Something is parked for `channel`, or was when the daemon ended.
  mutating func parked(_ channel: String, boot: Int64) { look(at: channel, boot: boot) }

  /// Nothing is parked for `channel` any more.
  mutating func emptied(_ channel: String) { looks[channel] = nil }

  mutating func found(_ channels: [String], boot: Int64) {
    isKnown = true
    for channel in channels where looks[channel] == nil { looks[channel] = boot }
  }

  mutating func look(at channel: String, boot: Int64) { looks[channel] = boot }

  /// Its pause is over, whatever it does: settings changed, or staff say so. Nil: all of them.
  mutating func forget(_ channel: String? = nil, boot: Int64) {
    for name in channel.map({ [$0] }) ?? Array(looks.keys) where looks[name] != nil { looks[name] = boot }
    if let channel {
      health[channel] = nil
      known.remove(channel)
    } else {
      (health, known) = ([:], [])
    }
  }

  /// Staff want the next probe now.
  mutating func probeNow(_ channel: String, boot: Int64) {
    health[channel]?.probeNow(boot: boot)
    if looks[channel] != nil { looks[channel] = boot }
  }

  /// What was woken of a channel is still to be looked at: no more of it for some seconds.
  mutating func lookAgain(at channel: String, in seconds: Int64, boot: Int64) {
    if looks[channel] != nil { looks[channel] = boot + seconds * 1_000_000_000 }
  }

  /// At the end of a pass: when what is parked for each is looked at next.
  /// - Parameters:
  ///   - left: how many more may leave of each.
  ///   - nextIn: in how many seconds a channel's pace has room again.
  mutating func settle(left: (String) -> Int, nextIn: (String) -> Double, boot: Int64) {
    for channel in looks.keys {
      switch self[channel] {
      case .open: looks[channel] = boot
      case .paused(let pause): looks[channel] = pause.probeAt
      case .opening:
        // The next result wakes more; the rate may be what keeps them back.
        let seconds = left(channel) > 0 ? max(1, nextIn(channel)) : Double(DestinationHealth.patience)
        looks[channel] = boot + Int64(seconds * 1_000_000_000)
      }
    }
  }
}

/// How many more may leave for the destinations that are not wholly open, in one pass.
struct DestinationSpace: Sendable {
  private var left: [String: Int] = [:]
  /// Channels for which something was parked.
  private(set) var parked: Set<String> = []

  init(_ destinations: Destinations = Destinations(), inFlight: [String: Int] = [:], boot: Int64 = 0) {
    for (channel, health) in destinations.health {
      left[channel] = health.allowance(inFlight: inFlight[channel, default: 0], boot: boot)
    }
  }

  /// Nil: as many as there are.
  func left(_ channel: String) -> Int? { left[channel] }
  func hasRoom(_ channel: String) -> Bool { left[channel].map { $0 > 0 } ?? true }

  mutating func take(_ channel: String) {
    guard let count = left[channel] else { return }
    left[channel] = count - 1
  }

  mutating func park(_ channel: String) { parked.insert(channel) }
}
