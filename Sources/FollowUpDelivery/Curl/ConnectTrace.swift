internal import CCurl
internal import FollowUpCore

/// What libcurl tells of one connection while it is made: how long each stage took, and what was agreed on.
final class ConnectTrace {
  /// A connection was tried: the stages before the failed one were walked.
  private var isTried = false
  private var resolved = 0.0
  private var connected = 0.0
  private var secured = 0.0
  private var protocolName: String?
  private var mechanism: String?
  private let started = ContinuousClock.now

  /// Seconds since the test began.
  var elapsed: Double { -Deadline.seconds(until: started) }

  /// Listens to `handle`, which must not outlive it.
  func listen(to handle: EasyHandle) {
    isTried = true
    handle.set(CURLOPT_VERBOSE, 1)
    handle.set(CURLOPT_DEBUGDATA, Unmanaged.passUnretained(self).toOpaque())
    _ = followup_set_debug_function(handle.pointer) { _, kind, bytes, count, context in
      guard let bytes, let context else { return 0 }
      let text = UnsafeRawBufferPointer(start: bytes, count: count).prefix(200)
      let trace = Unmanaged<ConnectTrace>.fromOpaque(context).takeUnretainedValue()
      trace.hear(kind, String(decoding: text, as: UTF8.self))
      return 0
    }
  }

  /// Takes the times once libcurl is done.
  func take(_ handle: EasyHandle) {
    resolved = handle.seconds(CURLINFO_NAMELOOKUP_TIME_T)
    connected = handle.seconds(CURLINFO_CONNECT_TIME_T)
    // Of a connection that failed later libcurl does not tell it.
    secured = max(secured, handle.seconds(CURLINFO_APPCONNECT_TIME_T))
    // What libcurl says when it closes the connection may come when nobody listens any more.
    handle.set(CURLOPT_VERBOSE, 0)
  }

  /// The stages up to a standing connection; the failed one alone where none was tried.
  /// - Parameter fault: why there is none; nil: there is.
  func stages(tls: Bool, login: Bool, fault: Fault?) -> [TestStage] {
    let total = elapsed
    let failed = fault.map { Self.stage(of: $0.code) }
    var stages: [TestStage] = []
    var before = 0.0
    for (name, end, code) in [
      (TestStage.Name.resolve, resolved, nil), (.connect, connected, nil), (.tls, secured, protocolName),
      (.login, total, mechanism),
    ] where name != .tls || tls {
      if let failed, !isTried, name != failed { continue }
      if name == failed {
        stages.append(TestStage(name, passed: false, seconds: max(0, total - before), code: fault?.code))
        break
      }
      if name == .login, !login { break }
      let end = max(end, before)
      stages.append(TestStage(name, passed: true, seconds: end - before, code: code))
      before = end
    }
    return stages
  }

  /// The stage that a code of `ConnectFault` and `SMTPGreeting` belongs to. A greeting is refused by who took the connection.
  private static func stage(of code: String) -> TestStage.Name {
    if code == "no-such-host" { return .resolve }
    if code.hasPrefix("tls-") || code == "ca-file" { return .tls }
    if code.hasPrefix("auth-") { return .login }
    return .connect
  }

  private func hear(_ kind: curl_infotype, _ text: String) {
    switch kind {
    case CURLINFO_TEXT:
      if let range = text.firstRange(of: "SSL connection using ") {
        protocolName = text[range.upperBound...].split(separator: " ").first.map(String.init)
        secured = elapsed
      }
    case CURLINFO_HEADER_OUT:
      // The word after AUTH alone: what follows is the password.
      let words = text.split(separator: " ", maxSplits: 2)
      guard words.count > 1, words[0] == "AUTH" else { return }
      mechanism = words[1].split(whereSeparator: \.isWhitespace).first.map(String.init)
    default: break
    }
  }
}
