import FollowUpCore
import FollowUpDelivery
import Testing

/// How long it waits for a server that is slow, or says nothing, at each step.
@Suite struct SMTPPatienceTests {
  typealias Server = ScriptedMailServer

  /// The steps up to the final dot, in the order of a connection with STARTTLS, and of one with AUTH.
  static let withTLS: [Server.Step] = [.greeting, .ehlo, .starttls, .handshake]
  static let withAuth: [Server.Step] = [.auth, .mail, .rcpt, .data, .dot]

  /// A server that does `action` at `step`, and an adapter that comes to it.
  private static func meet(
    _ step: Server.Step, _ action: Server.Action, connect: Double = 5, reply: Double = 5, total: Double = 10
  ) throws -> (Server, SMTPAdapter) {
    let server = Server(offers: ["STARTTLS", "AUTH PLAIN"]) { at, _ in at == step ? action : nil }
    let isTLS = withTLS.contains(step)
    let settings = SMTPSettings(
      url: "smtp://127.0.0.1:\(server.port)", tls: isTLS ? .starttls : .none, from: "reminders@example.org",
      user: isTLS ? nil : "reminders", password: isTLS ? nil : "se cret", maxConnections: 1,
      timeouts: SMTPSettings.Timeouts(connect: connect, reply: reply, total: total))
    return (server, try SMTPAdapter(settings))
  }

  @Test(
    "Promise 26: a peer at one byte at a time holds the worker for its timeout, at whatever step",
    arguments: withTLS + withAuth)
  func drips(step: Server.Step) async throws {
    // At this pace a whole reply would take fifty seconds. A TLS record says first how long it is: 16 kB.
    let start =
      switch step {
      case .greeting, .starttls: "220 "
      case .ehlo: "250-"
      case .handshake: "\u{16}\u{3}\u{3}\u{40}\u{0}"
      case .auth: "235 "
      case .data: "354 "
      default: "250 "
      }
    let isConnecting = Self.withTLS.contains(step) || step == .auth
    // Past the connection that one has all its time: a busy machine may take some of it.
    let (server, adapter) = try Self.meet(
      step, .drip(start + String(repeating: "slow ", count: 200), interval: 0.05), connect: isConnecting ? 1 : 10,
      reply: isConnecting ? 1 : 2, total: isConnecting ? 3 : 12)
    let begin = ContinuousClock.now
    let outcome = await adapter.deliver(.sample())
    #expect(ContinuousClock.now - begin < .seconds(15))
    #expect(outcome.word == (step == .dot ? "uncertain" : "retry"))
    #expect(outcome.code == (isConnecting ? "connect-timeout" : "timeout"))
    #expect(outcome.fault?.concernsDestination == (step != .dot))
    adapter.stop(within: 1)
    withExtendedLifetime(server) {}
  }

  @Test(
    "Promise 23: hung after the dot is uncertain, hung before it is not", arguments: withTLS + withAuth)
  func hung(step: Server.Step) async throws {
    // Past the connection that one has all its time, and so have the answers before the one that hangs.
    let isConnecting = Self.withTLS.contains(step) || step == .auth
    let (server, adapter) = try Self.meet(
      step, .hang, connect: isConnecting ? 0.4 : 5, reply: isConnecting ? 0.4 : 1.5)
    let outcome = await adapter.deliver(.sample())
    adapter.stop(within: 1)
    #expect(outcome.word == (step == .dot ? "uncertain" : "retry"))
    #expect(outcome.code == "timeout" || outcome.code == "connect-timeout")
    withExtendedLifetime(server) {}
  }

  @Test(
    "Promise 26: stop waits for no peer before the content has begun to leave",
    arguments: (withTLS + withAuth).filter { $0 != .dot })
  func stopsAtOnce(step: Server.Step) async throws {
    let (server, adapter) = try Self.meet(step, .hang, connect: 60, reply: 60, total: 120)
    async let outcome = adapter.deliver(.sample())
    let command: String? =
      switch step {
      case .greeting: nil
      case .handshake: "STARTTLS"
      default: step.rawValue.uppercased()
      }
    #expect(
      await eventually {
        server.log.connections == 1
          && (command.map { word in server.log.commands.contains { $0.hasPrefix(word) } } ?? true)
      })
    let start = ContinuousClock.now
    adapter.stop(within: 20)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(await outcome == .withdrawn)
  }

  @Test("Promise 25: a hung QUIT holds no worker")
  func hungAtQuit() async throws {
    let server = Server { step, _ in step == .quit ? .hang : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    #expect(await adapter.deliver(.sample()).word == "delivered")
    let start = ContinuousClock.now
    adapter.stop(within: 30)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(server.log.accepted == 1)
  }

  @Test("Promise 25: a QUIT that hangs on an idle connection leaves the worker free for the next message")
  func hungAtIdleQuit() async throws {
    let server = Server { step, _ in step == .quit ? .hang : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port, idle: 0.05)
    #expect(await adapter.deliver(.sample()).word == "delivered")
    #expect(await eventually { server.log.commands.contains("QUIT") })
    let start = ContinuousClock.now
    #expect(await adapter.deliver(.sample()).word == "delivered")
    #expect(ContinuousClock.now - start < .seconds(5))
    adapter.stop(within: 5)
    #expect(server.log.connections == 2)
  }

  @Test("Promise 38: stop withdraws what has not begun and gives up a hung peer in time")
  func stopping() async throws {
    let server = Server { step, _ in step == .dot ? .hang : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port, reply: 60, total: 60)
    let begun = Counter()
    async let first = adapter.deliver(.sample()) {
      begun.add()
      return true
    }
    #expect(await eventually { begun.count == 1 })
    async let second = adapter.deliver(.sample())
    #expect(await eventually { server.log.contents.count == 1 })
    let start = ContinuousClock.now
    adapter.stop(within: 1)
    #expect(ContinuousClock.now - start < .seconds(4))
    #expect(await first == .uncertain(Fault(code: "stopped")))
    #expect(await second == .withdrawn)
    #expect(await adapter.deliver(.sample()) == .withdrawn)
  }
}
