/// The configuration of a synthetic clinic, written with the keys of `interface.md`. Any hour is a contact hour, and the
/// budget is out of the way, unless a test says otherwise.
package struct ClinicFile: Sendable {
  package var name = "Riverside Family Practice"
  package var zone = "UTC"
  package var mode = "live"
  package var contactHours = ["00:00-24:00"]
  package var perAddressPerDay = 1000
  package var backlogLimit = 100_000
  package var maxConnections = 8
  /// Further lines of `[clinic]`.
  package var clinic = ""
  /// Whole tables: `[channels.…]`, `[roles.…]`, ….
  package var tables: [String] = []
  /// Plans of the clinic's own, by the name of their file.
  package var plans: [String: String] = ["now": ClinicFile.dueNow]
  /// Texts of the clinic's own, by the name of their file: `visit.el.txt`.
  package var templates: [String: String] = [:]

  package init() {}

  /// A channel `email` over SMTP without TLS to a port of this machine.
  package mutating func email(port: Int, more: String = "") {
    tables.append(
      """
      [channels.email]
      adapter = "smtp"
      url = "smtp://127.0.0.1:\(port)"
      tls = "none"
      from = "Riverside Family Practice <reminders@example.org>"
      per_minute = 0
      \(more)
      """)
  }

  /// A channel `sms` over a signed webhook to a port of this machine.
  package mutating func sms(port: Int, scheme: String = "http", more: String = "") {
    tables.append(
      """
      [channels.sms]
      adapter = "webhook"
      url = "\(scheme)://127.0.0.1:\(port)/messages"
      preset = "json"
      signing_credentials = ["webhook-key"]
      allow_networks = ["127.0.0.0/8"]
      per_minute = 0
      \(more)
      """)
  }

  package var text: String {
    """
    [clinic]
    name = "\(name)"
    zone = "\(zone)"
    language = "en"
    country = "CA"
    phone = "+1 604 555 0100"
    hours = "00:00-24:00"
    default_plan = "now"
    \(clinic)

    [delivery]
    mode = "\(mode)"
    backlog_limit = \(backlogLimit)
    max_connections = \(maxConnections)

    [contact_hours]
    daily = [\(contactHours.map { "\"\($0)\"" }.joined(separator: ", "))]

    [budget]
    per_address_per_day = \(perAddressPerDay)
    per_address_per_week = \(perAddressPerDay)

    \(tables.joined(separator: "\n\n"))
    """
  }

  /// A plan whose one reminder goes 61 minutes before the visit: for a visit in an hour it is due at once and not late.
  package static let dueNow = """
    [plan]
    name = "now"
    title = "Visit"
    [[step]]
    id = "before"
    at = "-61m"
    template = "visit"
    """

  /// A plan whose one reminder goes at the minute of the visit itself.
  package static let atAnchor = """
    [plan]
    name = "at-anchor"
    title = "Visit"
    [[step]]
    id = "at"
    at = "+0m"
    when = "expected"
    template = "visit"
    """
}
