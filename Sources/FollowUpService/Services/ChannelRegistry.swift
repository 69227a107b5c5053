internal import FollowUpCore
internal import FollowUpDelivery
internal import FollowUpStore

/// A channel whose settings its adapter will not take.
struct ChannelFault: Error, Sendable, Equatable {
  var key: String
  var why: String
  var hint: String
}

extension Settings {
  /// The keys whose secrets systemd copies at start alone, of the channels that are in use (promise 42).
  var keysOfCredentials: [String] {
    guard delivery.usesChannels else { return [] }
    return channels.values.sorted { $0.name < $1.name }.flatMap { channel -> [String] in
      let key = "channels.\(channel.name)"
      func password(_ secret: Secret?) -> [String] {
        if case .credential = secret { ["\(key).password_credential"] } else { [] }
      }
      switch channel.adapter {
      // A token is read at each connection: no restart helps it.
      case .smtp(let smtp): return password(smtp.password)
      case .webhook(let webhook):
        return password(webhook.password) + (webhook.signingCredentials.isEmpty ? [] : ["\(key).signing_credentials"])
      case .maildir: return []
      }
    }
  }
}

extension DeliverySettings {
  /// Trial writes to one folder: what a channel needs to reach patients may still be missing.
  var usesChannels: Bool { mode == .live || !trialRecipients.isEmpty }
}

/// Builds the adapters that a configuration names: a new kind of adapter is one case here.
struct ChannelRegistry: Sendable {
  let credentials: Credentials
  let clock: any Clock

  /// - Throws: `MissingCredential`, `ChannelFault`.
  func channels(_ settings: Settings, stateDirectory: StateDirectory) throws -> Channels {
    var entries: [String: Channels.Entry] = [:]
    for (name, channel) in settings.channels where settings.delivery.usesChannels {
      entries[name] = Channels.Entry(
        adapter: try adapter(channel, settings), kind: channel.adapter.kind,
        traits: Channels.Traits(
          schedule: schedule(channel.adapter), isIdempotent: channel.adapter.isIdempotent, perMinute: channel.perMinute)
      )
    }
    return Channels(entries: entries, trial: try maildir(stateDirectory.trialMaildir, settings))
  }

  /// - Throws: `MissingCredential`, `ChannelFault`.
  func adapter(_ channel: ChannelSettings, _ settings: Settings) throws -> any Adapter {
    let key = "channels.\(channel.name)"
    do {
      switch channel.adapter {
      case .smtp(let smtp):
        return try SMTPAdapter(
          SMTPSettings(
            url: smtp.url, tls: smtp.tls == .none ? .none : .starttls, from: smtp.from, user: smtp.user,
            password: try smtp.password.map { try credentials.text($0, key: "\(key).password_credential") },
            token: try smtp.token.map { try token($0, key: "\(key).token_credential") },
            unsubscribeMailto: smtp.unsubscribeMailto, linksBaseURL: baseURL(settings), caFile: smtp.caFile,
            maxConnections: settings.delivery.maxConnections))
      case .webhook(let webhook):
        return try WebhookAdapter(
          WebhookSettings(
            url: webhook.url, preset: webhook.preset.text, sender: webhook.from,
            signingSecrets: try webhook.signingCredentials.map {
              try credentials.text(.credential($0), key: "\(key).signing_credentials")
            },
            user: webhook.user,
            password: try webhook.password.map { try credentials.text($0, key: "\(key).password_credential") },
            caFile: webhook.caFile, allowNetworks: webhook.allowNetworks, responseID: webhook.responseID,
            maxConnections: settings.delivery.maxConnections, now: { clock.now() }))
      case .maildir(let maildir): return try self.maildir(maildir.path, settings)
      }
    } catch let error as AdapterSettingsError {
      throw ChannelFault(key: "\(key).\(error.key)", why: error.problem, hint: error.remedy)
    }
  }

  /// Reads the token once, so that one that is missing is known at once, and again whenever it is needed.
  private func token(_ secret: Secret, key: String) throws(MissingCredential) -> @Sendable () -> String? {
    _ = try credentials.text(secret, key: key)
    return { [credentials] in try? credentials.text(secret, key: key) }
  }

  private func maildir(_ path: String, _ settings: Settings) throws -> MaildirAdapter {
    try MaildirAdapter(MaildirSettings(path: path, from: sender(settings), linksBaseURL: baseURL(settings)))
  }

  private func schedule(_ adapter: AdapterSettings) -> RetrySchedule {
    if case .webhook = adapter { return .webhook }
    return .mail
  }

  private func baseURL(_ settings: Settings) -> String? {
    settings.links.baseURL.isEmpty ? nil : settings.links.baseURL
  }

  /// Mail in a folder looks like the clinic's mail, where it has some.
  private func sender(_ settings: Settings) -> String? {
    settings.channels.values.sorted { $0.name < $1.name }.lazy.compactMap { channel in
      if case .smtp(let smtp) = channel.adapter { smtp.from } else { nil }
    }.first
  }
}
