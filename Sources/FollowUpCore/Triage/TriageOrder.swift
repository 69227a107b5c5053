/// R17: how many of a batch each priority may take when `waiting` of each are due; a fifth is kept for routine.
package func triageShares(of size: Int, waiting: [Priority: Int]) -> [Priority: Int] {
  let routine = waiting[.routine, default: 0]
  let kept = min(routine, size / 5)
  let urgent = min(waiting[.urgent, default: 0], size - kept)
  let soon = min(waiting[.soon, default: 0], size - kept - urgent)
  return [.urgent: urgent, .soon: soon, .routine: min(routine, size - urgent - soon)]
}

/// Sees to it that `routine` gets a fifth of what a channel sends where it has room for little at a time (R17): over many
/// small batches as in one large.
package struct RoutineShare: Sendable, Equatable {
  /// What others had since routine had its share, by channel.
  private var passed: [String: Int] = [:]

  package init() {}

  /// How many of the next `room` messages of a channel are kept for routine, if that many wait.
  package func kept(of room: Int, channel: String) -> Int { (passed[channel, default: 0] + min(room, 10_000)) / 5 }

  package mutating func took(_ priority: Priority, channel: String) {
    passed[channel, default: 0] = max(0, passed[channel, default: 0] + (priority == .routine ? -4 : 1))
  }

  /// At the end of a batch: what went while nothing routine waited is no debt, routine is owed one message at most.
  package mutating func settle() { passed = passed.mapValues { min($0, 4) } }

  /// Nothing routine wanted what was kept.
  package mutating func leave(channel: String) { passed[channel] = 0 }
}
