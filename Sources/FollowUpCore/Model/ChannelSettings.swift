/// `[channels.NAME]`: the adapter that serves a channel.
package struct ChannelSettings: Sendable, Hashable {
  package var name: String
  package var adapter: AdapterSettings
  /// Messages a minute; 0: no limit.
  package var perMinute: Int

  package init(name: String, adapter: AdapterSettings, perMinute: Int = 120) {
    self.name = name
    self.adapter = adapter
    self.perMinute = perMinute
  }
}

/// The settings of a channel's adapter, as written; secrets are named, not read.
package enum AdapterSettings: Sendable, Hashable {
  case smtp(SMTPChannel)
  case webhook(WebhookChannel)
  case maildir(MaildirChannel)

  /// The word in the configuration.
  package var kind: String {
    switch self {
    case .smtp: "smtp"
    case .webhook: "webhook"
    case .maildir: "maildir"
    }
  }

  /// A peer that recognises a repeated identity may be asked again after doubt (`delivery.md`, Doubt).
  package var isIdempotent: Bool {
    if case .webhook(let webhook) = self { return webhook.idempotent }
    return false
  }
}

extension AdapterSettings {
  /// Whether a message can be addressed so: mail to a mailbox whose name is not ASCII would need SMTPUTF8 (RFC 6531) at
  /// every server on its way, and where one lacks it the message comes back to nobody.
  package func canAddress(_ normalised: String) -> Bool {
    guard case .smtp = self else { return true }
    return EmailAddress.hasPlainMailbox(normalised)
  }
}

/// Where a secret lies. It is read at start and at reload, an access token at each connection too.
package enum Secret: Sendable, Hashable {
  /// A file in `$CREDENTIALS_DIRECTORY`.
  case credential(String)
  /// An absolute path.
  case file(String)
}

/// `adapter = "smtp"`.
package struct SMTPChannel: Sendable, Hashable {
  package enum TLS: String, CaseIterable, Sendable, Hashable {
    case starttls
    /// Loopback relays only.
    case none
  }

  /// `smtp://HOST:PORT`, or `smtps://HOST:PORT` with TLS from the first byte.
  package var url: String
  /// Of no meaning for `smtps://`.
  package var tls = TLS.starttls
  /// `Name <address>`, or an address.
  package var from: String
  package var user: String?
  package var password: Secret?
  /// Instead of a password: an OAuth 2.0 access token, read anew for each connection, as these live for an hour or so.
  package var token: Secret?
  /// An address for List-Unsubscribe.
  package var unsubscribeMailto: String?
  /// Certificates to trust beside the system's; nil: none.
  package var caFile: String?

  package init(url: String, from: String) {
    self.url = url
    self.from = from
  }
}

/// `adapter = "webhook"`.
package struct WebhookChannel: Sendable, Hashable {
  /// The shape of the request's body.
  package enum Preset: Sendable, Hashable {
    case json, form, twilio
    /// A body template of the clinic's own.
    case own(String)

    /// What a body of the clinic's own may ask for; it must have `to` and `text`.
    package static let placeholders = ["id", "channel", "to", "text", "language", "subject", "sender"]

    /// The text in the configuration.
    package var text: String {
      switch self {
      case .json: "json"
      case .form: "form"
      case .twilio: "twilio"
      case .own(let body): body
      }
    }
  }

  package enum Replies: String, CaseIterable, Sendable, Hashable {
    case none
    /// They come in by `inbound reply`, so that messages may offer `C`, `R` and `STOP` (M7).
    case keywords
  }

  /// `https://…`, or `http://…` within `allowNetworks`.
  package var url: String
  package var preset = Preset.json
  /// The sender that the gateway shows, where it wants one.
  package var from: String?
  /// Names of credentials: all sign while keys rotate.
  package var signingCredentials: [String] = []
  /// For basic authentication.
  package var user: String?
  /// Without `user`: a bearer token.
  package var password: Secret?
  package var caFile: String?
  /// The peer recognises a repeated `webhook-id`.
  package var idempotent = true
  /// CIDRs of the clinic's own network that this webhook may reach.
  package var allowNetworks: [String] = []
  package var replies = Replies.none
  /// Where the gateway's own id stands in its answer: keys joined by dots; nil: where the preset has it, else `id`.
  package var responseID: String?

  package init(url: String) { self.url = url }
}

/// `adapter = "maildir"`.
package struct MaildirChannel: Sendable, Hashable {
  /// Absolute.
  package var path: String

  package init(path: String) { self.path = path }
}
