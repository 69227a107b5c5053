import FollowUpCore
import FollowUpDelivery
import Testing

/// What a 5xx is about, by its stage and its codes (RFC 5321, RFC 3463, RFC 5248): the address, the message, or us.
@Suite struct SMTPRefusalTests {
  typealias Server = ScriptedMailServer

  enum About: String, Sendable { case address, message, settings }

  struct Case: Sendable, CustomTestStringConvertible {
    let step: Server.Step
    let reply: String
    let about: About
    /// A message to another domain went through before.
    var relays = true
    var testDescription: String {
      "\(reply) at \(step) is about the \(about)\(relays ? "" : ", nobody having got through")"
    }
  }

  static let cases: [Case] = [
    // No such mailbox, no such domain, another one than before.
    Case(step: .rcpt, reply: "550 5.1.1 user unknown", about: .address),
    Case(step: .rcpt, reply: "550 5.1.1 user unknown", about: .address, relays: false),
    Case(step: .rcpt, reply: "550 5.1.2 no such domain", about: .address),
    Case(step: .rcpt, reply: "501 5.1.3 bad address syntax", about: .address),
    Case(step: .rcpt, reply: "551 5.1.6 has moved", about: .address),
    Case(step: .rcpt, reply: "556 5.1.10 null MX", about: .address),
    Case(step: .rcpt, reply: "550 5.2.1 disabled", about: .address),
    Case(step: .rcpt, reply: "552 5.2.2 mailbox full", about: .address),
    Case(step: .rcpt, reply: "550 5.4.1 access denied", about: .address),
    Case(step: .rcpt, reply: "550 5.7.17 mailbox owner has changed", about: .address),
    Case(step: .rcpt, reply: "550 no", about: .address),
    Case(step: .rcpt, reply: "553 no", about: .address),
    Case(step: .rcpt, reply: "500 5.3.0 command failed", about: .address),
    Case(step: .dot, reply: "550 5.1.1 user unknown", about: .address),
    Case(step: .dot, reply: "552 5.2.2 mailbox full", about: .address),
    // What was sent.
    Case(step: .mail, reply: "552 5.3.4 too large", about: .message),
    Case(step: .rcpt, reply: "552 5.3.4 too large", about: .message),
    Case(step: .rcpt, reply: "552 5.2.3 too large for this mailbox", about: .message),
    Case(step: .data, reply: "554 5.7.1 policy", about: .message),
    Case(step: .data, reply: "554 no", about: .message),
    Case(step: .dot, reply: "552 too large", about: .message),
    Case(step: .dot, reply: "554 5.6.0 bad content", about: .message),
    Case(step: .dot, reply: "550 5.7.1 spam", about: .message, relays: false),
    Case(step: .dot, reply: "554 no", about: .message),
    // A policy that others passed.
    Case(step: .rcpt, reply: "550 5.7.1 restricted list", about: .message),
    Case(step: .rcpt, reply: "504 5.5.2 need fully-qualified address", about: .message),
    // Us: relaying, login, sender, machine.
    Case(step: .rcpt, reply: "554 5.7.1 Relay access denied", about: .settings, relays: false),
    Case(step: .rcpt, reply: "504 5.5.2 Helo command rejected", about: .settings, relays: false),
    Case(step: .rcpt, reply: "503 bad sequence", about: .settings, relays: false),
    Case(step: .mail, reply: "550 5.7.1 not you", about: .settings),
    Case(step: .mail, reply: "553 5.1.8 no such sender's domain", about: .settings),
    Case(step: .rcpt, reply: "550 5.1.8 no such sender's domain", about: .settings),
    Case(step: .rcpt, reply: "553 5.1.7 bad sender", about: .settings),
    Case(step: .rcpt, reply: "530 5.7.0 login", about: .settings),
    Case(step: .rcpt, reply: "530 5.7.57 not authenticated", about: .settings),
    Case(step: .rcpt, reply: "550 5.7.54 unable to relay", about: .settings),
    Case(step: .dot, reply: "554 5.7.60 may not send as this sender", about: .settings),
    Case(step: .dot, reply: "550 5.7.26 SPF and DKIM fail", about: .settings),
    Case(step: .data, reply: "535 5.7.8 login", about: .settings),
  ]

  @Test("Promise 22: a 5xx is about the address, the message or us", arguments: cases, [true, false])
  func verdicts(of test: Case, pipelining: Bool) async throws {
    let earlier = test.relays ? 1 : 0
    let server = Server(pipelining: pipelining) { step, count in
      guard count == earlier else { return nil }
      if step == test.step { return .reply(test.reply) }
      // What was sent behind a refused MAIL is out of sequence.
      return pipelining && test.step == .mail && [.rcpt, .data].contains(step) ? .reply("503 5.5.1 MAIL first") : nil
    }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    if test.relays { #expect(await adapter.deliver(.sample(address: "bo@example.net")).word == "delivered") }
    let outcome = await adapter.deliver(.sample(address: "mai@example.net"))
    #expect(outcome.word == (test.about == .settings ? "misconfigured" : "rejected"))
    #expect(outcome.fault?.concernsAddress == (test.about == .address))
    #expect(outcome.fault?.concernsDestination == false)
    // Whatever it was, the next message goes over the same connection.
    #expect(await adapter.deliver(.sample(address: "bo@example.net")).word == "delivered")
    adapter.stop(within: 5)
    #expect(server.log.connections == 1)
  }

  @Test("Colleagues on the clinic's own server prove nothing about patients elsewhere")
  func ownDomain() async throws {
    let server = Server { step, count in step == .rcpt && count == 1 ? .reply("554 5.7.1 Relay access denied") : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    #expect(await adapter.deliver(.sample(address: "nurses@example.org")).word == "delivered")
    #expect(await adapter.deliver(.sample(address: "mai@example.net")).word == "misconfigured")
    adapter.stop(within: 5)
  }

  @Test(
    "What a server has against a connection that carried others, another connection mends",
    arguments: [
      (Server.Step.mail, "421 4.4.2 idle for too long"), (.rcpt, "421 4.7.0 enough for one session"),
      (.data, "421 4.3.2 going down"), (.rcpt, "452 4.5.3 too many recipients in this session"),
      (.mail, "451 4.5.3 too many messages in this session"),
    ] as [(Server.Step, String)], [true, false])
  func ofConnection(refusal: (Server.Step, String), pipelining: Bool) async throws {
    let isLast = refusal.1.hasPrefix("421")
    let server = Server(pipelining: pipelining) { step, count in
      guard step == refusal.0, count == 1 else { return nil }
      return isLast ? .replyAndDrop(refusal.1) : .reply(refusal.1)
    }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    for _ in 0..<2 { #expect(await adapter.deliver(.sample()).word == "delivered") }
    adapter.stop(within: 5)
    #expect(server.log.connections == 2)
    #expect(server.log.contents.filter { !$0.isEmpty }.count == 2)
  }

  @Test("On a connection of its own such a refusal waits for another try")
  func firstOfConnection() async throws {
    for reply in ["421 4.7.0 going", "452 4.5.3 too many recipients"] {
      let server = Server { step, _ in step == .rcpt ? .reply(reply) : nil }
      let adapter = try SMTPAdapterTests.adapter(server.port)
      #expect(await adapter.deliver(.sample()).word == "retry")
      adapter.stop(within: 5)
      #expect(server.log.connections == 1)
    }
  }
}
