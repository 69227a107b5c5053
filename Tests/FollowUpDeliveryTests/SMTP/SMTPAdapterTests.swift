import FollowUpCore
import FollowUpDelivery
import Testing

@Suite struct SMTPAdapterTests {
  typealias Server = ScriptedMailServer

  static func adapter(
    _ port: UInt16, connections: Int = 1, connect: Double = 5, reply: Double = 5, total: Double = 10, idle: Double = 600
  ) throws -> SMTPAdapter {
    try SMTPAdapter(
      SMTPSettings(
        url: "smtp://127.0.0.1:\(port)", tls: .none, from: "Riverside <reminders@example.org>",
        maxConnections: connections,
        timeouts: SMTPSettings.Timeouts(connect: connect, reply: reply, total: total, idle: idle)))
  }

  /// What the server does at one step, and what the message's attempt must be.
  struct Case: Sendable, CustomTestStringConvertible {
    let step: Server.Step
    let action: Server.Action
    let word: String
    let code: String
    var concernsDestination = false
    var contents = 0
    var testDescription: String { "\(step) \(action) is \(word) \(code)" }
  }

  static let cases: [Case] = [
    Case(step: .greeting, action: .drop, word: "retry", code: "connection-lost", concernsDestination: true),
    Case(
      step: .greeting, action: .reply("421 4.3.2 busy"), word: "retry", code: "greeting-421-4.3.2",
      concernsDestination: true),
    Case(step: .greeting, action: .reply("554 no"), word: "retry", code: "greeting-554", concernsDestination: true),
    Case(step: .mail, action: .reply("451 4.3.0 later"), word: "retry", code: "451-4.3.0"),
    Case(step: .mail, action: .reply("550 5.7.1 not you"), word: "misconfigured", code: "550-5.7.1"),
    Case(step: .mail, action: .reply("530 5.7.0 login"), word: "misconfigured", code: "530-5.7.0"),
    Case(step: .mail, action: .drop, word: "retry", code: "connection-lost", concernsDestination: true),
    Case(step: .rcpt, action: .reply("450 4.2.1 greylisted"), word: "retry", code: "450-4.2.1"),
    Case(step: .rcpt, action: .reply("550 5.1.1 no such user"), word: "rejected", code: "550-5.1.1"),
    Case(step: .rcpt, action: .reply("550-5.1.1 no\r\n550 5.1.1 such user"), word: "rejected", code: "550-5.1.1"),
    Case(step: .rcpt, action: .reply("553 no"), word: "rejected", code: "553"),
    Case(step: .rcpt, action: .reply("530 5.7.0 login"), word: "misconfigured", code: "530-5.7.0"),
    Case(
      step: .rcpt, action: .replyAndDrop("421 4.7.0 going"), word: "retry", code: "421-4.7.0",
      concernsDestination: true),
    Case(step: .rcpt, action: .drop, word: "retry", code: "connection-lost", concernsDestination: true),
    Case(step: .data, action: .reply("451 later"), word: "retry", code: "451"),
    Case(step: .data, action: .reply("554 5.7.1 policy"), word: "rejected", code: "554-5.7.1"),
    Case(step: .data, action: .reply("250 what"), word: "retry", code: "protocol", concernsDestination: true),
    Case(step: .data, action: .drop, word: "retry", code: "connection-lost", concernsDestination: true),
    Case(step: .data, action: .reply("garbage"), word: "retry", code: "protocol", concernsDestination: true),
    Case(step: .dot, action: .reply("250 2.0.0 Ok"), word: "delivered", code: "250", contents: 1),
    Case(step: .dot, action: .reply("452 4.3.1 disk"), word: "retry", code: "452-4.3.1", contents: 1),
    Case(step: .dot, action: .reply("550 5.7.1 spam"), word: "rejected", code: "550-5.7.1", contents: 1),
    Case(step: .dot, action: .reply("354 again"), word: "uncertain", code: "354", contents: 1),
    Case(step: .dot, action: .reply("garbage"), word: "uncertain", code: "protocol", contents: 1),
    Case(step: .dot, action: .drop, word: "uncertain", code: "connection-lost", contents: 1),
    Case(step: .quit, action: .drop, word: "delivered", code: "250", contents: 1),
  ]

  @Test("Promises 21-25: each step's refusal and drop has its verdict", arguments: cases, [true, false])
  func verdicts(of test: Case, pipelining: Bool) async throws {
    let server = Server(pipelining: pipelining) { step, _ in step == test.step ? test.action : nil }
    let adapter = try Self.adapter(server.port)
    let outcome = await adapter.deliver(.sample())
    adapter.stop(within: 5)
    #expect(outcome.word == test.word)
    #expect(outcome.code == test.code)
    #expect((outcome.fault?.concernsDestination ?? false) == test.concernsDestination)
    #expect(server.log.contents.filter { !$0.isEmpty }.count == test.contents)
  }

  @Test("Promise 21: a closed port and a name that does not exist are retried and concern the destination")
  func unreachable() async throws {
    let refused = try Self.adapter(LoopbackSocket.freePort())
    #expect(
      await refused.deliver(.sample())
        == .retry(
          after: nil, Fault(code: "connect-refused", detail: "Couldn't connect to server", concernsDestination: true)))
    refused.stop(within: 1)
    let unknown = try SMTPAdapter(
      SMTPSettings(url: "smtp://mail.invalid:2525", from: "reminders@example.org"))
    let outcome = await unknown.deliver(.sample())
    unknown.stop(within: 1)
    #expect(outcome.code == "no-such-host")
    #expect(outcome.fault?.concernsDestination == true)
  }

  @Test("the permit is asked once, after 354 and before the content", arguments: [true, false])
  func permit(pipelining: Bool) async throws {
    let server = Server(pipelining: pipelining)
    let adapter = try Self.adapter(server.port)
    let asked = Counter()
    let outcome = await adapter.deliver(.sample()) {
      asked.add()
      return server.log.commands.contains("DATA") && server.log.contents.isEmpty
    }
    adapter.stop(within: 5)
    #expect(outcome == .delivered(code: "250", gatewayID: "4XyZ1"))
    #expect(asked.count == 1)
  }

  @Test("Promise 46: after a refused permit nothing reaches anyone, and the next message goes on")
  func withdrawn() async throws {
    let server = Server()
    let adapter = try Self.adapter(server.port)
    #expect(await adapter.deliver(.sample()) { false } == .withdrawn)
    #expect(await adapter.deliver(.sample("Subject: second\r\n\r\n")).word == "delivered")
    adapter.stop(within: 5)
    #expect(server.log.contents == [Array("Subject: second\r\n\r\n".utf8)])
  }

  @Test("a connection carries many messages, and RSET follows a refused recipient", arguments: [true, false])
  func reuse(pipelining: Bool) async throws {
    let server = Server(pipelining: pipelining) { step, count in
      step == .rcpt && count == 1 ? .reply("550 5.1.1 no") : nil
    }
    let adapter = try Self.adapter(server.port)
    var words: [String] = []
    for _ in 0..<3 { words.append(await adapter.deliver(.sample()).word) }
    adapter.stop(within: 5)
    #expect(words == ["delivered", "rejected", "delivered"])
    #expect(server.log.connections == 1)
    #expect(server.log.commands.contains("RSET"))
    #expect(await eventually { server.log.commands.last == "QUIT" })
    // With PIPELINING the server had opened DATA for nobody: it got a dot and nothing else.
    #expect(server.log.contents.filter(\.isEmpty).count == (pipelining ? 1 : 0))
    #expect(server.log.contents.filter { !$0.isEmpty }.count == 2)
  }

  @Test("a connection that the server closed while idle is made anew, unseen", arguments: [Server.Step.dot, .mail])
  func staleConnection(closedAt step: Server.Step) async throws {
    let server = Server { at, count in
      switch (step, at, count) {
      case (.dot, .dot, 0): .replyAndDrop("250 2.0.0 Ok")
      case (.mail, .mail, 1): .replyAndDrop("421 4.4.2 idle for too long")
      default: nil
      }
    }
    let adapter = try Self.adapter(server.port)
    let asked = Counter()
    for _ in 0..<2 {
      let outcome = await adapter.deliver(.sample()) {
        asked.add()
        return true
      }
      #expect(outcome.word == "delivered")
    }
    adapter.stop(within: 5)
    #expect(server.log.accepted == 2)
    #expect(asked.count == 2)
    #expect(server.log.connections == 2)
  }

  @Test("an idle connection is closed with QUIT, and the next message opens another")
  func idle() async throws {
    let server = Server()
    let adapter = try Self.adapter(server.port, idle: 0.05)
    #expect(await adapter.deliver(.sample()).word == "delivered")
    #expect(await eventually { server.log.commands.contains("QUIT") })
    #expect(await adapter.deliver(.sample()).word == "delivered")
    adapter.stop(within: 5)
    #expect(server.log.connections == 2)
  }

  @Test("Promise 30: bare line ends and lone dots cannot end a message or start another")
  func smuggling() async throws {
    let server = Server()
    let adapter = try Self.adapter(server.port)
    let body = "Subject: x\n\n.\nMAIL FROM:<evil@example.org>\r.\r\n..two\r\nend"
    #expect(await adapter.deliver(.sample(body)).word == "delivered")
    adapter.stop(within: 5)
    #expect(
      server.log.contents.map { String(decoding: $0, as: UTF8.self) }
        == ["Subject: x\r\n\r\n..\r\nMAIL FROM:<evil@example.org>\r\n..\r\n...two\r\nend\r\n"])
    #expect(server.log.commands.filter { $0.hasPrefix("MAIL") } == ["MAIL FROM:<reminders@example.org>"])
  }

  @Test(
    "Promise 30: an address with control characters never reaches the wire",
    arguments: [
      "mai@example.org\r\nRCPT TO:<evil@example.org>", "mai\u{0}@example.org", "mai@exam\nple.org", "mai example.org",
      "mai@@example.org", "<mai@example.org>", "mai@example.org>", "@example.org", "mai@", "mai@-x.org",
    ])
  func badAddresses(address: String) async throws {
    let server = Server()
    let adapter = try Self.adapter(server.port)
    let outcome = await adapter.deliver(.sample(address: address))
    adapter.stop(within: 5)
    #expect(outcome.word == "rejected")
    #expect(outcome.code == "bad-address")
    #expect(server.log.connections == 0)
    #expect(throws: RenderError.self) { try adapter.render(.sample(address: address)) }
  }

  @Test(
    "Promise 31: a mailbox that would need SMTPUTF8 all the way is refused before the wire, by a code of its own",
    arguments: ["müller@example.org", "用户@例え.テスト", "mai\u{301}@example.org"])
  func needsUTF8(address: String) async throws {
    let server = Server()
    let adapter = try Self.adapter(server.port)
    let outcome = await adapter.deliver(.sample(address: address))
    adapter.stop(within: 5)
    #expect(outcome.word == "rejected")
    #expect(outcome.code == "smtputf8-needed")
    #expect(server.log.connections == 0)
    let error = #expect(throws: RenderError.self) { try adapter.render(.sample(address: address)) }
    #expect(error?.code == "smtputf8-needed")
  }

  @Test("R22: the server's words are kept short and without addresses")
  func redaction() async throws {
    let server = Server { step, _ in
      step == .rcpt
        ? .reply("550 5.1.1 <Mai.Nguyen@example.org>: mai.nguyen unknown " + String(repeating: "x", count: 900)) : nil
    }
    let adapter = try Self.adapter(server.port)
    let fault = try #require(await adapter.deliver(.sample(address: "mai.nguyen@example.org")).fault)
    adapter.stop(within: 5)
    #expect(fault.detail.hasPrefix("5.1.1 <address>: <address> unknown"))
    #expect(fault.detail.count <= 200)
    #expect(!fault.detail.lowercased().contains("nguyen"))
  }

  @Test(
    "settings at fault are named",
    arguments: [
      (SMTPSettings(url: "smtp://mail.example.org:25", tls: .none, from: "a@example.org"), "tls"),
      (SMTPSettings(url: "http://mail.example.org", from: "a@example.org"), "url"),
      (SMTPSettings(url: "smtp://user:pw@mail.example.org", from: "a@example.org"), "url"),
      (SMTPSettings(url: "smtp://mail.example.org:99999", from: "a@example.org"), "url"),
      (SMTPSettings(url: "smtp://mail.example.org/\r\nx", from: "a@example.org"), "url"),
      (SMTPSettings(url: "smtp://mail.example.org", from: "nobody"), "from"),
      (SMTPSettings(url: "smtp://mail.example.org", from: "A\r\nB <a@example.org>"), "from"),
      (SMTPSettings(url: "smtp://mail.example.org", from: "a@example.org", user: "x"), "password_credential"),
      (
        SMTPSettings(url: "smtp://mail.example.org", from: "a@example.org", unsubscribeMailto: "x"),
        "unsubscribe_mailto"
      ),
      (SMTPSettings(url: "smtp://mail.example.org", from: "a@example.org", linksBaseURL: "http://x.org"), "base_url"),
      (SMTPSettings(url: "smtp://mail.example.org", from: "a@example.org", caFile: "/nonexistent"), "ca_file"),
    ])
  func settings(settings: SMTPSettings, key: String) {
    let error = #expect(throws: AdapterSettingsError.self) { try SMTPAdapter(settings) }
    #expect(error?.key == key)
  }
}
