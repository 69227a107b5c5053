import FollowUpControl
import FollowUpSystem
import Foundation
import Glibc
import Synchronization
import Testing

/// Promise 34 and 36: what a client may try, while another is served as ever.
@Suite struct HostileClientTests {
  @Test("Promise 34: half a frame is given ten seconds (here one), then an error and the end")
  func halfFrame() async throws {
    var limits = ControlLimits()
    limits.frameSeconds = 1
    try await TestServer.with(limits: limits) { server in
      let client = try RawClient(path: server.path)
      client.write(#"{"method":"org.followupd.Ping""#)
      #expect(try server.ping())
      #expect(client.reply()?.contains("org.followupd.Invalid") == true)
      #expect(client.isClosed)
      #expect(try await server.refusal(.frameTooSlow).peer?.uid == geteuid())
    }
  }

  @Test("Promise 34: dripping bytes do not lengthen the time for a frame")
  func drip() async throws {
    var limits = ControlLimits()
    limits.frameSeconds = 1
    try await TestServer.with(limits: limits) { server in
      let client = try RawClient(path: server.path)
      let clock = ContinuousClock()
      let took = clock.measure {
        while client.write(" ") { usleep(20_000) }
      }
      #expect(took < .seconds(15))
      #expect(try server.ping())
    }
  }

  @Test("Promise 34: a client that says nothing between its frames is let be")
  func idle() async throws {
    var limits = ControlLimits()
    limits.frameSeconds = 1
    limits.stallSeconds = 1
    try await TestServer.with(limits: limits) { server in
      let client = try RawClient(path: server.path)
      for _ in 0..<2 {
        client.write("{\"method\":\"org.followupd.Ping\"}\0")
        #expect(client.reply()?.contains("version") == true)
        // That another one's time is over says that enough of it has passed.
        let late = try RawClient(path: server.path)
        late.write("{")
        #expect(late.reply()?.contains("org.followupd.Invalid") == true)
      }
      #expect(server.refused.allSatisfy { $0.reason == .frameTooSlow })
    }
  }

  @Test("Promise 34: 100 MB without a NUL are cut off at 1 MiB with an error")
  func endlessFrame() async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
      var written = 0
      while written < 100, client.write(chunk) { written += 1 }
      #expect(written < 10)
      #expect(client.reply()?.contains("longer than 1048576 bytes") == true)
      #expect(client.isClosed)
      #expect(try server.ping())
      #expect(try await server.refusal(.frameTooLarge).count == 1)
    }
  }

  @Test("Promise 34: a frame of exactly 1 MiB is taken, one byte more is not", arguments: [0, 1])
  func largestFrame(more: Int) async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      let call = Array(#"{"method":"org.followupd.Ping"}"#.utf8)
      client.write([UInt8](repeating: 0x20, count: (1 << 20) - call.count + more) + call + [0])
      #expect(client.reply()?.contains(more == 0 ? "version" : "longer than") == true)
    }
  }

  @Test(
    "Promise 34: what is not a call is answered with an error, and ends the connection",
    arguments: ["", "hello", "[]", "{", "\u{1}\u{2}", "GET / HTTP/1.1\r\n\r\n", #"{"method":"org.followupd.Ping"}}"#])
  func notACall(text: String) async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      client.write(text + "\0")
      #expect(client.reply()?.contains("org.followupd.Invalid") == true)
      #expect(client.isClosed)
      #expect(try server.ping())
    }
  }

  @Test("Promise 34: a call with a wrong member is answered, and the connection goes on")
  func wrongMember() async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      client.write("{\"method\":5}\0{\"method\":\"org.followupd.Ping\"}\0")
      #expect(client.reply()?.contains(#"{"parameter":"method"}"#) == true)
      #expect(client.reply()?.contains("version") == true)
    }
  }

  @Test("Promise 34: JSON a hundred thousand deep crashes nothing", arguments: ["[", #"{"a":"#])
  func deep(open: String) async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      client.write(#"{"method":"org.followupd.Ping","parameters":{"a":"#)
      client.write(String(repeating: open, count: 100_000) + "\0")
      #expect(client.reply()?.contains("deep") == true)
      #expect(client.isClosed)
      #expect(try server.ping())
      #expect(try await server.refusal(.tooDeep).count == 1)
    }
  }

  @Test("Promise 34: 1000 idle peers hold 16 connections of their user, and are told of once")
  func idlePeers() async throws {
    var limits = ControlLimits()
    // Once in this time, which a thousand connections must not outlast.
    limits.refusalSeconds = 600
    try await TestServer.with(limits: limits) { server in
      var clients: [RawClient] = []
      for _ in 0..<1000 { clients.append(try RawClient(path: server.path)) }
      let turnedAway = clients[16...].filter { client in
        let reply = client.reply()
        return reply?.contains("org.followupd.Unavailable") == true && client.isClosed
      }
      #expect(turnedAway.count == 984)
      for client in clients[..<16] {
        client.write("{\"method\":\"org.followupd.Ping\"}\0")
        #expect(client.reply()?.contains("version") == true)
      }
      let error = #expect(throws: ClientError.self) { try server.ping() }
      guard case .remote("org.followupd.Unavailable", _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      clients = []
      // A place is free again as soon as the server has seen the others leave.
      var served = false
      for _ in 0..<2000 where !served {
        served = (try? server.ping()) == true
        if !served { usleep(5000) }
      }
      #expect(served)
      #expect(server.refused.filter { $0.reason == .connectionsPerUser }.count == 1)
      await server.stop()
      #expect(server.refused.filter { $0.reason == .connectionsPerUser }.reduce(0) { $0 + $1.count } >= 985)
    }
  }

  @Test("Promise 34: 64 connections in all")
  func allConnections() async throws {
    var limits = ControlLimits()
    limits.connectionsPerUser = 1000
    try await TestServer.with(limits: limits) { server in
      var clients: [RawClient] = []
      for _ in 0..<64 {
        let client = try RawClient(path: server.path)
        client.write("{\"method\":\"org.followupd.Ping\"}\0")
        #expect(client.reply()?.contains("version") == true)
        clients.append(client)
      }
      let next = try RawClient(path: server.path)
      #expect(next.reply()?.contains("all 64 connections are taken") == true)
      #expect(next.isClosed)
      #expect(try await server.refusal(.connections).reason == .connections)
      _ = clients
    }
  }

  @Test("Promise 34: a reader that reads nothing is cut off; its writer waited, others did not")
  func slowReader() async throws {
    var limits = ControlLimits()
    limits.stallSeconds = 1
    let ended = Mutex<(sent: Int, congested: Bool)?>(nil)
    try await TestServer.with(
      limits: limits,
      handler: { _, _, reply in
        let line = Array(#"{"x":"\#(String(repeating: "x", count: 10_000))"}"#.utf8)
        var sent = 0
        var congested = false
        while reply.send(line, continues: true) {
          sent += line.count
          congested = congested || reply.isCongested
        }
        let result = (sent, congested)
        ended.withLock { $0 = result }
      }
    ) { server in
      let client = try RawClient(path: server.path)
      client.write("{\"method\":\"org.followupd.Watch\",\"more\":true}\0")
      #expect(try server.ping())
      _ = try await server.refusal(.slowReader)
      for _ in 0..<2000 where ended.withLock({ $0 }) == nil { usleep(5000) }
      let result = try #require(ended.withLock { $0 })
      #expect(result.congested)
      // What the kernel holds, and what may wait here.
      #expect(result.sent < 2 << 20)
      #expect(try server.ping())
      _ = client
    }
  }

  @Test("Promise 34: a client that sends calls without reading answers is held back by the kernel")
  func neverReads() async throws {
    var limits = ControlLimits()
    limits.stallSeconds = 2
    try await TestServer.with(limits: limits) { server in
      let client = try RawClient(path: server.path)
      var limit = timeval(tv_sec: 1, tv_usec: 0)
      setsockopt(client.descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      let calls = Array(String(repeating: "{\"method\":\"org.followupd.Ping\"}\0", count: 10_000).utf8)
      var rounds = 0
      while rounds < 100, client.write(calls) { rounds += 1 }
      #expect(rounds < 100)
      #expect(try server.ping())
    }
  }

  @Test("Promise 36: a client that leaves in mid-stream ends its stream and nothing else")
  func leaves() async throws {
    let cancelled = DispatchSemaphore(value: 0)
    try await TestServer.with(handler: { _, _, reply in
      reply.onCancel { cancelled.signal() }
      while reply.send(Array(#"{"n":1}"#.utf8), continues: true) {}
    }) { server in
      for _ in 0..<20 {
        var client: RawClient? = try RawClient(path: server.path)
        client?.write("{\"method\":\"org.followupd.Watch\",\"more\":true}\0")
        #expect(client?.reply()?.contains("continues") == true)
        client = nil
        #expect(cancelled.comes())
      }
      #expect(try server.ping())
    }
  }

  @Test("Promise 36: a client that leaves while its stream is silent is noticed without a write")
  func leavesInSilence() async throws {
    let cancelled = DispatchSemaphore(value: 0)
    let kept = Mutex<[ReplyStream]>([])
    try await TestServer.with(handler: { _, _, reply in
      kept.withLock { $0.append(reply) }
      reply.onCancel { cancelled.signal() }
      reply.send(Array("{}".utf8), continues: true)
    }) { server in
      var client: RawClient? = try RawClient(path: server.path)
      client?.write("{\"method\":\"org.followupd.Watch\",\"more\":true}\0")
      #expect(client?.reply()?.contains("continues") == true)
      client = nil
      #expect(cancelled.comes())
      #expect(kept.withLock { $0.first }?.isCancelled == true)
    }
  }
}
