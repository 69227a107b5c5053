internal import FollowUpSystem
internal import Glibc

/// A blocking Varlink client over one Unix stream socket: no threads and no event loop, for short-lived processes.
///
/// Not to be shared between threads: calls go out one after the other.
package final class ControlClient {
  private let path: String
  private let descriptor: Int32
  private var received: [UInt8] = []
  /// How much of `received` is known to hold no NUL.
  private var searched = 0
  private let maximumReply: Int

  /// Connects to the socket at `path`.
  /// - Parameters:
  ///   - timeout: seconds that one read or write may take; 0 waits for ever (`watch`).
  ///   - maximumReply: bytes of one reply that are taken, 256 MiB unless told.
  /// Errors: `noDaemon`, `permissionDenied`.
  package init(path: String, timeout: Int = 0, maximumReply: Int = 256 << 20) throws(ClientError) {
    self.path = path
    self.maximumReply = maximumReply
    do {
      descriptor = try UnixSocket.connect(path: path)
    } catch {
      throw switch error.errno {
      case EACCES, EPERM: .permissionDenied(path: path)
      default: .noDaemon(path: path, reason: SystemError.text(error.errno))
      }
    }
    if timeout > 0 {
      var limit = timeval(tv_sec: timeout, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  deinit { close(descriptor) }

  /// One call, one reply: the `parameters` of the reply, one JSON object in UTF-8.
  package func call(_ method: String, parameters: [UInt8] = Array("{}".utf8)) throws(ClientError) -> [UInt8] {
    try send(method, parameters, flag: "")
    let reply = try receive()
    guard !reply.continues else { throw .protocolViolation(what: "several replies to a call for one") }
    return reply.parameters
  }

  /// A call with `more`: `each` sees every reply; false ends the stream, and the connection must then be let go.
  package func stream(
    _ method: String, parameters: [UInt8] = Array("{}".utf8), each: ([UInt8]) throws(ClientError) -> Bool
  ) throws(ClientError) {
    try send(method, parameters, flag: ",\"more\":true")
    while true {
      let reply = try receive()
      guard try each(reply.parameters), reply.continues else { return }
    }
  }

  /// A call without an answer (`oneway`).
  package func tell(_ method: String, parameters: [UInt8] = Array("{}".utf8)) throws(ClientError) {
    try send(method, parameters, flag: ",\"oneway\":true")
  }

  private func send(_ method: String, _ parameters: [UInt8], flag: String) throws(ClientError) {
    var frame = Array("{\"method\":".utf8) + JSONText.quoted(method) + Array(",\"parameters\":".utf8)
    frame += parameters
    frame += Array("\(flag)}".utf8) + [0]
    var sent = 0
    while sent < frame.count {
      let count = frame.withUnsafeBytes { bytes in
        Glibc.send(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
        continue
      }
      switch errno {
      case EINTR: continue
      // The daemon may have said why before it closed: the reply is still there to be read.
      case EPIPE, ECONNRESET: return
      case EAGAIN: throw .timedOut
      default: throw .disconnected(reason: SystemError.text(errno))
      }
    }
  }

  private func receive() throws(ClientError) -> VarlinkReply {
    let frame = try nextFrame()
    guard let reply = VarlinkReply(frame: frame) else {
      throw .protocolViolation(what: "the reply is not a Varlink object")
    }
    if let name = reply.error { throw .remote(name: name, parameters: reply.parameters) }
    return reply
  }

  private func nextFrame() throws(ClientError) -> [UInt8] {
    while true {
      if let end = received[searched...].firstIndex(of: 0) {
        let frame = Array(received[..<end])
        received.removeFirst(end + 1)
        searched = 0
        return frame
      }
      searched = received.count
      guard received.count <= maximumReply else { throw .protocolViolation(what: "the reply is too large") }
      try readSome()
    }
  }

  private func readSome() throws(ClientError) {
    var failure: Int32 = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
      var result: Int
      repeat { result = recv(descriptor, buffer.baseAddress, buffer.count, 0) } while result < 0 && errno == EINTR
      if result < 0 { failure = errno }
      count = max(result, 0)
    }
    switch failure {
    case 0 where chunk.isEmpty: throw .disconnected(reason: "the daemon closed the connection")
    case 0: received += chunk
    case EAGAIN: throw .timedOut
    default: throw .disconnected(reason: SystemError.text(failure))
    }
  }
}
