import FollowUpControl
import FollowUpSystem
import Foundation
import Glibc
import Testing

@Suite struct ControlClientTests {
  @Test("Nobody at the path is told as such", arguments: ["/proc/none/control.sock", "/dev/null"])
  func nobody(path: String) {
    let error = #expect(throws: ClientError.self) { try ControlClient(path: path) }
    guard case .noDaemon(path, let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("A reply of many megabytes comes whole")
  func large() async throws {
    let text = Array(#"{"x":"\#(String(repeating: "y", count: 8 << 20))"}"#.utf8)
    try await TestServer.with(handler: { _, _, reply in reply.send(text) }) { server in
      let reply = try ControlClient(path: server.path, timeout: 20).call("org.followupd.Large")
      #expect(reply == text)
    }
  }

  @Test("A reply that is too large is refused")
  func tooLarge() async throws {
    try await TestServer.with(handler: { _, _, reply in reply.send([UInt8](repeating: 0x20, count: 1 << 20)) }) {
      server in
      let client = try ControlClient(path: server.path, timeout: 20, maximumReply: 1 << 16)
      #expect(throws: ClientError.protocolViolation(what: "the reply is too large")) {
        try client.call("org.followupd.X")
      }
    }
  }

  @Test("A daemon that does not answer is given up in time")
  func silent() async throws {
    let listener = try ListeningSocket(path: "/tmp/control-\(UUID().uuidString.prefix(8))/control.sock")
    defer {
      listener.removeFile()
      close(listener.descriptor)
    }
    let path = try #require(listener.ownedPath)
    #expect(throws: ClientError.timedOut) { try ControlClient(path: path, timeout: 1).call("org.followupd.Ping") }
  }

  @Test(
    "What is not Varlink is told as such",
    arguments: [
      ("hello\0", ClientError.protocolViolation(what: "the reply is not a Varlink object")),
      ("{\"parameters\":{},\"continues\":true}\0", .protocolViolation(what: "several replies to a call for one")),
      ("", .disconnected(reason: "the daemon closed the connection")),
    ])
  func notVarlink(answer: String, expected: ClientError) throws {
    let listener = try ListeningSocket(path: "/tmp/control-\(UUID().uuidString.prefix(8))/control.sock")
    defer {
      listener.removeFile()
      close(listener.descriptor)
    }
    let client = try ControlClient(path: try #require(listener.ownedPath), timeout: 20)
    let server = accept(listener.descriptor, nil, nil)
    send(server, Array(answer.utf8), answer.utf8.count, Int32(MSG_NOSIGNAL))
    shutdown(server, Int32(SHUT_WR))
    #expect(throws: expected) { try client.call("org.followupd.Ping") }
    close(server)
  }

  @Test("A stream may be left early")
  func early() async throws {
    try await TestServer.with(handler: { _, _, reply in
      while reply.send(Array("{}".utf8), continues: true) {}
    }) { server in
      var seen = 0
      try ControlClient(path: server.path, timeout: 20).stream("org.followupd.Watch") { _ throws(ClientError) in
        seen += 1
        return seen < 3
      }
      #expect(seen == 3)
      #expect(try server.ping())
    }
  }
}
