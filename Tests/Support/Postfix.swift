import Foundation
import Glibc

/// Postfix itself as a clinic's relay: TLS and a login are required, and each message goes into one Maildir.
///
/// An instance of its own, with configuration, queue and data in a temporary folder and a port of the loopback; the machine's
/// own Postfix, if there is one, is not touched. Its master needs root's rights: sudo, where the tests do not have them.
package final class Postfix: Sendable {
  package let port: Int
  package let certificate: Certificate
  private let folder: TemporaryDirectory
  private let login: RunningProgram
  private let master: RunningProgram

  private static let asRoot = geteuid() == 0 ? [] : ["sudo", "-n"]
  private static let services = """
    pickup unix n - n 60 1 pickup
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    tlsmgr unix - - n 1000? 1 tlsmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    proxymap unix - - n - - proxymap
    error unix - - n - - error
    retry unix - - n - - error
    showq unix n - n - - showq
    virtual unix - n n - - virtual
    anvil unix - - n - 1 anvil
    postlog unix-dgram n - n - 1 postlogd
    """

  /// Starts it and waits until it accepts. `more` are further lines of main.cf.
  fileprivate init(user: String, password: String, more: String = "") async throws {
    folder = try TemporaryDirectory()
    port = try freePort()
    certificate = try await Certificate()
    let (folder, port) = (folder, port)
    // Its daemons run as a user of their own, who must find what is theirs below.
    chmod(folder.path, 0o755)
    let owner = getuid() == 0 ? (id: UInt32(65_534), group: UInt32(65_534)) : (id: getuid(), group: getgid())
    try folder.write(
      "etc/main.cf",
      """
      compatibility_level = 3.6
      queue_directory = \(folder.path("queue"))
      data_directory = \(folder.path("data"))
      maillog_file = \(folder.path("log/mail.log"))
      maillog_file_prefixes = /tmp
      inet_interfaces = 127.0.0.1
      inet_protocols = ipv4
      myhostname = relay.example.org
      mydestination =
      alias_maps =
      virtual_mailbox_domains = static:all
      virtual_mailbox_base = \(folder.path("mail"))
      virtual_mailbox_maps = static:box/
      virtual_minimum_uid = 1
      virtual_uid_maps = static:\(owner.id)
      virtual_gid_maps = static:\(owner.group)
      smtpd_tls_security_level = encrypt
      smtpd_tls_cert_file = \(certificate.file)
      smtpd_tls_key_file = \(folder.path("etc/key.pem"))
      smtpd_sasl_auth_enable = yes
      smtpd_sasl_type = dovecot
      smtpd_sasl_path = \(folder.path("auth.sock"))
      smtpd_sasl_authenticated_header = yes
      smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
      smtpd_recipient_restrictions = permit_sasl_authenticated, reject
      strict_rfc821_envelopes = yes
      strict_7bit_headers = yes
      strict_8bitmime_body = yes
      strict_mime_encoding_domain = yes
      \(more)

      """)
    try folder.write("etc/master.cf", "127.0.0.1:\(port) inet n - n - - smtpd\n\(Self.services)\n")
    try FileManager.default.copyItem(atPath: certificate.key, toPath: folder.path("etc/key.pem"))
    for name in ["queue", "data", "mail", "log"] {
      try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
    }
    try await Self.privileged(["chown", "postfix", folder.path("data")])
    try await Self.privileged(["chown", "\(owner.id)", folder.path("mail")])
    login = try RunningProgram(
      Repository.python,
      [
        Repository.fixture("peers/dovecot_auth.py"), "--socket", folder.path("auth.sock"), "--user", user,
        "--password", password,
      ])
    let command = Self.asRoot + ["/usr/sbin/postfix", "-c", folder.path("etc"), "start-fg"]
    let master = try RunningProgram(command[0], Array(command.dropFirst()))
    self.master = master
    try await eventually("Postfix accepts", seen: { master.standardError + master.standardOutput }) {
      guard master.isRunning else { throw HarnessError("Postfix ended: \(master.standardError)") }
      return FileManager.default.fileExists(atPath: folder.path("auth.sock")) && accepts(port: port)
    }
  }

  /// What it logged.
  package var log: String { (try? folder.read("log/mail.log")) ?? "" }
  /// The Maildir with all that it delivered.
  package var maildir: String { folder.path("mail/box") }
  package var delivered: Int { folder.names(in: "mail/box/new").count }

  package func wait(for count: Int, within limit: Duration = .seconds(60)) async throws {
    try await eventually("\(count) messages in the Maildir", within: limit, seen: { self.log }) { delivered >= count }
  }

  /// Ends it and all its daemons, and removes what they own.
  fileprivate func stop() async throws {
    await login.stop()
    try await Self.privileged(["/usr/sbin/postfix", "-c", folder.path("etc"), "stop"])
    try await master.wait()
    try await Self.privileged(["rm", "-rf", folder.path("queue"), folder.path("data"), folder.path("log")])
  }

  @discardableResult
  private static func privileged(_ command: [String]) async throws -> String {
    let whole = asRoot + command
    return try await runOrFail(whole[0], Array(whole.dropFirst()))
  }
}

/// Runs `body` with a Postfix of its own and ends that, whatever comes of it.
package func withPostfix(
  user: String, password: String, more: String = "", _ body: (Postfix) async throws -> Void
) async throws {
  let postfix = try await Postfix(user: user, password: password, more: more)
  do {
    try await body(postfix)
  } catch {
    try? await postfix.stop()
    throw error
  }
  try await postfix.stop()
}
