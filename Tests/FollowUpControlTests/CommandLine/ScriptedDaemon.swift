import Foundation
import Support
import Synchronization

@testable import FollowUpControl

/// A socket that answers calls as a test says, and remembers them: what `followupctl` meets instead of the daemon.
final class ScriptedDaemon: Sendable {
  /// One call as it came.
  struct Call: Sendable {
    let method: String
    let parameters: JSON
  }

  enum Answer: Sendable {
    case reply([UInt8])
    case error(String, [UInt8])
    /// The connection closes instead.
    case hangUp
    /// Something that is no Varlink.
    case noise([UInt8])
  }

  let socket: String
  private let directory: TemporaryDirectory
  private let listener: Int32
  private let seen: Mutex<[Call]>
  private let answer: @Sendable (Call) throws -> Answer

  init(_ answer: @escaping @Sendable (Call) throws -> Answer) throws {
    directory = try TemporaryDirectory()
    socket = directory.path("control.sock")
    seen = Mutex([])
    self.answer = answer
    listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socket.utf8)) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(listener, 8) == 0 else { throw HarnessError("cannot listen at \(socket)") }
    Thread.detachNewThread { [weak self, listener] in
      while true {
        let peer = accept(listener, nil, nil)
        guard peer >= 0 else { return }
        self?.serve(peer)
        close(peer)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  var calls: [Call] { seen.withLock { $0 } }

  private func serve(_ peer: Int32) {
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(peer, &chunk, chunk.count)
      guard count > 0 else { return }
      received += chunk[..<count]
      while let end = received.firstIndex(of: 0) {
        let text = String(decoding: received[..<end], as: UTF8.self)
        received.removeFirst(end + 1)
        guard let frame = try? JSON(parsing: text), let method = frame["method"].string else { return }
        let call = Call(method: method, parameters: frame["parameters"])
        seen.withLock { $0.append(call) }
        let out: [UInt8]
        switch try? answer(call) {
        case .reply(let bytes): out = Array("{\"parameters\":".utf8) + bytes + Array("}".utf8)
        case .error(let name, let bytes):
          out = Array("{\"error\":\"\(name)\",\"parameters\":".utf8) + bytes + Array("}".utf8)
        case .noise(let bytes): out = bytes
        case .hangUp, nil: return
        }
        _ = (out + [0]).withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      }
    }
  }
}

extension ScriptedDaemon {
  /// Answers each call of `method` with one reply, and everything else as unknown.
  static func replying<M: ControlMethod>(_ method: M.Type, _ reply: M.Reply) throws -> ScriptedDaemon {
    let bytes = try WireJSON.encode(reply)
    return try ScriptedDaemon { call in
      call.method == M.name ? .reply(bytes) : .error("org.varlink.service.MethodNotFound", Array("{}".utf8))
    }
  }

  /// Answers each call with an error.
  static func failing(_ error: ControlError) throws -> ScriptedDaemon {
    let bytes = try WireJSON.encode(error)
    return try ScriptedDaemon { _ in .error(error.kind.varlinkName, bytes) }
  }

  /// Runs `followupctl` against it.
  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String?] = [:]
  ) async throws -> Finished {
    var merged: [String: String?] = [
      "FOLLOWUPD_SOCKET": socket, "FOLLOWUPD_INSTANCE": nil, "NO_COLOR": nil, "TZ": "UTC",
    ]
    for (name, value) in environment { merged[name] = value }
    return try await Support.run(ProgramUnderTest.followupctl, arguments, environment: merged, input: input)
  }
}
