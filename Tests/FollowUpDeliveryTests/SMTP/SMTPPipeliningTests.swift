import FollowUpCore
import Foundation
import Synchronization
import Testing

@testable import FollowUpDelivery

/// The envelope of the next message leaves behind the content of the one before: neither may pay for the other.
@Suite struct SMTPPipeliningTests {
  typealias Server = ScriptedMailServer

  struct Case: Sendable, CustomTestStringConvertible {
    /// What the server does, once, to whom: 0 is the first message.
    var step = Server.Step.quit
    var count = 0
    var action = Server.Action.reply("221 bye")
    /// How the messages end, in order.
    let words: [String]
    var connections = 1
    /// The contents that arrive whole, by message.
    var whole = [0, 1]
    /// Contents of nothing but a dot.
    var empty = 0
    /// The second message stands when it is looked at for the first time only.
    var isWithdrawn = false
    var address = "bo@example.org"
    var testDescription: String { "\(step)#\(count) \(action), \(address): \(words)" }
  }

  static let cases: [Case] = [
    Case(words: ["delivered", "delivered"]),
    Case(step: .dot, action: .reply("550 5.7.1 spam"), words: ["rejected", "delivered"]),
    Case(step: .dot, action: .reply("451 later"), words: ["retry", "delivered"]),
    Case(step: .dot, action: .drop, words: ["uncertain", "delivered"], connections: 2),
    Case(step: .dot, action: .replyAndDrop("250 2.0.0 Ok"), words: ["delivered", "delivered"], connections: 2),
    Case(step: .dot, action: .replyAndDrop("421 4.3.2 going"), words: ["retry", "delivered"], connections: 2),
    Case(
      step: .rcpt, count: 1, action: .reply("550 5.1.1 no"), words: ["delivered", "rejected"], whole: [0], empty: 1),
    Case(step: .rcpt, count: 1, action: .reply("450 4.2.1 no"), words: ["delivered", "retry"], whole: [0], empty: 1),
    Case(step: .mail, count: 1, action: .reply("421 4.4.2 idle"), words: ["delivered", "delivered"], connections: 2),
    Case(step: .mail, count: 1, action: .replyAndDrop("421 no"), words: ["delivered", "delivered"], connections: 2),
    // The server would take the recipient and the content all the same: nothing may follow.
    Case(step: .mail, count: 1, action: .reply("451 later"), words: ["delivered", "retry"], whole: [0]),
    // An answer too many is not taken for one to the next message.
    Case(step: .dot, action: .reply("250 Ok\r\n550 5.1.1 no"), words: ["delivered", "delivered"], connections: 2),
    Case(step: .dot, action: .reply("250 Ok\r\n250 again"), words: ["delivered", "delivered"], connections: 2),
    Case(words: ["delivered", "withdrawn", "delivered"], connections: 2, whole: [0, 2], isWithdrawn: true),
    Case(words: ["delivered", "rejected", "delivered"], whole: [0, 2], address: "bo"),
  ]

  @Test("An answer that comes before its question was sent tells nothing of the content", arguments: [true, false])
  func early(pipelining: Bool) async throws {
    let server = Server(pipelining: pipelining) { step, count in
      step == .data && count == 0 ? .reply("354 go\r\n250 2.0.0 Ok") : nil
    }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    #expect(await adapter.deliver(.sample()).code == "protocol")
    #expect(await adapter.deliver(.sample()).word == "delivered")
    adapter.stop(within: 5)
  }

  @Test("An answer too many to what ended a message does not meet the next one", arguments: [true, false])
  func leftOver(pipelining: Bool) async throws {
    let server = Server(pipelining: pipelining) { step, count in
      step == .dot && count == 0 ? .reply("250 2.0.0 Ok\r\n550 5.1.1 no") : nil
    }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    #expect(await adapter.deliver(.sample()).word == "delivered")
    #expect(await adapter.deliver(.sample()).word == "delivered")
    adapter.stop(within: 5)
  }

  @Test("Promises 21-25, 46: a message and the one whose envelope goes behind its content", arguments: cases)
  func pairs(of test: Case) async throws {
    let server = Server { step, count in step == test.step && count == test.count ? test.action : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    let outcomes = Outcomes()
    let looks = Counter()
    let stands: @Sendable () -> Bool = {
      looks.add()
      return !test.isWithdrawn || looks.count == 1
    }
    let permit: @Sendable () -> Bool = {
      outcomes.submit(1, to: adapter, address: test.address, stands: stands)
      if test.words.count > 2 { outcomes.submit(2, to: adapter) }
      return true
    }
    outcomes.submit(0, to: adapter, permit: permit)
    #expect(await eventually { outcomes.words.count == test.words.count })
    adapter.stop(within: 5)
    #expect((0..<test.words.count).map { outcomes.words[$0] } == test.words)
    #expect(server.log.connections == test.connections)
    #expect(server.log.contents.filter { !$0.isEmpty } == test.whole.map { Array(Outcomes.text($0).utf8) })
    #expect(server.log.contents.filter(\.isEmpty).count == test.empty)
    if test.isWithdrawn { #expect(looks.count > 1) }
  }

  @Test("Promise 38: what goes behind a content is withdrawn by a stop that finds that content on its way")
  func stopped() async throws {
    let goOn = DispatchSemaphore(value: 0)
    let server = Server { step, _ in
      if step == .dot { goOn.wait() }
      return nil
    }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    let outcomes = Outcomes()
    let permit: @Sendable () -> Bool = {
      outcomes.submit(1, to: adapter)
      outcomes.submit(2, to: adapter)
      return true
    }
    outcomes.submit(0, to: adapter, permit: permit)
    #expect(await eventually { !server.log.contents.isEmpty })
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      adapter.stop(within: 10)
      isDone.signal()
    }
    // Once the third, which nobody took, is back, the second is not to go on.
    #expect(await eventually { outcomes.words[2] != nil })
    goOn.signal()
    #expect(await eventually { outcomes.words.count == 3 })
    #expect(await eventually { isDone.wait(timeout: .now()) == .success })
    #expect(outcomes.words == [0: "delivered", 1: "withdrawn", 2: "withdrawn"])
    #expect(server.log.contents == [Array(Outcomes.text(0).utf8)])
  }

  @Test(
    "Promise 23: a MAIL that was refused before RCPT and DATA were taken is followed by no content, not even an empty one",
    arguments: ["451 later", "550 5.7.1 not you", "299 what"])
  func refusedSender(reply: String) async throws {
    let server = Server { step, count in step == .mail && count == 0 ? .reply(reply) : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    #expect(await adapter.deliver(.sample()).word != "delivered")
    #expect(await adapter.deliver(.sample(Outcomes.text(1))).word == "delivered")
    adapter.stop(within: 5)
    #expect(server.log.contents == [Array(Outcomes.text(1).utf8)])
    #expect(server.log.connections == 2)
  }

  @Test("Promise 23: a reply to RCPT that is no refusal is followed by no content, not even an empty one")
  func oddReply() async throws {
    let server = Server { step, _ in step == .rcpt ? .reply("299 what") : nil }
    let adapter = try SMTPAdapterTests.adapter(server.port)
    #expect(await adapter.deliver(.sample()).word == "retry")
    adapter.stop(within: 5)
    #expect(server.log.contents.isEmpty)
  }

  private static let envelope = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"

  @Test(
    "Promise 23: a connection that breaks in the envelope behind a whole content leaves the answer to be read",
    arguments: [
      (envelope.utf8.count, "250 2.0.0 Ok", "delivered"), (1, "250 2.0.0 Ok", "delivered"),
      (envelope.utf8.count, "451 later", "retry"), (20, "550 5.7.1 spam", "rejected"),
      (envelope.utf8.count, nil, "uncertain"),
      // The final dot has not left, or not whole.
      (envelope.utf8.count + 1, "250 2.0.0 Ok", "uncertain"), (envelope.utf8.count + 5, "250 2.0.0 Ok", "retry"),
    ] as [(Int, String?, String)])
  func brokenBehind(remaining: Int, reply: String?, word: String) throws {
    let link = BreakingLink(remaining: remaining, reply: reply)
    let address = try MailAddress("mai@example.org")
    let dialogue = SMTPDialogue(
      connection: link, signal: StopSignal(), replySeconds: 5, deadline: Deadline.after(5), sender: address,
      recipient: address, standing: SMTPStanding())
    let job = DeliveryJob(message: .sample(), permit: { true }, finished: { _ in })
    guard case .outcome(let outcome, let keepsConnection) = dialogue.run(job, following: { Self.envelope }) else {
      Issue.record("a connection that carried nothing yet is not stale")
      return
    }
    #expect(outcome.word == word)
    #expect(!keepsConnection)
  }
}

/// How messages ended, by number.
private final class Outcomes: Sendable {
  private let found = Mutex<[Int: String]>([:])
  var words: [Int: String] { found.withLock { $0 } }

  static func text(_ number: Int) -> String { "Subject: number \(number)\r\n\r\nhello\r\n" }

  func submit(
    _ number: Int, to adapter: SMTPAdapter, address: String = "mai@example.org",
    stands: @escaping @Sendable () -> Bool = { true }, permit: @escaping @Sendable () -> Bool = { true }
  ) {
    adapter.submit(
      DeliveryJob(message: .sample(Self.text(number), address: address), stands: stands, permit: permit) { outcome in
        self.found.withLock { $0[number] = outcome.word }
      })
  }
}

/// Takes an envelope, breaks with `remaining` bytes of the content and what is behind it unsent, and may have an answer still.
private final class BreakingLink: SMTPLink {
  let pipelines = true
  let isUsed = false
  private let left: Int
  private var replies: [String]

  init(remaining: Int, reply: String?) {
    left = remaining
    replies = ["250 2.1.0 Ok", "250 2.1.5 Ok", "354 go ahead"] + (reply.map { [$0] } ?? [])
  }

  func send(
    _ bytes: [UInt8], until deadline: ContinuousClock.Instant, heed level: StopLevel, remaining: inout Int
  ) throws(SMTPLinkError) {
    remaining = level == .hard ? left : 0
    if level == .hard { throw .closed }
  }

  func reply(until deadline: ContinuousClock.Instant, heed level: StopLevel) throws(SMTPLinkError) -> SMTPReply {
    guard !replies.isEmpty else { throw .closed }
    let text = replies.removeFirst()
    return SMTPReply(code: Int(text.prefix(3)) ?? 0, lines: [String(text.dropFirst(4))])
  }

  func isQuiet() -> Bool { true }
  func quit() {}
}
