package import FollowUpCore

/// Writes settings as a `followupd.toml` that reads back to the same: `--print-config`, `config show`.
package struct ConfigurationPrinter {
  private var lines: [String] = []

  /// Every key with the value that holds, defaults included. Plans and templates are named in comments: they are files.
  package static func text(of settings: Settings) -> String {
    var printer = ConfigurationPrinter()
    printer.print(settings)
    return printer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func print(_ settings: Settings) {
    lines.append("# plans: " + settings.plans.keys.sorted().joined(separator: ", "))
    lines.append("# templates: " + settings.templates.all.map(\.fileName).joined(separator: ", "))
    clinic(settings.clinic)
    delivery(settings.delivery)
    contactHours(settings.contactHours)
    table("budget")
    number("per_address_per_day", settings.budget.perAddressPerDay)
    number("per_address_per_week", settings.budget.perAddressPerWeek)
    text("bundle_within", settings.budget.bundleWithin.description)
    table("languages")
    list("fallback", settings.languages.fallback)
    for (_, channel) in settings.channels.sorted(by: { $0.key < $1.key }) { self.channel(channel) }
    table("links")
    text("base_url", settings.links.baseURL)
    for (name, role) in settings.roles.sorted(by: { $0.key < $1.key }) { self.role(name, role) }
    for (name, staff) in settings.staff.sorted(by: { $0.key < $1.key }) {
      table("staff.\(name)")
      text("title", staff.title)
      list("roles", staff.roles)
      list("users", staff.users)
    }
    for (name, clinician) in settings.clinicians.sorted(by: { $0.key < $1.key }) {
      table("clinicians.\(name)")
      text("title", clinician.title)
    }
    access(settings.access)
    table("retention")
    text("message_bodies", settings.retention.messageBodies.description)
  }

  private mutating func clinic(_ clinic: Clinic) {
    table("clinic")
    text("name", clinic.name)
    text("zone", clinic.zone)
    text("language", clinic.language)
    text("country", clinic.country)
    text("phone", clinic.phone)
    text("hours", clinic.hours.description)
    list("working_days", clinic.workingDays.sorted().map(\.shortName))
    text("working_hours", clinic.workingHours.description)
    text("default_plan", clinic.defaultPlan)
  }

  private mutating func delivery(_ delivery: DeliverySettings) {
    table("delivery")
    text("mode", delivery.mode.rawValue)
    list("trial_recipients", delivery.trialRecipients)
    number("backlog_limit", delivery.backlogLimit)
    number("max_connections", delivery.maxConnections)
  }

  private mutating func contactHours(_ hours: ContactHoursSettings) {
    table("contact_hours")
    // Every day by its name: which hours were written for all of them is not kept.
    for day in Weekday.allCases { list(day.name, hours.week.ranges(on: day).map(\.description)) }
    list("notice", hours.notice.ranges(on: .monday).map(\.description))
  }

  private mutating func channel(_ channel: ChannelSettings) {
    table("channels.\(channel.name)")
    text("adapter", channel.adapter.kind)
    switch channel.adapter {
    case .smtp(let smtp): self.smtp(smtp)
    case .webhook(let webhook): self.webhook(webhook)
    case .maildir(let maildir): text("path", maildir.path)
    }
    number("per_minute", channel.perMinute)
  }

  private mutating func smtp(_ smtp: SMTPChannel) {
    text("url", smtp.url)
    text("tls", smtp.tls.rawValue)
    text("from", smtp.from)
    credentials(smtp.user, smtp.password)
    secret("token", smtp.token)
    if let address = smtp.unsubscribeMailto { text("unsubscribe_mailto", address) }
    if let file = smtp.caFile { text("ca_file", file) }
  }

  private mutating func webhook(_ webhook: WebhookChannel) {
    text("url", webhook.url)
    text("preset", webhook.preset.text)
    if let from = webhook.from { text("from", from) }
    list("signing_credentials", webhook.signingCredentials)
    credentials(webhook.user, webhook.password)
    if let file = webhook.caFile { text("ca_file", file) }
    flag("idempotent", webhook.idempotent)
    list("allow_networks", webhook.allowNetworks)
    text("replies", webhook.replies.rawValue)
    if let path = webhook.responseID { text("response_id", path) }
  }

  private mutating func credentials(_ user: String?, _ password: Secret?) {
    if let user { text("user", user) }
    secret("password", password)
  }

  private mutating func secret(_ kind: String, _ secret: Secret?) {
    switch secret {
    case .credential(let name): text("\(kind)_credential", name)
    case .file(let path): text("\(kind)_file", path)
    case nil: break
    }
  }

  private mutating func role(_ name: String, _ role: Role) {
    table("roles.\(name)")
    number("daily_capacity", role.dailyCapacity)
    text("reserve", "\(role.reservePercent)%")
    list("notify", role.notify)
    text("notify_when", role.notifyWhen.rawValue)
    text("digest", role.digest.description)
  }

  private mutating func access(_ access: Access) {
    table("access")
    text("admin_group", access.adminGroup)
    text("staff_group", access.staffGroup)
    text("monitor_group", access.monitorGroup)
    text("inbound_group", access.inboundGroup)
  }

  // MARK: - TOML

  private mutating func table(_ name: String) { lines += ["", "[\(name)]"] }
  private mutating func number(_ key: String, _ value: Int) { lines.append("\(key) = \(value)") }
  private mutating func flag(_ key: String, _ value: Bool) { lines.append("\(key) = \(value)") }
  private mutating func text(_ key: String, _ value: String) { lines.append("\(key) = \(Self.quoted(value))") }

  private mutating func list(_ key: String, _ values: [String]) {
    lines.append("\(key) = [\(values.map(Self.quoted).joined(separator: ", "))]")
  }

  /// A basic string (TOML 1.0).
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
