internal import FollowUpCore
internal import FollowUpStore

/// What is due, in triage order over many batches (R17): read some thousands at a time, for sorting all that is due anew for
/// each batch would cost more than sending it.
struct DueQueue: Sendable {
  /// A reminder to look at.
  struct Entry: Sendable, Equatable {
    var id: Int64
    var priority: Priority
  }

  private var waiting: [Priority: ArraySlice<Int64>] = [:]
  private var readAt: Instant?

  /// How many of each priority are read at once.
  private static let depth = 8000

  /// The next `count` at most, a fifth kept for routine; they stay in the queue until `drop`.
  mutating func next(_ count: Int, _ transaction: Transaction, now: Instant) throws -> [Entry] {
    let left = waiting.values.reduce(0) { $0 + $1.count }
    // What became due since, or more pressing, waits a second at most.
    if readAt != now || left < count {
      for priority in Priority.allCases {
        waiting[priority] = try transaction.due(priority, now: now, limit: Self.depth)[...]
      }
      readAt = now
    }
    let shares = triageShares(of: count, waiting: waiting.mapValues(\.count))
    return Priority.allCases.flatMap { priority in
      (waiting[priority] ?? []).prefix(shares[priority] ?? 0).map { Entry(id: $0, priority: priority) }
    }
  }

  /// The first of what `next` gave are looked at, but for those that stay due.
  mutating func drop(_ looked: some Sequence<Entry>, but stays: Set<Int64>) {
    var back: [Priority: [Int64]] = [:]
    for entry in looked {
      waiting[entry.priority]?.removeFirst()
      if stays.contains(entry.id) { back[entry.priority, default: []].append(entry.id) }
    }
    for (priority, ids) in back { waiting[priority] = (ids + (waiting[priority] ?? []))[...] }
  }

  /// Rows changed otherwise than was thought.
  mutating func forget() {
    waiting = [:]
    readAt = nil
  }
}
