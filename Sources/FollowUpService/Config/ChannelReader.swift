internal import FollowUpCore

/// Reads `[channels.NAME]`: which keys there are depends on the adapter.
struct ChannelReader {
  let name: String
  let section: Section

  /// nil where something is wrong, which is reported.
  func read() -> ChannelSettings? {
    defer { section.close() }
    if name == "phone" {
      section.log.report(
        section.file, section.line, section.path.description, "the channel phone is for people",
        "remove the section: staff call, no adapter does")
    }
    guard section.require("adapter", example: "\"smtp\", \"webhook\" or \"maildir\""),
      let kind = section.choice("adapter", Kind.self)
    else {
      // Which keys there may be is not known; only those that no adapter has are at fault.
      for key in Self.keysOfAnyAdapter { _ = section.node(key) }
      return nil
    }
    let perMinute = section.integer("per_minute", in: 0...100_000) ?? 120
    let adapter: AdapterSettings? =
      switch kind {
      case .smtp: smtp().map(AdapterSettings.smtp)
      case .webhook: webhook().map(AdapterSettings.webhook)
      case .maildir: maildir().map(AdapterSettings.maildir)
      }
    return adapter.map { ChannelSettings(name: name, adapter: $0, perMinute: perMinute) }
  }

  private static let keysOfAnyAdapter = [
    "url", "tls", "from", "user", "password_credential", "password_file", "token_credential", "token_file",
    "per_minute", "unsubscribe_mailto", "preset", "signing_credentials", "ca_file", "idempotent", "allow_networks",
    "replies", "response_id",
    "path",
  ]

  private enum Kind: String, CaseIterable {
    case smtp, webhook, maildir
  }

  private func smtp() -> SMTPChannel? {
    let url = section.required("url", example: "\"smtp://mail.example.org:587\"")
    let from = section.required("from", example: "\"Your Clinic <reminders@example.org>\"")
    var channel = SMTPChannel(url: url ?? "", from: from ?? "")
    channel.tls = section.choice("tls", SMTPChannel.TLS.self) ?? .starttls
    if let url { checkServer(url, tls: channel.tls) }
    if let from, !Self.isMailbox(from) {
      section.report("from", "'\(from)' is no sender", "write \"Your Clinic <reminders@example.org>\"")
    }
    (channel.user, channel.password, channel.token) = login(["password", "token"])
    if channel.user == nil, channel.password != nil || channel.token != nil {
      let kind = channel.password != nil ? "password" : "token"
      section.report(keys(of: kind)[0], "there is no user for the \(kind)", "write user = \"NAME\"")
    }
    if let node = section.node("unsubscribe_mailto"), section.text("unsubscribe_mailto") != "" {
      channel.unsubscribeMailto = section.address(node, channel: "email", country: "")?.typed
    }
    channel.caFile = absolutePath("ca_file")
    return url != nil && from != nil ? channel : nil
  }

  private func checkServer(_ text: String, tls: SMTPChannel.TLS) {
    guard let url = ServerURL(text), ["smtp", "smtps"].contains(url.scheme), ["", "/"].contains(url.path) else {
      section.report("url", "'\(text)' is no URL of a mail server", "write \"smtp://HOST:587\" or \"smtps://HOST:465\"")
      return
    }
    if url.hasUserInfo { reportUserInfo() }
    if tls == .none, url.scheme == "smtp", !url.isLoopback {
      section.report(
        "tls", "without TLS, messages to \(url.host) could be read on their way",
        "write tls = \"starttls\"; \"none\" is for a relay on this machine")
    }
    if tls == .none, url.scheme == "smtps" {
      section.report("tls", "an smtps:// server always has TLS", "remove the key, or write smtp:// in url")
    }
  }

  private func webhook() -> WebhookChannel? {
    let url = section.required("url", example: "\"https://gateway.example.org/messages\"")
    var channel = WebhookChannel(url: url ?? "")
    channel.preset = preset()
    channel.from = section.text("from").flatMap { $0.isEmpty ? nil : $0 }
    channel.signingCredentials = (section.list("signing_credentials", credentialName)) ?? []
    (channel.user, channel.password, _) = login(["password"])
    channel.caFile = absolutePath("ca_file")
    channel.idempotent = section.flag("idempotent") ?? true
    channel.allowNetworks = section.list("allow_networks", network) ?? []
    channel.replies = section.choice("replies", WebhookChannel.Replies.self) ?? .none
    channel.responseID = section.text("response_id").flatMap { $0.isEmpty ? nil : $0 }
    if let url { checkGateway(url, channel) }
    return url == nil ? nil : channel
  }

  private func preset() -> WebhookChannel.Preset {
    guard let text = section.filled("preset", example: "\"json\"") else { return .json }
    switch text {
    case "json": return .json
    case "form": return .form
    case "twilio": return .twilio
    default:
      // A body template of the clinic's own has at least a gap for the text in it.
      if text.contains("{{") {
        checkBody(text)
        return .own(text)
      }
      let hint = Spelling.nearest(to: text, among: ["json", "form", "twilio"]).map { "did you mean \"\($0)\"?" }
      section.report(
        "preset", "there is no preset '\(text)'",
        hint ?? "write \"json\", \"form\" or \"twilio\", or a body with {{…}} in it")
      return .json
    }
  }

  private func checkBody(_ text: String) {
    let names = WebhookChannel.Preset.placeholders
    var used: Set<String> = []
    for part in text.split(separator: "{{", omittingEmptySubsequences: false).dropFirst() {
      guard let close = part.firstRange(of: "}}") else {
        section.report("preset", "a placeholder is not closed", "write it as {{text}}")
        return
      }
      let name = part[..<close.lowerBound].trimmed
      if !used.insert(name).inserted || names.contains(name) { continue }
      let hint = Spelling.nearest(to: name, among: names).map { "did you mean {{\($0)}}?" }
      section.report(
        "preset", "there is no placeholder {{\(name)}}",
        hint ?? "use " + names.map { "{{\($0)}}" }.joined(separator: ", "))
    }
    if !used.isSuperset(of: ["to", "text"]), used.isSubset(of: names) {
      section.report("preset", "the body has no place for address and text", "write {{to}} and {{text}} into it")
    }
  }

  private func checkGateway(_ text: String, _ channel: WebhookChannel) {
    guard let url = ServerURL(text), ["http", "https"].contains(url.scheme) else {
      section.report("url", "'\(text)' is no URL of a webhook", "write \"https://HOST/PATH\"")
      return
    }
    if url.hasUserInfo { reportUserInfo() }
    if url.scheme == "http", channel.allowNetworks.isEmpty {
      section.report(
        "url", "http:// is for the clinic's own network only",
        "write https://, or the network in allow_networks = [\"192.168.1.0/24\"]")
    }
  }

  private func maildir() -> MaildirChannel? {
    guard section.require("path", example: "\"/var/lib/followupd/paper\"") else { return nil }
    return absolutePath("path", mayBeEmpty: false).map(MaildirChannel.init)
  }

  // MARK: - Parts

  /// The user and what proves it: one secret of one of `kinds`.
  private func login(_ kinds: [String]) -> (user: String?, password: Secret?, token: Secret?) {
    let user = section.text("user").flatMap { $0.isEmpty ? nil : $0 }
    let written = kinds.flatMap(keys(of:))
    for key in written.dropFirst() {
      section.report(key, "there is a \(written[0]) too", "leave one of them")
    }
    let secrets = kinds.map(secret)
    if user != nil, written.isEmpty {
      section.report("user", "there is no password for the user", "write password_credential = \"NAME\"")
    }
    return (user, secrets.first ?? nil, secrets.dropFirst().first ?? nil)
  }

  private func secret(_ kind: String) -> Secret? {
    let credential = section.node("\(kind)_credential").flatMap(credentialName)
    let file = absolutePath("\(kind)_file", mayBeEmpty: false)
    return credential.map(Secret.credential) ?? file.map(Secret.file)
  }

  /// Those of a kind of secret that are written.
  private func keys(of kind: String) -> [String] {
    ["\(kind)_credential", "\(kind)_file"].filter { section.has($0) }
  }

  private func credentialName(_ node: TOMLNode) -> String? {
    guard let text = section.text(node) else { return nil }
    let isName = !text.isEmpty && !text.hasPrefix(".") && text.utf8.allSatisfy { TOMLPath.isBare($0) || $0 == 0x2E }
    if isName { return text }
    section.report(node, "'\(text)' is no name of a credential", "write the name of a file in $CREDENTIALS_DIRECTORY")
    return nil
  }

  private func network(_ node: TOMLNode) -> String? {
    guard let text = section.text(node) else { return nil }
    if IPNetwork.isNetwork(text) { return text }
    section.report(node, "'\(text)' is no network", "write a CIDR without host bits, as in \"192.168.1.0/24\"")
    return nil
  }

  private func absolutePath(_ key: String, mayBeEmpty: Bool = true) -> String? {
    guard let text = section.text(key), !text.isEmpty || !mayBeEmpty else { return nil }
    if text.hasPrefix("/"), !text.split(separator: "/").contains("..") { return text }
    section.report(key, "'\(text)' is no whole path", "write it from / on, without ..")
    return nil
  }

  private func reportUserInfo() {
    section.report(
      "url", "it holds a user or password, which everyone who reads this file would see",
      "write user and password_credential instead")
  }

  /// `Name <address>`, or an address (RFC 5322 3.4).
  private static func isMailbox(_ text: String) -> Bool {
    var address = text
    if let open = text.lastIndex(of: "<") {
      guard text.hasSuffix(">"), !text[..<open].contains(where: { "<>\n".contains($0) }) else { return false }
      address = String(text[text.index(after: open)...].dropLast())
    }
    return (try? EmailAddress.normalise(address)) != nil
  }
}
