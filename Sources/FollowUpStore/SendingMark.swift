/// How far sending has come: the last attempt claimed, and how many have no outcome yet. Beside the database, and ahead of
/// it, it tells that an older database was put in place although no command was recorded since, for what leaves leaves no
/// audit record (promise 9).
struct SendingMark: Sendable, Equatable {
  var lastAttempt: Int64 = 0
  var open: Int64 = 0

  /// Whether a database that stands at `other` is older. A claim that has had its outcome never loses it again.
  func isAhead(of other: SendingMark) -> Bool {
    lastAttempt > other.lastAttempt || lastAttempt == other.lastAttempt && open < other.open
  }
}

extension SendingMark: FixedLine {
  init?(words: [Substring]) {
    guard words.count == 2, let last = Int64(words[0]), let open = Int64(words[1]) else { return nil }
    self.init(lastAttempt: last, open: open)
  }

  var words: [String] { [lastAttempt, open].map(padded) }
}
