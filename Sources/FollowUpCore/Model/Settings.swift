/// Everything that a clinic configured, read whole: `followupd.toml`, plans and templates.
package struct Settings: Sendable, Hashable {
  package var clinic: Clinic
  package var delivery = DeliverySettings()
  package var contactHours = ContactHoursSettings()
  package var budget = Budget()
  package var languages = Languages()
  /// By name: `email`, `sms`, …
  package var channels: [String: ChannelSettings] = [:]
  package var links = Links()
  /// By name; `front-desk` and `nurse` are always there.
  package var roles: [String: Role] = Role.always
  /// By name: the `user:` of an owner, the `--as` of a command.
  package var staff: [String: Staff] = [:]
  /// By name: the `--with` of a follow-up.
  package var clinicians: [String: Clinician] = [:]
  package var access = Access()
  package var retention = Retention()
  /// By name, shipped ones included.
  package var plans: [String: Plan] = [:]
  package var templates = TemplateSet()

  package init(clinic: Clinic) { self.clinic = clinic }

  /// The member of the staff who has a user of this machine; the first by name where several share it.
  package func staffName(ofUser user: String) -> String? {
    staff.filter { $0.value.users.contains(user) }.keys.min()
  }
}

/// `[delivery]`: to whom messages go, and how many at once.
package struct DeliverySettings: Sendable, Hashable {
  package var mode = Mode.trial
  /// Normalised addresses that get real messages in trial.
  package var trialRecipients: [String] = []
  /// More overdue reminders than this are held until staff decide (R11).
  package var backlogLimit = 200
  /// Connections of a channel at the same time.
  package var maxConnections = 8

  package init() {}
}

/// `[contact_hours]`: when patients may be written to (R7).
package struct ContactHoursSettings: Sendable, Hashable {
  package var week = ContactHours.standard
  /// The wider hours of a same-day notice (R20).
  package var notice = ContactHours(daily: [.literal("07:00-21:00")])

  package init() {}
}

/// `[budget]`: how many messages are kind (R13).
package struct Budget: Sendable, Hashable {
  package var perAddressPerDay = 2
  package var perAddressPerWeek = 5
  package var bundleWithin = TimeSpan.literal("2h")

  package init() {}
}

/// `[languages]`: where to look for a text that a patient's language does not have.
package struct Languages: Sendable, Hashable {
  /// BCP 47, the first choice first.
  package var fallback = ["en"]

  package init() {}
}

/// `[links]`: the answer page.
package struct Links: Sendable, Hashable {
  /// Without a `/` at its end; empty: messages offer the phone only (M7).
  package var baseURL = ""

  package init() {}
}

/// `[access]`: the groups of this machine that have rights. One that does not exist grants nothing.
package struct Access: Sendable, Hashable {
  package var adminGroup = "followup-admin"
  package var staffGroup = "followup"
  package var monitorGroup = "followup-monitor"
  package var inboundGroup = "followup-inbound"

  package init() {}
}

/// `[retention]`: how long bodies are kept after their message's final state (R22).
package struct Retention: Sendable, Hashable {
  package var messageBodies = TimeSpan.literal("30d")

  package init() {}
}
