internal import FollowUpDigest
internal import Glibc
internal import Synchronization

/// The audit chain's head as it stands in the database and beside it (R21).
package struct AuditHead: Sendable, Equatable {
  package var sequence: Int64
  package var hash: [UInt8]

  static let none = AuditHead(sequence: 0, hash: [])

  /// The line of the file: the sequence, a space, the hash in hexadecimal.
  package var line: String { "\(sequence) \(hex(hash))" }
}

/// How far sending has come: the last attempt claimed, and how many have no outcome yet.
struct SendingMark: Sendable, Equatable {
  var lastAttempt: Int64 = 0
  var open: Int64 = 0

  /// Whether a database that stands at `other` is older. A claim that has had its outcome never loses it again.
  func isAhead(of other: SendingMark) -> Bool {
    lastAttempt > other.lastAttempt || lastAttempt == other.lastAttempt && open < other.open
  }
}

/// The audit head and the mark of sending beside the database: ahead of it, they tell that an older database was put in
/// place (promise 9), be it that only messages left since. Written after each commit that moves one, and not synced: after
/// a power cut it may lag, which says nothing.
final class HeadFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let known = Mutex<(head: AuditHead, mark: SendingMark)>((.none, SendingMark()))

  init(_ path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
  }

  deinit { close(descriptor) }

  func read() -> AuditHead? {
    let words = words
    guard words.count >= 2, let sequence = Int64(words[0]), let hash = words[1] == "-" ? [] : unhex(words[1]) else {
      return nil
    }
    return AuditHead(sequence: sequence, hash: hash)
  }

  /// Nil in a file that knows of none.
  var mark: SendingMark? {
    let words = words
    guard words.count >= 4, let last = Int64(words[2]), let open = Int64(words[3]) else { return nil }
    return SendingMark(lastAttempt: last, open: open)
  }

  /// What the database holds at the start.
  func begin(_ head: AuditHead, _ mark: SendingMark) { known.withLock { $0 = (head, mark) } }

  /// One write of one line, whose parts are padded so that each line covers the one before. Nothing goes back: who comes
  /// late with an older commit changes nothing.
  func write(_ head: AuditHead?, _ mark: SendingMark?) {
    known.withLock { known in
      if let head, head.sequence > known.head.sequence { known.head = head }
      if let mark, mark.isAhead(of: known.mark) { known.mark = mark }
      let hash = known.head.hash.isEmpty ? "-" : hex(known.head.hash)
      let numbers = [known.head.sequence, known.mark.lastAttempt, known.mark.open].map(padded)
      let bytes = Array("\(numbers[0]) \(hash) \(numbers[1]) \(numbers[2])\n".utf8)
      _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
  }

  private var words: [String] {
    guard let bytes = SmallFile.read(path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
  }

  private func padded(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
  }
}
