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

  private typealias Waiting = [Priority: ArraySlice<Int64>]

  private var waiting: Waiting = [:]
  private var readAt: Instant?
  /// What stays due for its channel has no room, by channel: out of sight until there is some, so that what is due for
  /// other channels is seen behind.
  private var blocked: [String: Waiting] = [:]
  private var blockedSince: Instant?
  /// What was let back since it was blocked: it comes before what was not.
  private var back: Set<Int64> = []

  /// How many of each priority are read at once.
  private static let depth = 8000
  /// How many are kept out of sight: what is read grows by as many.
  private static let mostBlocked = 20_000
  /// After how many seconds all that is out of sight is looked at anew: it may have waited long enough to step aside.
  private static let longestBlock: Int64 = 60
  /// How many are let back at least, so that routine is among them (R17).
  private static let leastBack = 5

  private var blockedCount: Int { blocked.values.reduce(0) { $0 + $1.total } }

  /// Nothing more can be kept out of sight.
  var isFull: Bool { blockedCount >= Self.mostBlocked }

  /// The next `count` at most, a fifth kept for routine; they stay in the queue until `drop`.
  /// - Parameter room: how many more a channel may be given.
  mutating func next(
    _ count: Int, _ transaction: Transaction, now: Instant, room: (String) -> Int
  ) throws -> [Entry] {
    if blockedSince.map({ now - $0 >= Self.longestBlock || now < $0 }) ?? false { forget() }
    for channel in blocked.keys { letBack(channel, room: room(channel)) }
    let left = waiting.total
    // What became due since, or more pressing, waits a second at most.
    if readAt != now || left + blockedCount < count {
      let unseen = Set(blocked.values.flatMap { $0.values.joined() })
      for priority in Priority.allCases {
        let due = try transaction.due(priority, now: now, limit: Self.depth + unseen.count)
        waiting[priority] = unseen.isEmpty ? due[...] : due.filter { !unseen.contains($0) }[...]
      }
      readAt = now
    }
    let shares = triageShares(of: count, waiting: waiting.mapValues(\.count))
    func entries(_ priority: Priority) -> [Entry] {
      (waiting[priority] ?? []).prefix(shares[priority] ?? 0).map { Entry(id: $0, priority: priority) }
    }
    let pressing = entries(.urgent) + entries(.soon)
    var routine = entries(.routine)[...]
    guard pressing.count + routine.count > SendingRound.mostClaims else { return pressing + routine }
    var woven: [Entry] = []
    for (place, entry) in pressing.enumerated() {
      woven.append(entry)
      // A pass ends before it has had them all: each fifth is routine's.
      if place % 4 == 3, let next = routine.popFirst() { woven.append(next) }
    }
    return woven + routine
  }

  /// The first of what `next` gave are looked at, but for those that stay due for want of room on a channel.
  mutating func drop(_ looked: some Sequence<Entry>, but stays: [Int64: String], now: Instant) {
    var first: [String: Waiting] = [:]
    for entry in looked {
      waiting[entry.priority]?.removeFirst()
      guard let channel = stays[entry.id] else {
        back.remove(entry.id)
        continue
      }
      blockedSince = blockedSince ?? now
      if back.remove(entry.id) != nil {
        first[channel, default: [:]][entry.priority, default: []].append(entry.id)
      } else {
        blocked[channel, default: [:]][entry.priority, default: []].append(entry.id)
      }
    }
    for (channel, ids) in first {
      blocked[channel, default: [:]].merge(ids) { behind, before in (before + behind)[...] }
    }
  }

  /// More became due than was known.
  mutating func reread() { readAt = nil }

  /// Rows changed otherwise than was thought.
  mutating func forget() {
    waiting = [:]
    readAt = nil
    blocked = [:]
    blockedSince = nil
    back = []
  }

  private mutating func letBack(_ channel: String, room: Int) {
    guard room > 0, var ids = blocked[channel] else { return }
    let shares = triageShares(of: max(room, Self.leastBack), waiting: ids.mapValues(\.count))
    for (priority, count) in shares where count > 0 {
      let returned = ids[priority, default: []].prefix(count)
      ids[priority]?.removeFirst(returned.count)
      // Behind what was let back before and has not been looked at yet.
      let queued = waiting[priority] ?? []
      let ahead = queued.prefix(while: back.contains)
      waiting[priority] = (ahead + returned + queued.dropFirst(ahead.count))[...]
      back.formUnion(returned)
    }
    blocked[channel] = ids.total == 0 ? nil : ids
    if blocked.isEmpty { blockedSince = nil }
  }
}

extension [Priority: ArraySlice<Int64>] {
  fileprivate var total: Int { values.reduce(0) { $0 + $1.count } }
}
