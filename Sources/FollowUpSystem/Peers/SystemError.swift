internal import CSystemd
internal import Glibc

/// A system call that failed: which one, and the kernel's reason.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The call in words that an operator can search for, e.g. "bind /run/followupd/control.sock".
  package var call: String
  package var errno: Int32

  package init(call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  package var description: String { "\(call): \(Self.text(errno))" }

  /// The kernel's sentence for an error number, e.g. "Permission denied".
  package static func text(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
