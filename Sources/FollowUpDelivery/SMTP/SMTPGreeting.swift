internal import CCurl
internal import FollowUpCore

/// What the server said while libcurl made the connection: the extensions it offers, or why it would not have us.
final class SMTPGreeting {
  private var reader = SMTPReplyReader()
  private var last: SMTPReply?
  private var extensions: Set<String> = []
  /// The server took our login (RFC 4954 6).
  private(set) var isLoggedIn = false
  /// It could not do something now.
  private var hasPassingTrouble = false

  func take(_ bytes: UnsafeRawBufferPointer) {
    reader.append(bytes)
    while let reply = try? reader.next() {
      last = reply
      if reply.code == 235 { isLoggedIn = true }
      if (400..<500).contains(reply.code) { hasPassingTrouble = true }
      // A greeting and a STARTTLS both void what was offered before (RFC 3207 4.2).
      if reply.code == 220 { extensions = [] }
      guard reply.code == 250 else { continue }
      extensions = Set(
        reply.lines.dropFirst().compactMap { $0.split(separator: " ").first?.uppercased() })
    }
  }

  func offers(_ name: String) -> Bool { extensions.contains(name) }

  /// The verdict of a connection that libcurl made ready without the login that is configured, for it saw none offered. A
  /// relay would refuse patients' addresses then, one by one.
  var outcomeWithoutLogin: Outcome {
    let fault = Fault(code: "auth-unsupported", detail: "the server offers no login", concernsDestination: true)
    return hasPassingTrouble ? .retry(after: nil, fault) : .misconfigured(fault)
  }

  /// The verdict of a connection that libcurl could not make ready; nothing was sent.
  func outcome(_ result: CURLcode, handle: EasyHandle) -> Outcome {
    if result == CURLE_ABORTED_BY_CALLBACK { return .withdrawn }
    let refusal = last.flatMap { $0.code >= 400 ? $0 : nil }
    let words = refusal.map { ReplyText.redacted($0.text, addresses: []) } ?? ConnectFault.detail(result)
    func fault(_ code: String) -> Fault { Fault(code: code, detail: words, concernsDestination: true) }
    let isPassing = refusal.map { $0.code < 500 } ?? false
    switch result {
    case CURLE_USE_SSL_FAILED:
      return isPassing ? .retry(after: nil, fault("tls-unavailable")) : .misconfigured(fault("tls-missing"))
    case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR:
      // 334 with words instead of a refusal is how some answer to a token that they do not take.
      let last = refusal ?? self.last.flatMap { $0.code == 334 ? $0 : nil }
      let code = last.map { "auth-\($0.stableCode)" } ?? "auth-unsupported"
      return isPassing ? .retry(after: nil, fault(code)) : .misconfigured(fault(code))
    case CURLE_WEIRD_SERVER_REPLY:
      return .retry(after: nil, fault(refusal.map { "greeting-\($0.stableCode)" } ?? "protocol"))
    case CURLE_REMOTE_ACCESS_DENIED:
      return .retry(after: nil, fault(refusal.map { "ehlo-\($0.stableCode)" } ?? "protocol"))
    case CURLE_SSL_CACERT_BADFILE, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN:
      return .misconfigured(fault(ConnectFault.code(result, handle: handle)))
    default:
      return .retry(after: nil, fault(ConnectFault.code(result, handle: handle)))
    }
  }
}
