import FollowUpCore
import FollowUpStore
import Foundation

/// Finding what is next, and listing it, in two databases of which one is much larger. `bench.py` fills them.
enum StoreFigures {
  private static let now = Instant(1_795_456_800)
  private static let looks = 500

  /// An empty database.
  static func make(_ folder: String) throws {
    try SQLiteStore(StateDirectory(path: folder), mode: .live, now: now).close()
  }

  /// The first row is due at `now`, all others are later.
  static func seek(small: String, large: String, rounds: Int) throws -> [String: Double] {
    var watch = Stopwatch()
    let stores = try [("small", small), ("large", large)].map { name, folder in
      (name, try SQLiteStore(StateDirectory(path: folder), mode: .live, now: now))
    }
    for _ in 0..<rounds {
      for (name, store) in stores {
        try store.read { transaction in
          try watch.time("wake.\(name)", count: looks) { for _ in 0..<looks { use(try transaction.nextWake()) } }
          try watch.time("due.\(name)", count: looks) {
            for _ in 0..<looks { use(try transaction.due(.routine, now: now, limit: 1)) }
          }
          try watch.time("upcoming.\(name)", count: 1) {
            use(try transaction.listUpcoming(patient: nil, before: now + 30 * 86_400, limit: 50, after: nil))
          }
        }
      }
    }
    for (_, store) in stores { try store.close() }
    return watch.medians
  }
}
