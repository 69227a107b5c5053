internal import Glibc

/// How far sending has come: the last attempt claimed, and how many have no outcome yet.
struct SendingMark: Sendable, Equatable {
  var lastAttempt: Int64 = 0
  var open: Int64 = 0

  /// Whether a database that stands at `other` is older. A claim that has had its outcome never loses it again.
  func isAhead(of other: SendingMark) -> Bool {
    lastAttempt > other.lastAttempt || lastAttempt == other.lastAttempt && open < other.open
  }
}

/// The mark beside the database: ahead of it, it tells that an older database was put in place although no command was
/// recorded since, for what leaves leaves no audit record (promise 9). Written after each commit that moves it, and not
/// synced: after a power cut it may lag, which says nothing.
final class MarkFile: Sendable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
  }

  deinit { close(descriptor) }

  func read() -> SendingMark? {
    guard let bytes = SmallFile.read(path) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" })
    guard words.count == 2, let last = Int64(words[0]), let open = Int64(words[1]) else { return nil }
    return SendingMark(lastAttempt: last, open: open)
  }

  /// One write of one line of fixed length.
  func write(_ mark: SendingMark) {
    let bytes = Array([mark.lastAttempt, mark.open].map(padded).joined(separator: " ").utf8) + [0x0A]
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private func padded(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
  }
}
