internal import FollowUpCore

/// How much each channel may be given in one pass, and what waits for more.
struct ChannelSpace: Sendable {
  /// How many of a channel stepped aside.
  struct Aside: Sendable, Equatable {
    var routine = 0
    var others = 0

    /// The place in the queue of the next one: every fifth is routine's, as long as there are others (R17).
    mutating func place(for priority: Priority, isRoutineWaiting: Bool) -> Int {
      if priority == .routine {
        defer { routine += 1 }
        return routine < others / 4 ? 5 * routine + 4 : others + routine
      }
      defer { others += 1 }
      return isRoutineWaiting ? others + others / 4 : others
    }
  }

  /// How many more each channel may be given.
  private var room: [String: Int]
  /// In how many seconds a channel with a rate has room for one more, once it has none.
  private let nextIn: [String: Double]
  /// Channels whose peer takes nothing any more.
  private let stalled: Set<String>
  /// Something stays due, for its channel has no room.
  private(set) var isBlocked = false
  /// Who stepped aside, by channel, over the passes that see through what is due.
  private(set) var aside: [String: Aside]
  private(set) var share: RoutineShare
  /// How many routine ones this pass has yet to look at (R17).
  var routineAhead = 0
  /// Channels of which a part was kept for routine in vain so far.
  private var kept: Set<String> = []

  /// Room of a channel that nothing was sent on yet and no configuration names: trial writes to a folder.
  private static let unpaced = 1000
  /// The longest wait for a turn, in seconds: who was before it may be gone by then, and triage decides anew (R17).
  private static let longestWait = 300
  /// The wait for a peer of which nobody knows when it takes more, in seconds.
  private static let probe: Int64 = 30
  /// How long something may stay due for want of room before it counts as looked at (R11), in seconds.
  private static let patience: Int64 = 600

  init(
    room: [String: Int], nextIn: [String: Double] = [:], stalled: Set<String>, aside: [String: Aside] = [:],
    share: RoutineShare = RoutineShare()
  ) {
    self.room = room
    self.nextIn = nextIn
    self.stalled = stalled
    self.aside = aside
    self.share = share
  }

  /// No channel has room, and what there is none for stays due: to look further would be in vain.
  var isExhausted: Bool { isBlocked && room.values.allSatisfy { $0 <= 0 } }

  func left(_ channel: String) -> Int { room[channel, default: Self.unpaced] }

  func hasRoom(_ channel: String, for priority: Priority) -> Bool {
    let left = room[channel, default: Self.unpaced]
    if priority == .routine { return left > 0 }
    return left > min(routineAhead, share.kept(of: left, channel: channel))
  }

  mutating func take(_ channel: String, for priority: Priority) {
    room[channel, default: Self.unpaced] -= 1
    share.took(priority, channel: channel)
    if priority == .routine { kept.remove(channel) }
  }

  /// How many seconds what found no room steps aside: until its turn comes by its place; nil: it stays due, for a channel
  /// without a rate may have room at any moment.
  /// - Parameter waited: for how long it has been due, in seconds.
  mutating func wait(for channel: String, _ priority: Priority, perMinute: Int, waited: Int64) -> Int64? {
    if room[channel, default: Self.unpaced] > 0 { kept.insert(channel) }
    let isStalled = stalled.contains(channel)
    guard perMinute > 0 || isStalled || waited > Self.patience else {
      isBlocked = true
      return nil
    }
    let place = aside[channel, default: Aside()].place(for: priority, isRoutineWaiting: routineAhead > 0)
    guard perMinute > 0, !isStalled else { return Self.probe }
    let seconds = nextIn[channel, default: 0] + Double(place) * 60 / Double(perMinute)
    return Int64(min(Double(Self.longestWait), max(1, seconds.rounded(.up))))
  }

  /// At the end of a pass: what was kept for routine and not wanted is everybody's again.
  mutating func settle() {
    for channel in kept { share.leave(channel: channel) }
    share.settle()
    kept = []
  }
}
