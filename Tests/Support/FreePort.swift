import Foundation
import Glibc

/// A TCP port of the loopback interface that nothing listens on at this moment.
package func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0 else { throw HarnessError("socket: \(String(cString: strerror(errno)))") }
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
      bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
    }
  }
  guard status == 0 else { throw HarnessError("bind: \(String(cString: strerror(errno)))") }
  return Int(UInt16(bigEndian: address.sin_port))
}

/// Whether something accepts connections at this port of the loopback interface.
package func accepts(port: Int) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
  address.sin_port = in_port_t(port).bigEndian
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}

/// Whether a Unix socket at this path listens. Nothing connects to it, so that the first connection stays the test's.
package func listens(at path: String) throws -> Bool {
  // Num RefCount Protocol Flags Type St Inode Path, where 00010000 is __SO_ACCEPTCON.
  try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n").contains { line in
    let words = line.split(separator: " ", maxSplits: 7)
    return words.count == 8 && words[3] == "00010000" && words[7] == path
  }
}
