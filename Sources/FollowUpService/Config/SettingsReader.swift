internal import FollowUpCore

/// Reads `followupd.toml`: every section but plans and templates, which are files of their own.
struct SettingsReader {
  let file: String
  let log: FaultLog
  let zones: any ZoneSource

  /// Settings with defaults where something is missing or wrong; what is wrong is in the log.
  func read(_ root: Section) -> Settings {
    let clinic = clinic(root.section("clinic"))
    var settings = Settings(clinic: clinic)
    settings.delivery = delivery(root.section("delivery"), country: clinic.country)
    settings.contactHours = contactHours(root.section("contact_hours"))
    settings.budget = budget(root.section("budget"))
    settings.languages = languages(root.section("languages"))
    for (name, section) in root.named("channels") {
      settings.channels[name] = ChannelReader(name: name, section: section).read()
    }
    settings.links = links(root.section("links"))
    for (name, section) in root.named("roles") { settings.roles[name] = StaffReader.role(section) }
    let roles = Set(settings.roles.keys)
    for (name, section) in root.named("staff") {
      settings.staff[name] = StaffReader.staff(name, section, roles: roles)
    }
    for (name, section) in root.named("clinicians") {
      settings.clinicians[name] = Clinician(title: section.filled("title", example: "\"Dr Lee\"") ?? name)
      section.close()
    }
    settings.access = access(root.section("access"))
    settings.retention = retention(root.section("retention"))
    root.close()
    return settings
  }

  private func clinic(_ section: Section) -> Clinic {
    defer { section.close() }
    let neutral = Clinic.neutral
    let name = section.required("name", example: "\"Riverside Family Practice\"")
    let zone = section.required("zone", example: "\"America/Vancouver\"")
    var clinic = Clinic(
      name: name ?? neutral.name,
      zone: zone ?? neutral.zone,
      phone: section.required("phone", example: "\"+1 604 555 0100\"") ?? neutral.phone)
    if let zone { checkZone(zone, section) }
    checkLine("name", clinic.name, section)
    checkLine("phone", clinic.phone, section)
    if section.has("phone"), !clinic.phone.isEmpty, clinic.phone.filter(\.isNumber).count < 3 {
      section.report("phone", "'\(clinic.phone)' is no phone number", "write it as patients are to dial it")
    }
    clinic.language = language("language", section) ?? clinic.language
    clinic.country = country(section) ?? clinic.country
    clinic.hours = section.value("hours", .hours) ?? clinic.hours
    clinic.workingDays = workingDays(section) ?? clinic.workingDays
    clinic.workingHours = section.value("working_hours", .hours) ?? clinic.workingHours
    clinic.defaultPlan = section.filled("default_plan", example: "\"appointment\"") ?? clinic.defaultPlan
    return clinic
  }

  private func checkZone(_ name: String, _ section: Section) {
    do {
      _ = try zones.zone(named: name)
    } catch {
      let parts = error.sentence.split(separator: "; ", maxSplits: 1).map(String.init)
      section.report("zone", parts[0], parts.count == 2 ? parts[1] : "write an IANA name, such as 'America/Vancouver'")
    }
  }

  /// What stands in a message's middle has no line of its own.
  private func checkLine(_ key: String, _ text: String, _ section: Section) {
    if text.contains(where: \.isNewline) { section.report(key, "it has more than one line", "write it on one") }
    if text.count > 100 { section.report(key, "it is longer than 100 characters", "shorten it") }
  }

  private func country(_ section: Section) -> String? {
    guard let text = section.filled("country", example: "\"CA\"") else { return nil }
    if NumberingPlan.of(country: text) == nil {
      section.report("country", "there is no country '\(text)'", "write its two letters of ISO 3166, as in \"CA\"")
    }
    return text.uppercased()
  }

  private func workingDays(_ section: Section) -> Set<Weekday>? {
    let days = section.list("working_days") { node -> Weekday? in
      guard let text = section.text(node) else { return nil }
      if let day = Weekday(name: text) { return day }
      section.report(node, "'\(text)' is no day of the week", "write mon, tue, wed, thu, fri, sat or sun")
      return nil
    }
    if let days, days.isEmpty {
      section.report("working_days", "no task would ever be due", "name at least one day, as in [\"mon\"]")
    }
    return days.map(Set.init)
  }

  private func delivery(_ section: Section, country: String) -> DeliverySettings {
    defer { section.close() }
    var delivery = DeliverySettings()
    delivery.mode = section.choice("mode", Mode.self) ?? delivery.mode
    let recipients = section.list("trial_recipients") { section.address($0, country: country)?.normalised }
    delivery.trialRecipients = recipients ?? delivery.trialRecipients
    delivery.backlogLimit = section.integer("backlog_limit", in: 0...1_000_000) ?? delivery.backlogLimit
    delivery.maxConnections = section.integer("max_connections", in: 1...256) ?? delivery.maxConnections
    return delivery
  }

  private func contactHours(_ section: Section) -> ContactHoursSettings {
    defer { section.close() }
    var hours = ContactHoursSettings()
    let standard = ContactHours.standard.ranges(on: .monday)
    let daily = section.list("daily", .hours) ?? standard
    var days: [Weekday: [HourRange]] = [:]
    for day in Weekday.allCases { days[day] = section.list(day.name, .hours) }
    hours.week = ContactHours(daily: daily, overrides: days)
    if let notice = section.list("notice", .hours) { hours.notice = ContactHours(daily: notice) }
    if Weekday.allCases.allSatisfy({ hours.week.ranges(on: $0).isEmpty }) {
      section.report(
        "daily", "there is no hour in which a patient may be written to", "write daily = [\"09:00-19:00\"]")
    }
    return hours
  }

  private func budget(_ section: Section) -> Budget {
    defer { section.close() }
    var budget = Budget()
    budget.perAddressPerDay = section.integer("per_address_per_day", in: 1...1000) ?? budget.perAddressPerDay
    budget.perAddressPerWeek = section.integer("per_address_per_week", in: 1...1000) ?? budget.perAddressPerWeek
    budget.bundleWithin = section.value("bundle_within", .duration) ?? budget.bundleWithin
    return budget
  }

  private func languages(_ section: Section) -> Languages {
    defer { section.close() }
    var languages = Languages()
    languages.fallback = section.list("fallback") { languageTag($0, section) } ?? languages.fallback
    return languages
  }

  private func language(_ key: String, _ section: Section) -> String? {
    section.node(key).flatMap { languageTag($0, section) }
  }

  private func languageTag(_ node: TOMLNode, _ section: Section) -> String? {
    guard let text = section.text(node) else { return nil }
    if LanguageTag.isWellFormed(text) { return text }
    section.report(node, "'\(text)' is no tag of a language", "write it as in \"en\", \"fr\" or \"pt-BR\" (BCP 47)")
    return nil
  }

  private func links(_ section: Section) -> Links {
    defer { section.close() }
    var links = Links()
    guard let text = section.text("base_url"), !text.isEmpty else { return links }
    let url = ServerURL(text)
    if url?.scheme != "https" || url?.hasUserInfo == true || text.contains(where: { "?#".contains($0) }) {
      section.report("base_url", "'\(text)' is no address of an answer page", "write \"https://HOST/PATH\", or \"\"")
    }
    links.baseURL = String(text.trimmingSuffix { $0 == "/" })
    return links
  }

  private func access(_ section: Section) -> Access {
    defer { section.close() }
    var access = Access()
    access.adminGroup = section.text("admin_group") ?? access.adminGroup
    access.staffGroup = section.text("staff_group") ?? access.staffGroup
    access.monitorGroup = section.text("monitor_group") ?? access.monitorGroup
    access.inboundGroup = section.text("inbound_group") ?? access.inboundGroup
    return access
  }

  private func retention(_ section: Section) -> Retention {
    defer { section.close() }
    var retention = Retention()
    retention.messageBodies = section.value("message_bodies", .duration) ?? retention.messageBodies
    return retention
  }
}
