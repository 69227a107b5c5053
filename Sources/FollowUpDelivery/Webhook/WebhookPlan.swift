internal import CCurl
internal import FollowUpCore
internal import FollowUpDigest

/// The settings in the shape that a request needs, checked once.
struct WebhookPlan: Sendable {
  let policy: AddressPolicy
  let body: WebhookBody
  let responseID: String
  let now: @Sendable () -> Instant
  private let url: String
  private let signature: WebhookSignature
  private let authorization: String?
  private let login: (user: String, password: String)?
  private let caFile: String?
  private let timeouts: WebhookSettings.Timeouts

  /// - Throws: the setting at fault.
  init(_ settings: WebhookSettings) throws(AdapterSettingsError) {
    guard let url = EndpointURL(settings.url), ["https", "http"].contains(url.scheme) else {
      throw AdapterSettingsError(
        key: "url", problem: "not an https address, or with a password in it",
        remedy: "write it as https://gateway.example.org/messages; logins have their own keys")
    }
    var networks: [Network] = []
    for text in settings.allowNetworks {
      guard let network = Network(text) else {
        throw AdapterSettingsError(
          key: "allow_networks", problem: "\(text.prefix(60)) is not a range of addresses",
          remedy: "write it as 192.168.10.0/24")
      }
      networks.append(network)
    }
    guard url.scheme == "https" || !networks.isEmpty else {
      throw AdapterSettingsError(
        key: "url", problem: "http would send patients' messages in plain text",
        remedy: "use https, or name the clinic's own network in allow_networks")
    }
    policy = AddressPolicy(allowing: networks, onlyListed: url.scheme == "http")
    do {
      signature = try WebhookSignature(secrets: settings.signingSecrets)
    } catch {
      throw AdapterSettingsError(
        key: "signing_credentials", problem: "key \(error.index + 1) is not base64 of 24 to 64 bytes",
        remedy: "make one with: echo whsec_$(head -c 32 /dev/urandom | base64)")
    }
    for (key, value) in [("user", settings.user), ("password_credential", settings.password)] {
      guard let value, value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else { continue }
      throw AdapterSettingsError(key: key, problem: "holds control characters", remedy: "write it on one line")
    }
    switch (settings.user, settings.password) {
    case (let user?, let password?): (login, authorization) = ((user, password), nil)
    case (nil, let token?): (login, authorization) = (nil, "Authorization: Bearer \(token)")
    case (_?, nil):
      throw AdapterSettingsError(
        key: "password_credential", problem: "a user without a password",
        remedy: "add password_credential or password_file")
    case (nil, nil): (login, authorization) = (nil, nil)
    }
    body = try WebhookBody(preset: settings.preset, sender: settings.sender)
    responseID = settings.responseID ?? (body.isTwilio ? "sid" : "id")
    caFile = try checkedCAFile(settings.caFile)
    self.url = settings.url
    timeouts = settings.timeouts
    now = settings.now
  }

  var usesTLS: Bool { url.lowercased().hasPrefix("https:") }
  /// The gateway can tell from a request whether it is ours.
  var logsIn: Bool { login != nil || authorization != nil || signature.signs }

  func apply(to handle: EasyHandle, message: RenderedMessage) {
    handle.setCommon(caFile: caFile)
    handle.set(CURLOPT_URL, url)
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
    // One request at a time on a connection, so that its end is the end of this message alone.
    handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    handle.set(CURLOPT_POST, 1)
    handle.set(CURLOPT_POSTFIELDSIZE, message.body.count)
    var content = message.body
    content.withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { handle.set(CURLOPT_COPYPOSTFIELDS, start) }
    }
    handle.set(CURLOPT_HTTPHEADER, headers(message))
    handle.set(CURLOPT_USERAGENT, "followupd")
    if let login {
      handle.set(CURLOPT_USERNAME, login.user)
      handle.set(CURLOPT_PASSWORD, login.password)
    }
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(timeouts.connect * 1000)))
    handle.set(CURLOPT_TIMEOUT_MS, max(1, Int(timeouts.total * 1000)))
    handle.set(CURLOPT_MAXAGE_CONN, max(1, Int(timeouts.reuse)))
  }

  private func headers(_ message: RenderedMessage) -> [String] {
    let timestamp = now().seconds
    var headers = [
      "Content-Type: \(body.contentType)", "Accept: application/json", "Expect:",
      "webhook-id: \(message.identity)", "webhook-timestamp: \(timestamp)", "Idempotency-Key: \(message.identity)",
    ]
    if signature.signs {
      headers.append(
        "webhook-signature: " + signature.header(id: message.identity, timestamp: timestamp, body: message.body))
    }
    if let authorization { headers.append(authorization) }
    return headers
  }
}
