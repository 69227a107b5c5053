import FollowUpControl
import FollowUpSystem
import Foundation
import Synchronization

/// A server with a handler of the test's own, on a socket in a fresh directory.
final class TestServer: Sendable {
  let path: String
  private let server: ControlServer

  struct Handler: ControlHandler {
    let act: @Sendable (VarlinkCall, Peer, ReplyStream) -> Void

    func handle(_ call: VarlinkCall, from peer: Peer, reply: ReplyStream) {
      switch call.name {
      case "Ping": reply.send(Array(#"{"version":"1","instance":null}"#.utf8))
      default: act(call, peer, reply)
      }
    }
  }

  private init(
    _ limits: ControlLimits, _ act: @escaping @Sendable (VarlinkCall, Peer, ReplyStream) -> Void
  ) throws {
    // Where another user may enter, too.
    let directory = "/tmp/control-\(UUID().uuidString.prefix(8))"
    path = directory + "/control.sock"
    let refusals = Refusals()
    self.refusals = refusals
    server = ControlServer(
      listener: try ListeningSocket(path: path), identity: ServiceIdentity(version: "1.2.3"), limits: limits,
      handler: Handler(act: act), onRefusal: refusals.add)
    try server.start()
  }

  private final class Refusals: Sendable {
    let list = Mutex<[ControlRefusal]>([])
    func add(_ refusal: ControlRefusal) { list.withLock { $0.append(refusal) } }
  }
  private let refusals: Refusals

  /// What the server has told of so far.
  var refused: [ControlRefusal] { refusals.list.withLock { $0 } }

  /// Waits until it has told of something for this reason.
  func refusal(_ reason: ControlRefusal.Reason) async throws -> ControlRefusal {
    for _ in 0..<2000 {
      if let found = refused.first(where: { $0.reason == reason }) { return found }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw ClientError.timedOut
  }

  func stop(within seconds: Int = 5) async { await server.stop(within: seconds) }

  /// Runs `body` beside a server, and stops it.
  static func with(
    limits: ControlLimits = ControlLimits(),
    handler: @escaping @Sendable (VarlinkCall, Peer, ReplyStream) -> Void = { call, _, reply in
      reply.fail(.methodNotFound(call.method))
    },
    _ body: (TestServer) async throws -> Void
  ) async throws {
    let server = try TestServer(limits, handler)
    do {
      // The clients of these tests block, which the shared pool of two threads would not survive.
      try await withTaskExecutorPreference(BlockingExecutor()) { try await body(server) }
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    try? FileManager.default.removeItem(atPath: (server.path as NSString).deletingLastPathComponent)
  }

  /// That a well-behaved client is served.
  func ping() throws -> Bool {
    try ControlClient(path: path, timeout: 20).call("org.followupd.Ping")
      == Array(#"{"version":"1","instance":null}"#.utf8)
  }
}
