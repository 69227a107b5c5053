internal import FollowUpStore
internal import Synchronization

/// The rows that the journal was told of, so that a list that is asked for every minute does not fill it.
final class ToldRows: Sendable {
  private let known = Mutex<Set<UnreadableRow>>([])

  /// How many are remembered; after that all are told once more.
  private static let most = 1000

  /// Those that were not told of yet, which from now on were.
  func new(_ rows: [UnreadableRow]) -> [UnreadableRow] {
    guard !rows.isEmpty else { return [] }
    return known.withLock { known in
      if known.count > Self.most { known = [] }
      return rows.filter { known.insert($0).inserted }
    }
  }
}
