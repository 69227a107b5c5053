import Glibc

/// Blocking sockets on 127.0.0.1 for the scripted peers.
enum LoopbackSocket {
  /// A listening socket on a port that the system chose.
  static func listen() -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(descriptor, pointer, length)
        _ = Glibc.listen(descriptor, 128)
        _ = getsockname(descriptor, pointer, &length)
      }
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// A port that nothing listens on.
  static func freePort() -> UInt16 {
    let (descriptor, port) = listen()
    close(descriptor)
    return port
  }

  static func accepts(port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// False once the peer has gone.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}

/// Reads lines and bytes from a socket.
struct SocketReader {
  let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The next line without its end; nil when the peer has gone.
  mutating func line() -> String? {
    while true {
      if let end = buffer.firstIndex(of: 0x0a) {
        var line = buffer[..<end]
        buffer.removeFirst(end + 1)
        if line.last == 0x0d { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
      }
      guard fill() else { return nil }
    }
  }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    while buffer.count < count { guard fill() else { return nil } }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// Reads through the first occurrence of `mark`, which is part of what is returned.
  mutating func through(_ mark: String) -> [UInt8]? {
    let mark = Array(mark.utf8)
    var searched = 0
    while true {
      if buffer.count >= mark.count {
        for index in searched...(buffer.count - mark.count) where Array(buffer[index..<(index + mark.count)]) == mark {
          defer { buffer.removeFirst(index + mark.count) }
          return Array(buffer[..<(index + mark.count)])
        }
        searched = max(0, buffer.count - mark.count)
      }
      guard fill() else { return nil }
    }
  }

  /// Blocks until the peer has gone.
  mutating func drain() { while fill() { buffer.removeAll() } }

  private mutating func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16384)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
  }
}
