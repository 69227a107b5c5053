import FollowUpCore
import Foundation
import Support
import Testing

@testable import FollowUpDelivery

/// The way of a test message, stage by stage, against peers that others wrote.
@Suite(.serialized) struct ChannelTestTests {
  private static func words(_ stages: [TestStage]) -> [String] {
    stages.map { "\($0.name.rawValue) \($0.passed ? "yes" : "no") \($0.code ?? "-")" }
  }

  /// Blocking, on a thread that is not Swift's own.
  private func test(
    _ adapter: some Adapter, _ message: RenderedMessage?, within seconds: Double = 10
  ) async -> [TestStage] {
    await withCheckedContinuation { done in
      Thread.detachNewThread { done.resume(returning: adapter.test(message, within: seconds)) }
    }
  }

  private static let connected = ["resolve yes -", "connect yes -"]
  private static let secured = connected + ["tls yes TLSv1.3"]
  private static let whole = secured + ["login yes PLAIN", "accepted yes 250"]

  @Test(
    "Mail: each stage has its time, what was agreed on, or why it failed",
    arguments: [
      ("starttls", "127.0.0.1", 2, "se cret", whole), ("smtps", "127.0.0.1", 2, "se cret", whole),
      ("plain", "127.0.0.1", 2, "se cret", connected + ["tls no tls-missing"]),
      ("starttls", "other.example.org", 2, "se cret", connected + ["tls no tls-host"]),
      ("starttls", "127.0.0.1", -1, "se cret", connected + ["tls no tls-expired"]),
      ("starttls", "127.0.0.1", 2, "wrong", secured + ["login no auth-535-5.7.8"]),
    ])
  func mail(mode: String, name: String, days: Int, password: String, expected: [String]) async throws {
    let folder = try TemporaryFolder()
    if mode != "plain" { try await SMTPPeerTests.makeCertificates(in: folder, name: name, days: days) }
    let port = LoopbackSocket.freePort()
    let peer = try await PeerProgram(
      [Repository.python, "-c", SMTPPeerTests.server, "\(port)", folder.url.path, mode], port: port)
    let adapter = try SMTPAdapter(
      SMTPSettings(
        url: "\(mode == "smtps" ? "smtps" : "smtp")://127.0.0.1:\(port)", from: "Riverside <reminders@example.org>",
        user: "reminders", password: password, caFile: mode == "plain" ? nil : folder.path("ca.pem"), maxConnections: 1)
    )
    let message = try adapter.render(.sample(subject: "Test"))
    if expected.last == "accepted yes 250" {
      #expect(Self.words(await test(adapter, nil)) == expected.dropLast())
      #expect(!FileManager.default.fileExists(atPath: folder.path("mail-0")), "a look sends nothing")
    }
    let stages = await test(adapter, message)
    #expect(Self.words(stages) == expected)
    #expect(stages.allSatisfy { $0.seconds >= 0 && $0.seconds < 10 })
    #expect(stages.reduce(0) { $0 + $1.seconds } > 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("mail-0")) == (expected.last == "accepted yes 250"))
    adapter.stop(within: 5)
    withExtendedLifetime(peer) {}
  }

  @Test("Mail: a name that is not known, a closed port, a refused recipient, a server that says nothing")
  func mailFailures() async throws {
    func adapter(_ url: String) throws -> SMTPAdapter {
      try SMTPAdapter(
        SMTPSettings(url: url, tls: url.contains("127.0.0.1") ? .none : .starttls, from: "r@example.org"))
    }
    let message = RenderedMessage.sample()
    #expect(Self.words(await test(try adapter("smtp://mail.invalid:25"), message)) == ["resolve no no-such-host"])
    let closed = LoopbackSocket.freePort()
    #expect(
      Self.words(await test(try adapter("smtp://127.0.0.1:\(closed)"), message))
        == ["resolve yes -", "connect no connect-refused"])
    let refusing = ScriptedMailServer { step, _ in step == .rcpt ? .reply("550 5.1.1 no such user") : nil }
    #expect(
      Self.words(await test(try adapter("smtp://127.0.0.1:\(refusing.port)"), message))
        == ["resolve yes -", "connect yes -", "accepted no 550-5.1.1"])
    let silent = ScriptedMailServer { step, _ in step == .greeting ? .hang : nil }
    let start = ContinuousClock.now
    #expect(
      Self.words(await test(try adapter("smtp://127.0.0.1:\(silent.port)"), message, within: 1))
        == ["resolve yes -", "connect no connect-timeout"])
    #expect(ContinuousClock.now - start < .seconds(4))
  }

  @Test("Mail: where no connection was tried, no stage but the failed one was walked")
  func mailUntried() async throws {
    let port = LoopbackSocket.freePort()
    let adapter = try SMTPAdapter(
      SMTPSettings(url: "smtp://127.0.0.1:\(port)", from: "r@example.org", user: "r@example.org", token: { nil }))
    #expect(Self.words(await test(adapter, .sample())) == ["login no auth-no-token"])
    for code in ["no-memory", "curl-options"] {
      let stages = ConnectTrace().stages(tls: true, login: true, fault: Fault(code: code))
      #expect(Self.words(stages) == ["connect no \(code)"])
    }
  }

  @Test("Webhook: the real request with its signature; the gateway judges the key")
  func webhook() async throws {
    let server = ScriptedWebServer { count in .status([202, 401, 422, 302][min(count, 3)]) }
    var settings = WebhookAdapterTests.settings(server.port)
    settings.signingSecrets = [WebhookAdapterTests.secrets[0]]
    let adapter = try WebhookAdapter(settings)
    #expect(Self.words(await test(adapter, nil)) == ["resolve yes -", "connect yes -"])
    #expect(server.requests.isEmpty, "a look sends nothing")
    let start = ["resolve yes -", "connect yes -"]
    #expect(
      Self.words(await test(adapter, WebhookAdapterTests.message)) == start + ["login yes -", "accepted yes http-202"])
    #expect(server.requests.first?.headers["webhook-signature"]?.hasPrefix("v1,") == true)
    #expect(server.requests.first?.body == WebhookAdapterTests.message.body)
    #expect(Self.words(await test(adapter, WebhookAdapterTests.message)) == start + ["login no http-401"])
    #expect(
      Self.words(await test(adapter, WebhookAdapterTests.message)) == start + ["login yes -", "accepted no http-422"])
    #expect(
      Self.words(await test(adapter, WebhookAdapterTests.message)) == start + ["login yes -", "accepted no http-302"])
    adapter.stop(within: 5)
  }

  @Test("Webhook: an address that it may not reach, and a gateway that never answers")
  func webhookFailures() async throws {
    var blocked = WebhookAdapterTests.settings(9)
    blocked.allowNetworks = ["192.168.10.0/24"]
    let adapter = try WebhookAdapter(blocked)
    #expect(
      Self.words(await test(adapter, WebhookAdapterTests.message)) == ["resolve yes -", "connect no address-blocked"])
    let hanging = ScriptedWebServer { _ in .hang }
    let slow = try WebhookAdapter(WebhookAdapterTests.settings(hanging.port))
    let stages = await test(slow, WebhookAdapterTests.message, within: 1)
    #expect(Self.words(stages) == ["resolve yes -", "connect yes -", "accepted no timeout"])
  }

  @Test("A folder takes the message, or says why not")
  func maildir() async throws {
    let folder = try TemporaryFolder()
    let adapter = try MaildirAdapter(MaildirSettings(path: folder.path("paper")))
    let message = try adapter.render(.sample())
    #expect(Self.words(await test(adapter, message)) == ["accepted yes written"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("paper/new")).count == 1)
    let nowhere = try MaildirAdapter(MaildirSettings(path: folder.path("missing/paper")))
    #expect(Self.words(await test(nowhere, message)) == ["accepted no file-path"])
  }
}
