import FollowUpCore
import FollowUpDelivery
import Foundation
import Support
import Testing

/// The adapter against mail servers that others wrote.
@Suite(.serialized) struct SMTPPeerTests {
  static func sink(_ options: [String], port: UInt16, in folder: URL? = nil) async throws -> PeerProgram {
    // It gives up root for the user that it is told.
    let user = geteuid() == 0 ? ["-u", "root"] : []
    return try await PeerProgram(
      ["/usr/sbin/smtp-sink"] + user + options + ["127.0.0.1:\(port)", "64"], port: port, in: folder)
  }

  @Test(
    "Promises 22-25: Postfix's smtp-sink at each step",
    arguments: [
      (["-f", "MAIL"], "misconfigured"), (["-f", "RCPT"], "rejected"), (["-f", "DATA"], "rejected"),
      (["-f", "."], "rejected"), (["-r", "MAIL"], "retry"), (["-r", "RCPT"], "retry"), (["-r", "DATA"], "retry"),
      (["-r", "."], "retry"), (["-q", "."], "uncertain"), (["-q", "RCPT"], "retry"), (["-q", "QUIT"], "delivered"),
      (["-W", ".:60"], "uncertain"), (["-W", "QUIT:60"], "delivered"), (["-p"], "delivered"), ([], "delivered"),
    ])
  func sinks(options: [String], word: String) async throws {
    let port = LoopbackSocket.freePort()
    let sink = try await Self.sink(options, port: port)
    // Little patience only with what hangs: an answer that a busy machine holds up is no fault.
    let adapter = try SMTPAdapterTests.adapter(port, reply: options.contains("-W") ? 2 : 5)
    let outcome = await adapter.deliver(.sample())
    let start = ContinuousClock.now
    adapter.stop(within: 20)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(outcome.word == word)
    withExtendedLifetime(sink) {}
  }

  @Test("two thousand messages over eight connections all arrive, none twice")
  func many() async throws {
    let folder = try TemporaryFolder()
    let port = LoopbackSocket.freePort()
    let sink = try await Self.sink(["-d", "m"], port: port, in: folder.url)
    let adapter = try SMTPAdapterTests.adapter(port, connections: 8)
    let count = 2000
    let start = ContinuousClock.now
    let delivered = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<count {
        group.addTask {
          var message = RenderedMessage.sample("Message-ID: <\(index)@example.org>\r\n\r\nhello\r\n")
          message.identity = "\(index)"
          return await adapter.deliver(message).word == "delivered"
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    print("SMTP: \(count) messages to smtp-sink in \(ContinuousClock.now - start)")
    adapter.stop(within: 5)
    #expect(delivered == count)
    let files = try FileManager.default.contentsOfDirectory(at: folder.url, includingPropertiesForKeys: nil)
    let ids = try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("Message-ID") }
    }
    #expect(ids.count == count)
    #expect(Set(ids).count == count)
    withExtendedLifetime(sink) {}
  }

  /// aiosmtpd with STARTTLS and AUTH; it writes each accepted message into its folder.
  static let server = """
    import sys, ssl, os, itertools
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
    port, folder, mode = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    numbers = itertools.count()
    class Handler:
        async def handle_DATA(self, server, session, envelope):
            with open(os.path.join(folder, "mail-%d" % next(numbers)), "wb") as file:
                file.write(envelope.content)
            return "250 2.0.0 Ok: queued as PY1"
    def login(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"reminders", b"se cret"),
                          handled=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if mode != "plain":
        context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))
    settings = dict(hostname="127.0.0.1", port=port, authenticator=login, auth_required=mode != "plain")
    if mode == "starttls":
        settings.update(tls_context=context, require_starttls=True)
    elif mode == "smtps":
        settings.update(ssl_context=context)
        settings.update(auth_require_tls=False)
    else:
        settings.update(auth_require_tls=False)
    controller = Controller(Handler(), **settings)
    controller._trigger_server = lambda: None
    controller.start()
    import threading
    threading.Event().wait()
    """

  /// A certificate authority of the test's own, and a server's certificate for `name`.
  static func makeCertificates(in folder: TemporaryFolder, name: String, days: Int) async throws {
    let subject = name.first?.isNumber == true ? "IP:\(name)" : "DNS:\(name)"
    try Data("subjectAltName=\(subject)\n".utf8).write(to: folder.url.appendingPathComponent("san"))
    try Data().write(to: folder.url.appendingPathComponent("index.txt"))
    try Data(
      """
      [ca]
      default_ca = own
      [own]
      database = index.txt
      new_certs_dir = .
      rand_serial = yes
      default_md = sha256
      policy = any
      unique_subject = no
      [any]
      commonName = supplied

      """.utf8
    ).write(to: folder.url.appendingPathComponent("ca.conf"))
    let dates = days < 0 ? ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"] : ["-days", "\(days)"]
    for arguments in [
      [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=Test CA",
        "-days", "2", "-keyout", "ca.key", "-out", "ca.pem",
      ],
      [
        "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server",
        "-keyout",
        "server.key", "-out", "server.csr",
      ],
      [
        "openssl", "ca", "-batch", "-config", "ca.conf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", "server.csr",
        "-out", "server.pem", "-notext", "-extfile", "san",
      ] + dates,
    ] {
      let result = try await Program.run(arguments, in: folder.url)
      try #require(result.status == 0, "\(arguments[1]): \(result.errors)")
    }
  }

  struct Login: Sendable, CustomTestStringConvertible {
    let mode: String
    var name = "127.0.0.1"
    var days = 2
    var trusted = true
    var password = "se cret"
    let outcome: String
    let code: String
    var testDescription: String { "\(mode), certificate of \(name) for \(days) days, is \(outcome) \(code)" }
  }

  @Test(
    "Promise 27: STARTTLS and AUTH against aiosmtpd; whatever is wrong with them, never in plain text",
    arguments: [
      Login(mode: "starttls", outcome: "delivered", code: "250"),
      Login(mode: "smtps", outcome: "delivered", code: "250"),
      Login(mode: "plain", outcome: "misconfigured", code: "tls-missing"),
      Login(mode: "starttls", name: "other.example.org", outcome: "retry", code: "tls-host"),
      Login(mode: "starttls", days: -1, outcome: "retry", code: "tls-expired"),
      Login(mode: "starttls", trusted: false, outcome: "retry", code: "tls-certificate"),
      Login(mode: "smtps", trusted: false, outcome: "retry", code: "tls-certificate"),
      Login(mode: "starttls", password: "wrong", outcome: "misconfigured", code: "auth-535-5.7.8"),
    ])
  func logins(test: Login) async throws {
    let folder = try TemporaryFolder()
    if test.mode != "plain" { try await Self.makeCertificates(in: folder, name: test.name, days: test.days) }
    let port = LoopbackSocket.freePort()
    let peer = try await PeerProgram(
      [Repository.python, "-c", Self.server, "\(port)", folder.url.path, test.mode], port: port)
    let scheme = test.mode == "smtps" ? "smtps" : "smtp"
    let adapter = try SMTPAdapter(
      SMTPSettings(
        url: "\(scheme)://127.0.0.1:\(port)", from: "Riverside <reminders@example.org>", user: "reminders",
        password: test.password, caFile: test.trusted && test.mode != "plain" ? folder.path("ca.pem") : nil,
        maxConnections: 1))
    let message = try adapter.render(.sample(subject: "Grüße", text: ".\n..\nhello\n"))
    let outcome = await adapter.deliver(message)
    #expect(outcome.word == test.outcome)
    #expect(outcome.code == test.code)
    #expect((outcome.fault?.concernsDestination ?? true))
    if test.outcome == "delivered" {
      #expect(await adapter.deliver(message).word == "delivered")
      for name in ["mail-0", "mail-1"] {
        #expect(try Array(Data(contentsOf: folder.url.appendingPathComponent(name))) == message.body)
      }
    } else {
      #expect(!FileManager.default.fileExists(atPath: folder.path("mail-0")))
    }
    adapter.stop(within: 5)
    withExtendedLifetime(peer) {}
  }
}
