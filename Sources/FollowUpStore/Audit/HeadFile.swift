internal import FollowUpDigest
internal import Glibc

/// The audit chain's head as it stands in the database and beside it (R21).
package struct AuditHead: Sendable, Equatable {
  package var sequence: Int64
  package var hash: [UInt8]

  static let none = AuditHead(sequence: 0, hash: [])

  /// The line of the file: the sequence, a space, the hash in hexadecimal.
  package var line: String { "\(sequence) \(hex(hash))" }
}

/// The head beside the database: ahead of it, it tells that an older database was put in place (promise 9). It is written
/// after each commit and not synced: after a power cut it may lag, which says nothing.
final class HeadFile: Sendable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
  }

  deinit { close(descriptor) }

  func read() -> AuditHead? {
    guard let bytes = SmallFile.read(path) else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" })
    guard words.count == 2, let sequence = Int64(words[0]), let hash = unhex(String(words[1])) else { return nil }
    return AuditHead(sequence: sequence, hash: hash)
  }

  /// One write of one line; the sequence is padded so that each line covers the one before.
  func write(_ head: AuditHead) {
    let digits = String(head.sequence)
    let line = String(repeating: "0", count: max(0, 20 - digits.count)) + digits + " " + hex(head.hash) + "\n"
    let bytes = Array(line.utf8)
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}
