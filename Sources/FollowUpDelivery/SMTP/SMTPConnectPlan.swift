internal import CCurl
internal import FollowUpCore
internal import Glibc

/// The settings in the shape that a connection needs, checked once.
struct SMTPConnectPlan: Sendable {
  private let url: String
  private let requiresTLS: Bool
  private let login: Login?
  private let caFile: String?
  private let timeouts: SMTPSettings.Timeouts

  /// How we say who we are: the mechanisms that libcurl may choose from. With a password these send it as it is, inside
  /// TLS or to this machine alone; what hides it from the server (CRAM-MD5, NTLM) is broken, and libcurl prefers it.
  private enum Login {
    case password(user: String, String)
    case token(user: String, @Sendable () -> String?)

    var mechanisms: String {
      switch self {
      case .password: "AUTH=PLAIN;AUTH=LOGIN"
      case .token: "AUTH=XOAUTH2;AUTH=OAUTHBEARER"
      }
    }
  }

  /// - Throws: the setting at fault: `url`, `tls`, `user`, `password_credential` or `ca_file`.
  init(_ settings: SMTPSettings) throws(AdapterSettingsError) {
    guard let url = EndpointURL(settings.url), ["smtp", "smtps"].contains(url.scheme),
      url.path.isEmpty || url.path == "/"
    else {
      throw AdapterSettingsError(
        key: "url", problem: "not the address of a mail server", remedy: "write it as smtp://mail.example.org:587")
    }
    guard settings.tls == .starttls || url.scheme == "smtps" || url.isLoopback else {
      throw AdapterSettingsError(
        key: "tls", problem: "\"none\" would send patients' mail in plain text over the network",
        remedy: "use \"starttls\"; \"none\" is for a relay on localhost only")
    }
    for (key, value) in [("user", settings.user), ("password", settings.password)] {
      guard let value, Self.holdsControls(value) else { continue }
      throw AdapterSettingsError(key: key, problem: "holds control characters", remedy: "write it on one line")
    }
    switch (settings.user, settings.password, settings.token) {
    case (let user?, let password?, _): login = .password(user: user, password)
    case (let user?, nil, let token?): login = .token(user: user, token)
    case (nil, _, _): login = nil
    case (_?, nil, nil):
      throw AdapterSettingsError(
        key: "password_credential", problem: "a user without a password",
        remedy: "add password_credential or password_file")
    }
    let port = url.port.map { ":\($0)" } ?? ""
    self.url = "\(url.scheme)://\(url.bracketedHost)\(port)/\(Self.ownName())"
    requiresTLS = settings.tls == .starttls
    caFile = try checkedCAFile(settings.caFile)
    timeouts = settings.timeouts
  }

  /// Returns nil, or why no connection can be tried with what is there now.
  func apply(to handle: EasyHandle, secondsLeft: Double) -> Fault? {
    handle.setCommon(caFile: caFile)
    handle.set(CURLOPT_URL, url)
    handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    handle.set(CURLOPT_CONNECT_ONLY, 1)
    handle.set(CURLOPT_USE_SSL, Int((requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(min(timeouts.connect, secondsLeft)))
    handle.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(timeouts.reply.rounded(.up)))
    handle.set(CURLOPT_TIMEOUT_MS, Self.milliseconds(min(timeouts.connect + timeouts.reply, secondsLeft)))
    if let login { handle.set(CURLOPT_LOGIN_OPTIONS, login.mechanisms) }
    switch login {
    case .password(let user, let password):
      handle.set(CURLOPT_USERNAME, user)
      handle.set(CURLOPT_PASSWORD, password)
    case .token(let user, let read):
      guard let token = read(), !Self.holdsControls(token) else {
        return Fault(
          code: "auth-no-token", detail: "the access token cannot be read, or is not one line",
          concernsDestination: true)
      }
      handle.set(CURLOPT_USERNAME, user)
      handle.set(CURLOPT_XOAUTH2_BEARER, token)
    case nil: break
    }
    return nil
  }

  private static func holdsControls(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
  }

  var usesTLS: Bool { requiresTLS || url.hasPrefix("smtps:") }
  var logsIn: Bool { login != nil }

  private static func milliseconds(_ seconds: Double) -> Int { max(1, Int((seconds * 1000).rounded(.up))) }

  /// What EHLO says: this machine's name, if it is one (RFC 5321 4.1.1.1).
  private static func ownName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let isName = name.utf8.allSatisfy { byte in
      byte < 0x80
        && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."))
    }
    return isName && !name.isEmpty ? name : "localhost"
  }
}
