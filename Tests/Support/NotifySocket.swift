import Glibc
import Synchronization

/// The service manager's side of sd_notify(3): keeps every line that the daemon sends.
package final class NotifySocket: Sendable {
  package let path: String
  private let descriptor: Int32
  private let received = Mutex<[String]>([])

  package init(path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw HarnessError("socket: \(String(cString: strerror(errno)))") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard path.utf8.count < room.count else { return false }
      room.copyBytes(from: path.utf8)
      return true
    }
    guard fits else { throw HarnessError("\(path): too long for a Unix socket") }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw HarnessError("\(path): \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Every line received so far: `READY=1`, `STATUS=…`, `WATCHDOG=1`, ….
  package var lines: [String] {
    received.withLock { lines in
      var buffer = [UInt8](repeating: 0, count: 8192)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return lines }
        lines += String(decoding: buffer[0..<count], as: UTF8.self).split(separator: "\n").map(String.init)
      }
    }
  }

  package func count(of line: String) -> Int { lines.filter { $0 == line }.count }
}
