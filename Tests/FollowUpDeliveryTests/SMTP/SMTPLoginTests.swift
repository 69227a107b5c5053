import FollowUpCore
import FollowUpDelivery
import Foundation
import Support
import Synchronization
import Testing

/// AUTH against aiosmtpd behind STARTTLS: it says which mechanism was used, and by whom.
@Suite(.serialized) struct SMTPLoginTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let offered: String
    var password: String?
    var token: String?
    var explains = false
    /// The mechanism by which the message came.
    var mechanism: String?
    /// The outcome's code where it did not.
    var code = "250"
    var testDescription: String { "\(offered) offered, \(mechanism ?? code)" }
  }

  private static func adapter(
    _ port: Int, _ certificate: Certificate, password: String?, token: (@Sendable () -> String?)?, idle: Double = 600
  ) throws -> SMTPAdapter {
    try SMTPAdapter(
      SMTPSettings(
        url: "smtp://127.0.0.1:\(port)", from: "Riverside <reminders@example.org>", user: "reminders@example.org",
        password: password, token: token, caFile: certificate.file, maxConnections: 1,
        timeouts: SMTPSettings.Timeouts(idle: idle)))
  }

  private static func fixed(_ token: String) -> @Sendable () -> String? { { token } }

  private static func peer(_ certificate: Certificate, _ more: [String]) async throws -> PythonPeer {
    try await PythonPeer(
      "smtp_server.py",
      [
        "--cert", certificate.file, "--key", certificate.key, "--user", "reminders@example.org", "--password",
        "se cret", "--token", "ya29.fresh",
      ] + more)
  }

  @Test(
    "A login is by the best mechanism that the server offers for the secret that there is",
    arguments: [
      Case(offered: "PLAIN,LOGIN", password: "se cret", mechanism: "PLAIN"),
      Case(offered: "LOGIN", password: "se cret", mechanism: "LOGIN"),
      Case(offered: "CRAM-MD5,PLAIN", password: "se cret", mechanism: "PLAIN"),
      Case(offered: "XOAUTH2,PLAIN", password: "se cret", mechanism: "PLAIN"),
      Case(offered: "XOAUTH2,PLAIN,LOGIN", token: "ya29.fresh", mechanism: "XOAUTH2"),
      Case(offered: "OAUTHBEARER,PLAIN", token: "ya29.fresh", mechanism: "OAUTHBEARER"),
      Case(offered: "PLAIN,LOGIN", password: "wrong", code: "auth-535-5.7.8"),
      Case(offered: "LOGIN", password: "wrong", code: "auth-535-5.7.8"),
      Case(offered: "XOAUTH2", token: "ya29.stale", code: "auth-535-5.7.8"),
      Case(offered: "XOAUTH2", token: "ya29.stale", explains: true, code: "auth-334"),
      Case(offered: "CRAM-MD5", password: "se cret", code: "auth-unsupported"),
      Case(offered: "PLAIN,LOGIN", token: "ya29.fresh", code: "auth-unsupported"),
      Case(offered: "XOAUTH2", token: "two\r\nlines", code: "auth-no-token"),
    ])
  func mechanisms(test: Case) async throws {
    let certificate = try await Certificate()
    let peer = try await Self.peer(
      certificate, ["--mechanisms", test.offered] + (test.explains ? ["--explains"] : []))
    let adapter = try Self.adapter(
      peer.port, certificate, password: test.password, token: test.token.map { Self.fixed($0) })
    let outcome = await adapter.deliver(.sample())
    adapter.stop(within: 5)
    #expect(outcome.code == test.code)
    #expect(outcome.word == (test.mechanism == nil ? "misconfigured" : "delivered"))
    let messages = peer.seen.filter { $0["content"].string != nil }
    #expect(messages.map { $0["mechanism"].string } == (test.mechanism.map { [$0] } ?? []))
    #expect(messages.allSatisfy { $0["user"].string == "reminders@example.org" && $0["tls"].bool == true })
    #expect(outcome.fault?.detail.contains("cret") != true)
    #expect(outcome.fault?.detail.contains("ya29") != true)
  }

  @Test("A server that offers no login that libcurl sees gets no mail", arguments: [[], ["auth plain"]])
  func noLogin(offers: [String]) async throws {
    let server = ScriptedMailServer(offers: offers)
    let adapter = try SMTPAdapter(
      SMTPSettings(
        url: "smtp://127.0.0.1:\(server.port)", tls: .none, from: "Riverside <reminders@example.org>",
        user: "reminders", password: "se cret"))
    let outcome = await adapter.deliver(.sample())
    adapter.stop(within: 5)
    #expect(outcome.word == "misconfigured" && outcome.code == "auth-unsupported")
    #expect(!server.log.commands.contains { $0.hasPrefix("MAIL") })
  }

  @Test("An access token is read anew for each connection, so that whoever renews it need tell nobody")
  func renewedToken() async throws {
    let certificate = try await Certificate()
    let peer = try await Self.peer(certificate, ["--mechanisms", "XOAUTH2"])
    let tokens = Mutex<[String?]>([nil, "ya29.stale", "ya29.fresh"])
    let adapter = try Self.adapter(
      peer.port, certificate, password: nil, token: { tokens.withLock { $0.isEmpty ? nil : $0.removeFirst() } })
    var codes: [String?] = []
    for _ in 0..<4 { codes.append(await adapter.deliver(.sample()).code) }
    adapter.stop(within: 5)
    // The last two go over one connection.
    #expect(codes == ["auth-no-token", "auth-535-5.7.8", "250", "250"])
    #expect(peer.seen.compactMap { $0["mechanism"].string } == ["XOAUTH2", "XOAUTH2", "XOAUTH2"])
  }
}
