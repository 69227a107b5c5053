import FollowUpCore
import FollowUpDelivery
import Foundation
import Support
import Testing

@Suite struct WebhookAdapterTests {
  typealias Server = ScriptedWebServer
  static let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
  static let now = Instant(1_796_135_400)

  static func settings(_ port: UInt16, connections: Int = 1, total: Double = 10) -> WebhookSettings {
    WebhookSettings(
      url: "http://127.0.0.1:\(port)/messages", allowNetworks: ["127.0.0.0/8"], maxConnections: connections,
      timeouts: WebhookSettings.Timeouts(connect: min(5, total), total: total, reuse: 600)
    ) { now }
  }

  static let message = RenderedMessage(
    identity: "0e6ba7b8-9dad-51d1-80b4-00c04fd430c8", messageID: "0e6ba7b8-9dad-51d1-80b4-00c04fd430c8", channel: "sms",
    address: "+15550100", body: Array(#"{"to":"+15550100"}"#.utf8))

  @Test(
    "Promise 28: each status has its verdict",
    arguments: [
      (200, "delivered", false), (201, "delivered", false), (204, "delivered", false), (301, "misconfigured", false),
      (302, "misconfigured", false), (307, "misconfigured", false), (400, "rejected", false),
      (401, "misconfigured", false),
      (403, "misconfigured", false), (404, "misconfigured", false), (408, "retry", false), (410, "rejected", false),
      (413, "rejected", false), (422, "rejected", false), (425, "retry", false), (429, "retry", true),
      (500, "retry", false), (501, "retry", false), (502, "retry", true), (503, "retry", true), (504, "retry", true),
    ])
  func statuses(status: Int, word: String, concernsDestination: Bool) async throws {
    let server = Server { _ in
      .status(status, headers: ["Retry-After: 77", "Location: http://127.0.0.1:9/"], body: #"{"id":"g-1"}"#)
    }
    let adapter = try WebhookAdapter(Self.settings(server.port))
    let outcome = await adapter.deliver(Self.message)
    adapter.stop(within: 5)
    #expect(outcome.word == word)
    #expect(outcome.code == "http-\(status)")
    #expect((outcome.fault?.concernsDestination ?? false) == concernsDestination)
    if case .retry(let after, _) = outcome { #expect(after == 77) }
    // The status speaks of a request: a mistake in ours must cost no patient their address.
    if case .rejected(let fault) = outcome { #expect(!fault.concernsAddress) }
    if case .delivered(_, let id) = outcome { #expect(id == (status == 204 ? nil : "g-1")) }
    #expect(server.requests.count == 1)
  }

  @Test(
    "Promise 28: hostile and broken answers end bounded, and are in doubt only without a status",
    arguments: [
      ("drop", Server.Action.drop, "uncertain", "connection-lost"),
      ("hang", .hang, "uncertain", "timeout"),
      ("endless header", .endlessHeaders, "uncertain", "http-headers"),
      ("endless body", .endlessBody, "delivered", "http-200"),
      ("slow answer", .drip(interval: 0.05), "uncertain", "timeout"),
      ("half a header", .raw("HTTP/1.1 200 OK\r\nX: "), "uncertain", "connection-lost"),
      ("half a body", .raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), "delivered", "http-200"),
      ("half a refusal", .raw("HTTP/1.1 422 No\r\nContent-Length: 99\r\n\r\n{"), "rejected", "http-422"),
      ("not HTTP", .raw("220 smtp.example.org ESMTP\r\n"), "uncertain", "protocol"),
      (
        "interim answers", .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n"),
        "delivered", "http-202"
      ),
    ])
  func hostile(name: String, action: Server.Action, word: String, code: String) async throws {
    let server = Server { _ in action }
    let adapter = try WebhookAdapter(Self.settings(server.port, total: 0.6))
    let outcome = await adapter.deliver(Self.message)
    adapter.stop(within: 5)
    #expect(outcome.word == word, "\(name)")
    #expect(outcome.code == code, "\(name)")
    #expect(server.requests.count == 1)
  }

  @Test("a kept connection that dies under a request is doubt, never a silent second request")
  func noSilentRepeat() async throws {
    let server = Server { _ in .answerThenDropNext }
    let adapter = try WebhookAdapter(Self.settings(server.port))
    let asked = Counter()
    #expect(await adapter.deliver(Self.message).word == "delivered")
    let second = await adapter.deliver(Self.message) {
      asked.add()
      return true
    }
    adapter.stop(within: 5)
    #expect(second.word == "uncertain")
    #expect(asked.count == 1)
    #expect(server.requests.count == 1)
  }

  @Test("Promise 21: what could not connect is retried and concerns the destination")
  func unreachable() async throws {
    let refused = try WebhookAdapter(Self.settings(LoopbackSocket.freePort()))
    let outcome = await refused.deliver(Self.message)
    refused.stop(within: 5)
    #expect(outcome.word == "retry")
    #expect(outcome.code == "connect-refused")
    #expect(outcome.fault?.concernsDestination == true)
    let unknown = try WebhookAdapter(WebhookSettings(url: "https://gateway.invalid/") { Self.now })
    #expect(await unknown.deliver(Self.message).code == "no-such-host")
    unknown.stop(within: 5)
  }

  @Test("Promise 46: the permit is asked once a connection stands, and its refusal sends nothing")
  func withdrawn() async throws {
    let server = Server { _ in .status(200) }
    let adapter = try WebhookAdapter(Self.settings(server.port))
    let outcome = await adapter.deliver(Self.message) {
      #expect(server.connections <= 1)
      return false
    }
    #expect(outcome == .withdrawn)
    #expect(await adapter.deliver(Self.message).word == "delivered")
    adapter.stop(within: 5)
    #expect(server.requests.count == 1)
  }

  @Test("Promise 46: no connection is made for what was taken back")
  func takenBack() async throws {
    let server = Server { _ in .status(200) }
    let adapter = try WebhookAdapter(Self.settings(server.port))
    let outcome = await withCheckedContinuation { continuation in
      adapter.submit([
        DeliveryJob(
          message: Self.message, stands: { false }, permit: { true },
          finished: { continuation.resume(returning: $0) })
      ])
    }
    adapter.stop(within: 5)
    #expect(outcome == .withdrawn)
    #expect(server.connections == 0)
  }

  @Test("Promise 38: stop withdraws what waits and gives up what hangs, in time")
  func stopping() async throws {
    let server = Server { _ in .hang }
    let adapter = try WebhookAdapter(Self.settings(server.port, total: 60))
    async let first = adapter.deliver(Self.message)
    #expect(await eventually { server.requests.count == 1 })
    async let second = adapter.deliver(Self.message)
    let start = ContinuousClock.now
    adapter.stop(within: 1)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(await first == .uncertain(Fault(code: "stopped")))
    #expect(await second == .withdrawn)
    #expect(await adapter.deliver(Self.message) == .withdrawn)
  }

  @Test("Promise 38: a stop throws no answer away whose body is still on its way")
  func stoppedInTheBody() async throws {
    let server = Server { _ in .rawThenHang("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") }
    let adapter = try WebhookAdapter(Self.settings(server.port, total: 60))
    async let outcome = adapter.deliver(Self.message)
    #expect(await eventually { server.requests.count == 1 })
    // The header comes meanwhile.
    adapter.stop(within: 3)
    #expect(await outcome.word == "delivered")
  }

  @Test(
    "Promise 29: this machine and its networks are out of reach, however they are spelled",
    arguments: [
      "localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
      "0.0.0.0",
      "169.254.169.254", "10.0.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]", "[64:ff9b::7f00:1]",
    ])
  func blockedHosts(host: String) async throws {
    let server = Server { _ in .status(200) }
    let adapter = try WebhookAdapter(
      WebhookSettings(url: "https://\(host):\(server.port)/", timeouts: .init(connect: 2, total: 2)) { Self.now })
    let outcome = await adapter.deliver(Self.message)
    adapter.stop(within: 5)
    #expect(outcome.word == "misconfigured")
    #expect(outcome.code == "address-blocked")
    #expect(server.connections == 0)
  }

  @Test("plain http reaches the listed networks and nothing else")
  func plainHTTP() async throws {
    let server = Server { _ in .status(200) }
    var settings = Self.settings(server.port)
    settings.allowNetworks = ["10.0.0.0/8"]
    let adapter = try WebhookAdapter(settings)
    #expect(await adapter.deliver(Self.message).code == "address-blocked")
    adapter.stop(within: 5)
    #expect(server.connections == 0)
  }

  @Test("what is sent: method, headers, and a signature that the public verifier accepts, for each of two keys")
  func signature() async throws {
    let server = Server { _ in .status(200) }
    var settings = Self.settings(server.port)
    settings.signingSecrets = Self.secrets
    settings.password = "token-1"
    let adapter = try WebhookAdapter(settings)
    let message = try adapter.render(.sample(channel: "sms", address: "+15550100", text: "Grüße 👩🏽‍⚕️"))
    #expect(await adapter.deliver(message).word == "delivered")
    adapter.stop(within: 5)
    let request = try #require(server.requests.first)
    #expect(request.line == "POST /messages HTTP/1.1")
    #expect(request.body == message.body)
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["webhook-id"] == message.identity)
    #expect(request.headers["idempotency-key"] == message.identity)
    #expect(request.headers["webhook-timestamp"] == "1796135400")
    #expect(request.headers["authorization"] == "Bearer token-1")
    #expect(request.headers["expect"] == nil)
    for secret in Self.secrets {
      let program = """
        import sys, json
        import standardwebhooks.webhooks as w
        class Then(w.datetime):
            @classmethod
            def now(cls, tz=None): return cls.fromtimestamp(\(Self.now.seconds), tz)
        w.datetime = Then
        asked = json.load(sys.stdin)
        body = asked["body"].encode()
        w.Webhook(sys.argv[1]).verify(body, asked["headers"])
        try:
            w.Webhook(sys.argv[1]).verify(body + b" ", asked["headers"])
            forged = True
        except w.WebhookVerificationError:
            forged = False
        print(json.dumps({"forged": forged}))
        """
      let input: [String: Any] = ["headers": request.headers, "body": String(decoding: request.body, as: UTF8.self)]
      let result = try await Program.python(
        program, arguments: [secret], input: try JSONSerialization.data(withJSONObject: input))
      #expect(result["forged"] as? Bool == false)
    }
  }

  @Test("basic authentication and the form preset")
  func basic() async throws {
    let server = Server { _ in .status(201, body: #"{"sid":"SM42"}"#) }
    var settings = Self.settings(server.port)
    settings.preset = "twilio"
    settings.user = "AC1"
    settings.password = "se:cret"
    let adapter = try WebhookAdapter(settings)
    let message = try adapter.render(.sample(channel: "sms", address: "+15550100", text: "hello"))
    #expect(await adapter.deliver(message) == .delivered(code: "http-201", gatewayID: "SM42"))
    adapter.stop(within: 5)
    let request = try #require(server.requests.first)
    #expect(request.headers["authorization"] == "Basic " + Data("AC1:se:cret".utf8).base64EncodedString())
    #expect(String(decoding: request.body, as: UTF8.self).hasPrefix("To=%2B15550100&From="))
  }

  @Test("R22: the gateway's words are kept without the patient's number")
  func redaction() async throws {
    let server = Server { _ in .status(422, body: "number 15550100 (+15550100) of mai@example.org is bad\r\n\u{1}") }
    let adapter = try WebhookAdapter(Self.settings(server.port))
    let fault = try #require(await adapter.deliver(Self.message).fault)
    adapter.stop(within: 5)
    #expect(fault.detail == "number <address> (<address>) of <address> is bad   ")
  }

  @Test("connections are kept, work runs beside a slow request, and idle ones are given up")
  func sharing() async throws {
    let server = Server { number in number == 0 ? .hang : .status(204) }
    let adapter = try WebhookAdapter(Self.settings(server.port, connections: 4, total: 60))
    async let slow = adapter.deliver(Self.message)
    #expect(await eventually { server.requests.count == 1 })
    for _ in 0..<20 { #expect(await adapter.deliver(Self.message).word == "delivered") }
    #expect(server.connections == 2)
    adapter.stop(within: 0.5)
    #expect(await slow.word == "uncertain")
  }

  @Test(
    "Promise 30: an identity or an address with control characters is refused",
    arguments: ["a\r\nX: y", "", "a\u{0}", "a.b c"])
  func injection(text: String) async throws {
    let server = Server { _ in .status(200) }
    let adapter = try WebhookAdapter(Self.settings(server.port))
    #expect(throws: RenderError.self) { try adapter.render(.sample(identity: text, address: "+15550100")) }
    var message = Self.message
    message.identity = text
    #expect(await adapter.deliver(message).code == "bad-identity")
    adapter.stop(within: 5)
    #expect(server.connections == 0)
  }

  @Test("two thousand messages over eight connections all arrive, once each")
  func many() async throws {
    let server = Server { _ in .status(204) }
    let adapter = try WebhookAdapter(Self.settings(server.port, connections: 8, total: 60))
    let count = 2000
    let start = ContinuousClock.now
    let others = await withTaskGroup(of: Outcome.self) { group in
      for index in 0..<count {
        group.addTask {
          var message = Self.message
          message.identity = "m-\(index)"
          return await adapter.deliver(message)
        }
      }
      return await group.reduce(into: []) { if $1.word != "delivered" { $0.append($1) } }
    }
    print("webhook: \(count) messages in \(ContinuousClock.now - start)")
    adapter.stop(within: 5)
    #expect(others.isEmpty)
    #expect(Set(server.requests.compactMap { $0.headers["webhook-id"] }).count == count)
    #expect(server.requests.count == count)
    #expect(server.connections <= 8)
  }

  @Test("https with a certificate of the clinic's own")
  func https() async throws {
    let folder = try TemporaryFolder()
    try await SMTPPeerTests.makeCertificates(in: folder, name: "127.0.0.1", days: 2)
    let port = LoopbackSocket.freePort()
    let program = """
      import ssl, sys, http.server
      class H(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              self.rfile.read(int(self.headers["content-length"]))
              self.send_response(202); self.end_headers(); self.wfile.write(b'{"id": "https-1"}')
      s = http.server.ThreadingHTTPServer(("127.0.0.1", \(port)), H)
      c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain("server.pem", "server.key")
      s.socket = c.wrap_socket(s.socket, server_side=True, do_handshake_on_connect=False)
      s.serve_forever()
      """
    let peer = try await PeerProgram([Repository.python, "-c", program], port: port, in: folder.url)
    var settings = Self.settings(port)
    settings.url = "https://127.0.0.1:\(port)/"
    let stranger = try WebhookAdapter(settings)
    let refused = await stranger.deliver(Self.message)
    #expect(refused.word == "retry")
    #expect(refused.code == "tls-certificate")
    stranger.stop(within: 5)
    settings.caFile = folder.path("ca.pem")
    let adapter = try WebhookAdapter(settings)
    #expect(await adapter.deliver(Self.message) == .delivered(code: "http-202", gatewayID: "https-1"))
    adapter.stop(within: 5)
    withExtendedLifetime(peer) {}
  }

  @Test(
    "settings at fault are named",
    arguments: [
      (["url": "ftp://x.org"], "url"), (["url": "http://127.0.0.1/"], "url"), (["url": "https://a:b@x.org/"], "url"),
      (["url": "https://x.org/\r\n"], "url"), (["network": "10.0.0.0/99"], "allow_networks"),
      (["preset": "xml"], "preset"),
      (["secret": "whsec_!"], "signing_credentials"), (["user": "x"], "password_credential"),
      (["ca": "/nonexistent"], "ca_file"),
      (["password": "a\nb"], "password_credential"),
    ])
  func settings(values: [String: String], key: String) {
    let settings = WebhookSettings(
      url: values["url"] ?? "https://gateway.example.org/", preset: values["preset"] ?? "json",
      signingSecrets: values["secret"].map { [$0] } ?? [], user: values["user"], password: values["password"],
      caFile: values["ca"], allowNetworks: values["network"].map { [$0] } ?? []
    ) { Self.now }
    #expect(#expect(throws: AdapterSettingsError.self) { try WebhookAdapter(settings) }?.key == key)
  }
}
