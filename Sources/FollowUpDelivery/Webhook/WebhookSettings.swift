package import FollowUpCore

/// What the `webhook` adapter is told: plain values, checked when the adapter is made.
package struct WebhookSettings: Sendable {
  /// How long it waits, in seconds.
  package struct Timeouts: Sendable {
    package var connect: Double
    /// For one request in all, from its name lookup to the last byte of the answer.
    package var total: Double
    /// How long idle connections are kept.
    package var idle: Double

    /// How old an idle connection may be to be used again. Servers close theirs after five seconds or more, and a
    /// request sent into that is in doubt.
    package var reuse: Double

    package init(connect: Double = 30, total: Double = 60, idle: Double = 15, reuse: Double = 4) {
      self.connect = connect
      self.total = total
      self.idle = idle
      self.reuse = reuse
    }
  }

  /// `https://…`; `http://…` only within `allowNetworks`.
  package var url: String
  /// `json`, `form`, `twilio`, or a body template of the clinic's own (see `WebhookBody`).
  package var preset: String
  /// Who the message is from, for gateways that want a number or a name; nil: the clinic's name.
  package var sender: String?
  /// Secrets of Standard Webhooks, `whsec_…`; several while one is rotated.
  package var signingSecrets: [String]
  /// With `password`: basic authentication.
  package var user: String?
  /// Without `user`: a bearer token.
  package var password: String?
  /// Certificates to trust beside the system's.
  package var caFile: String?
  /// CIDRs of the clinic's own network.
  package var allowNetworks: [String]
  /// Where the gateway's own id stands in its JSON answer, `messages.0.id`; nil: `sid` of Twilio, else `id`.
  package var responseID: String?
  package var maxConnections: Int
  package var timeouts: Timeouts
  /// For the header `webhook-timestamp` and a `Retry-After` that is a date.
  package var now: @Sendable () -> Instant

  package init(
    url: String, preset: String = "json", sender: String? = nil, signingSecrets: [String] = [], user: String? = nil,
    password: String? = nil, caFile: String? = nil, allowNetworks: [String] = [], responseID: String? = nil,
    maxConnections: Int = 8, timeouts: Timeouts = Timeouts(), now: @escaping @Sendable () -> Instant
  ) {
    self.url = url
    self.preset = preset
    self.sender = sender
    self.signingSecrets = signingSecrets
    self.user = user
    self.password = password
    self.caFile = caFile
    self.allowNetworks = allowNetworks
    self.responseID = responseID
    self.maxConnections = maxConnections
    self.timeouts = timeouts
    self.now = now
  }
}
