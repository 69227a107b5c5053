internal import FollowUpCore

/// How much each channel may be given in one pass, and what waits for more.
struct ChannelSpace: Sendable {
  /// How many more each channel may be given.
  private var room: [String: Int]
  /// Channels whose peer takes nothing any more.
  private let stalled: Set<String>
  /// What is due for a channel that has no room stays due until there is some.
  private(set) var isBlocked = false
  /// How many of each channel stepped aside, over the passes of one instant.
  private(set) var aside: [String: Int]
  private(set) var share: RoutineShare
  /// How many routine ones this pass has yet to look at (R17).
  var routineAhead = 0
  /// Channels of which a part was kept for routine in vain so far.
  private var kept: Set<String> = []

  /// Room of a channel that nothing was sent on yet and no configuration names: trial writes to a folder.
  private static let unpaced = 1000
  /// The longest wait for room, in seconds: then triage decides anew (R17).
  private static let longestWait = 30
  /// How long something may stay due for want of room before it counts as looked at (R11), in seconds.
  private static let patience: Int64 = 600

  init(room: [String: Int], stalled: Set<String>, aside: [String: Int] = [:], share: RoutineShare = RoutineShare()) {
    self.room = room
    self.stalled = stalled
    self.aside = aside
    self.share = share
  }

  /// No channel has room, and what there is none for stays due: to look further would be in vain.
  var isExhausted: Bool { isBlocked && room.values.allSatisfy { $0 <= 0 } }

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

  /// How many seconds what found no room steps aside, so that the reminders of other channels are seen behind; nil: it
  /// stays due.
  /// - Parameter waited: for how long it has been due, in seconds.
  mutating func wait(for channel: String, perMinute: Int, waited: Int64) -> Int64? {
    if room[channel, default: Self.unpaced] > 0 { kept.insert(channel) }
    let isStalled = stalled.contains(channel)
    guard perMinute > 0 || isStalled || waited > Self.patience else {
      isBlocked = true
      return nil
    }
    let place = aside[channel, default: 0]
    aside[channel] = place + 1
    guard perMinute > 0, !isStalled else { return Int64(Self.longestWait) }
    return Int64(min(Self.longestWait, max(1, place * 60 / perMinute)))
  }

  /// At the end of a pass: what was kept for routine and not wanted is everybody's again.
  mutating func settle() {
    for channel in kept { share.leave(channel: channel) }
    kept = []
  }
}
