import FollowUpSystem
import Foundation
import Glibc

/// A client that may break every rule of the protocol.
final class RawClient {
  let descriptor: Int32

  init(path: String) throws {
    descriptor = try UnixSocket.connect(path: path)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { Glibc.close(descriptor) }

  /// False once the server does not listen any more.
  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        send(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// All that comes up to the next NUL; nil if the connection ends, "<timeout>" if nothing comes.
  func reply() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = recv(descriptor, &byte, 1, 0)
      if count == 0 || count < 0 && errno == ECONNRESET { return nil }
      if count < 0 { return "<timeout>" }
      if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }

  /// Whether the server has closed, all replies having been read.
  var isClosed: Bool { reply() == nil }
}
