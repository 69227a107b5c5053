internal import Glibc

/// What fits into one line, whose length is always the same: its numbers are `padded`.
protocol FixedLine {
  init?(words: [Substring])
  var words: [String] { get }
}

/// A file of one line beside the database, written after each commit that changes it, and not synced: after a power cut it
/// may lag, which says nothing.
final class LineFile<Line: FixedLine>: Sendable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
  }

  deinit { close(descriptor) }

  /// What stands there; nil if that is nothing of the kind.
  func read() -> Line? {
    guard let bytes = SmallFile.read(path) else { return nil }
    return Line(words: String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" }))
  }

  /// One write, so that each line covers the one before.
  func write(_ line: Line) {
    let bytes = Array((line.words.joined(separator: " ") + "\n").utf8)
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}

/// A number of 20 digits, whatever its value.
func padded(_ number: Int64) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
}
