import FollowUpControl
import FollowUpSystem
import Foundation
import Glibc
import Synchronization
import Testing

@Suite struct ControlServerTests {
  @Test("Calls sent ahead are answered in their order, one at a time")
  func order() async throws {
    let running = Mutex((now: 0, most: 0))
    try await TestServer.with(handler: { call, _, reply in
      running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      usleep(500)
      running.withLock { $0.now -= 1 }
      reply.send(call.parameters)
    }) { server in
      let client = try RawClient(path: server.path)
      let calls = (0..<100).map { #"{"method":"org.followupd.Echo","parameters":{"n":\#($0)}}"# + "\0" }
      client.write(calls.joined())
      for n in 0..<100 { #expect(client.reply() == #"{"parameters":{"n":\#(n)}}"#) }
      #expect(running.withLock { $0.most } == 1)
    }
  }

  @Test("A frame may come byte by byte, and two in one piece")
  func pieces() async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      for byte in Array("{\"method\":\"org.followupd.Ping\"}\0".utf8) { client.write([byte]) }
      #expect(client.reply()?.contains("version") == true)
      client.write("{\"method\":\"org.followupd.Ping\"}\0{\"method\":\"org.followupd.Ping\"}\0")
      #expect(client.reply()?.contains("version") == true)
      #expect(client.reply()?.contains("version") == true)
    }
  }

  @Test("A client that has no more to say still gets its answers, then the end")
  func halfClosed() async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      client.write("{\"method\":\"org.followupd.Ping\"}\0{\"method\":\"org.followupd.Ping\"}\0")
      client.endWriting()
      #expect(client.reply()?.contains("version") == true)
      #expect(client.reply()?.contains("version") == true)
      #expect(client.isClosed)
    }
  }

  @Test("A call without an answer gets none, and the next is answered")
  func oneway() async throws {
    try await TestServer.with { server in
      let client = try RawClient(path: server.path)
      client.write("{\"method\":\"org.followupd.Nothing\",\"oneway\":true}\0")
      client.write("{\"method\":\"org.varlink.service.Nothing\",\"oneway\":true}\0")
      client.write("{\"method\":\"org.followupd.Ping\"}\0")
      #expect(client.reply()?.contains("version") == true)
    }
  }

  @Test("A stream continues until its last reply; the handler need not stay for it")
  func streams() async throws {
    try await TestServer.with(handler: { _, _, reply in
      DispatchQueue.global().async {
        for n in 0..<3 { reply.send(Array(#"{"n":\#(n)}"#.utf8), continues: n < 2) }
      }
    }) { server in
      var seen: [String] = []
      let client = try ControlClient(path: server.path, timeout: 20)
      try client.stream("org.followupd.Watch") { parameters throws(ClientError) in
        seen.append(String(decoding: parameters, as: UTF8.self))
        return true
      }
      #expect(seen == [#"{"n":0}"#, #"{"n":1}"#, #"{"n":2}"#])
    }
  }

  @Test("Several replies to a call that asked for one are refused with ExpectedMore")
  func expectedMore() async throws {
    try await TestServer.with(handler: { _, _, reply in reply.send(Array("{}".utf8), continues: true) }) { server in
      #expect(throws: ClientError.remote(name: "org.varlink.service.ExpectedMore", parameters: Array("{}".utf8))) {
        try ControlClient(path: server.path, timeout: 20).call("org.followupd.Watch")
      }
    }
  }

  @Test("A handler that forgets its caller leaves an error, not a hanging client")
  func forgotten() async throws {
    try await TestServer.with(handler: { _, _, _ in }) { server in
      let client = try ControlClient(path: server.path, timeout: 20)
      for _ in 0..<2 {
        let error = #expect(throws: ClientError.self) { try client.call("org.followupd.Nothing") }
        guard case .remote("org.followupd.Internal", _)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
  }

  @Test("What comes after the last reply goes nowhere")
  func once() async throws {
    try await TestServer.with(handler: { _, _, reply in
      reply.send(Array(#"{"n":1}"#.utf8))
      reply.send(Array(#"{"n":2}"#.utf8))
      reply.fail(.methodNotFound("x"))
    }) { server in
      let client = try ControlClient(path: server.path, timeout: 20)
      #expect(try client.call("org.followupd.X") == Array(#"{"n":1}"#.utf8))
      #expect(try client.call("org.followupd.Ping").count > 2)
    }
  }

  @Test(
    "The standard errors carry what was asked for",
    arguments: [
      ("org.example.Nothing", "InterfaceNotFound", #"{"interface":"org.example"}"#),
      ("org.followupd.Nothing", "MethodNotFound", #"{"method":"org.followupd.Nothing"}"#),
      ("org.varlink.service.Nothing", "MethodNotFound", #"{"method":"org.varlink.service.Nothing"}"#),
      ("Nothing", "InvalidParameter", #"{"parameter":"method"}"#),
      ("org.followupd.", "InvalidParameter", #"{"parameter":"method"}"#),
      ("org.varlink.service.GetInterfaceDescription", "InvalidParameter", #"{"parameter":"interface"}"#),
    ])
  func errors(method: String, name: String, parameters: String) async throws {
    try await TestServer.with { server in
      #expect(
        throws: ClientError.remote(name: "org.varlink.service." + name, parameters: Array(parameters.utf8))
      ) {
        try ControlClient(path: server.path, timeout: 20).call(method)
      }
    }
  }

  @Test("A running call is finished before the server ends; then the socket file is gone")
  func gracefulStop() async throws {
    let began = DispatchSemaphore(value: 0)
    let goOn = DispatchSemaphore(value: 0)
    try await TestServer.with(handler: { _, _, reply in
      began.signal()
      goOn.wait()
      reply.send(Array(#"{"done":true}"#.utf8))
    }) { server in
      let idle = try RawClient(path: server.path)
      let client = try RawClient(path: server.path)
      client.write("{\"method\":\"org.followupd.Slow\"}\0{\"method\":\"org.followupd.Slow\"}\0")
      #expect(began.comes())
      async let stopped: Void = server.stop(within: 20)
      #expect(idle.isClosed)
      goOn.signal()
      #expect(client.reply() == #"{"parameters":{"done":true}}"#)
      #expect(client.isClosed)
      await stopped
      #expect(access(server.path, F_OK) != 0)
    }
  }

  @Test("A call that does not end is cut off when the time to stop is over; a stream is told to end at once")
  func boundedStop() async throws {
    let cancelled = DispatchSemaphore(value: 0)
    let kept = Mutex<[ReplyStream]>([])
    try await TestServer.with(handler: { call, _, reply in
      kept.withLock { $0.append(reply) }
      if call.more {
        reply.send(Array("{}".utf8), continues: true)
        reply.onCancel {
          reply.send(Array(#"{"last":true}"#.utf8))
          cancelled.signal()
        }
      }
    }) { server in
      let stuck = try RawClient(path: server.path)
      stuck.write("{\"method\":\"org.followupd.Stuck\"}\0")
      let watch = try RawClient(path: server.path)
      watch.write("{\"method\":\"org.followupd.Watch\",\"more\":true}\0")
      #expect(watch.reply()?.contains("continues") == true)
      await server.stop(within: 1)
      #expect(watch.reply() == #"{"parameters":{"last":true}}"#)
      #expect(watch.isClosed)
      #expect(stuck.isClosed)
      #expect(cancelled.comes())
      // A late answer finds nobody, and breaks nothing.
      #expect(kept.withLock { $0.first }?.send(Array("{}".utf8)) == false)
    }
  }

  @Test("It starts and stops many times on one path")
  func restarts() async throws {
    for _ in 0..<20 {
      try await TestServer.with { server in
        let served = try server.ping()
        #expect(served)
      }
    }
  }
}

extension DispatchSemaphore {
  /// True once it was signalled; false if that takes half a minute.
  func comes() -> Bool { wait(timeout: .now() + 30) == .success }
}
