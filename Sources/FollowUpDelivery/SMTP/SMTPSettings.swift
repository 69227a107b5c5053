/// What the `smtp` adapter is told: plain values, checked when the adapter is made.
package struct SMTPSettings: Sendable {
  /// How the connection of an `smtp://` address is protected.
  package enum TLS: String, Sendable {
    /// STARTTLS is required; without it nothing is sent.
    case starttls
    /// Plain text; only to this machine.
    case none
  }

  /// How long it waits, in seconds.
  package struct Timeouts: Sendable {
    package var connect: Double
    /// For each reply of the server, from its request to its last byte.
    package var reply: Double
    /// For one message in all, so that a peer at one byte a second holds no worker.
    package var total: Double
    /// How long an idle connection is kept.
    package var idle: Double

    package init(connect: Double = 30, reply: Double = 60, total: Double = 180, idle: Double = 15) {
      self.connect = connect
      self.reply = reply
      self.total = total
      self.idle = idle
    }
  }

  /// `smtp://host:port` or `smtps://host:port`.
  package var url: String
  package var tls: TLS
  /// `Name <local@domain>`.
  package var from: String
  package var user: String?
  package var password: String?
  /// Instead of a password: reads the OAuth 2.0 access token in force, for each connection; nil if there is none.
  package var token: (@Sendable () -> String?)?
  package var unsubscribeMailto: String?
  /// The answer page; nil or empty: the headers that need it are left out.
  package var linksBaseURL: String?
  /// Certificates to trust beside the system's.
  package var caFile: String?
  package var maxConnections: Int
  package var timeouts: Timeouts

  package init(
    url: String, tls: TLS = .starttls, from: String, user: String? = nil, password: String? = nil,
    token: (@Sendable () -> String?)? = nil, unsubscribeMailto: String? = nil, linksBaseURL: String? = nil,
    caFile: String? = nil, maxConnections: Int = 8, timeouts: Timeouts = Timeouts()
  ) {
    self.url = url
    self.tls = tls
    self.from = from
    self.user = user
    self.password = password
    self.token = token
    self.unsubscribeMailto = unsubscribeMailto
    self.linksBaseURL = linksBaseURL
    self.caFile = caFile
    self.maxConnections = maxConnections
    self.timeouts = timeouts
  }
}
