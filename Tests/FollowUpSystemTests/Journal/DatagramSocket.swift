import Foundation
import Glibc

/// A Unix datagram socket that plays journald or the service manager.
final class DatagramSocket {
  let path: String
  private let descriptor: Int32

  convenience init() {
    self.init(
      path: FileManager.default.temporaryDirectory.appending(path: "datagram-\(UUID().uuidString.prefix(8))").path)
  }

  init(path: String) {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    precondition(bound == 0, "cannot bind \(path): \(errno)")
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  /// The next datagram; empty if none comes.
  func receive(waiting: Bool = true) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    let count = recv(descriptor, &buffer, buffer.count, waiting ? 0 : Int32(MSG_DONTWAIT))
    return Array(buffer.prefix(max(count, 0)))
  }

  func text(waiting: Bool = true) -> String { String(decoding: receive(waiting: waiting), as: UTF8.self) }
}
