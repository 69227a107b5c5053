package import FollowUpCore
internal import FoundationEssentials
internal import GRDB

/// What clearance is decided by beside the rows: the same for a whole batch.
package struct ClearanceTerms: Sendable {
  package var settings: Settings
  package var zones: any ZoneSource
  package var isClockBelieved: Bool
  package var holds: [Hold]

  package init(settings: Settings, zones: any ZoneSource, isClockBelieved: Bool, holds: [Hold]) {
    self.settings = settings
    self.zones = zones
    self.isClockBelieved = isClockBelieved
    self.holds = holds
  }

  /// Whether messages to `address` leave for real: always when live, for trial recipients in trial.
  package func mode(of address: String) -> Mode {
    settings.delivery.mode == .live || settings.delivery.trialRecipients.contains(address) ? .live : .trial
  }
}

/// A reminder with all that clearance and the composer need of its rows.
package struct ClearanceCase: Sendable {
  package var reminder: DueReminder
  package var facts: ClearanceFacts
  package var step: Step?
  package var plan: Plan?
  package var template: String
  package var language: String
  package var calledName: String?
  package var due: CivilDateTime
  package var dueZone: Zone
  package var patientZone: Zone
  package var anchorAt: Instant
  package var followUpOwner: String
  /// Normalised addresses by contact id.
  package var addresses: [Int64: String]

  package func channel(of contact: Int64) -> String? { facts.contacts.first { $0.id == contact }?.channel }
}

extension Transaction {
  /// Reads what decides a reminder at `at`. Nil if its rows do not parse: that reminder alone is affected.
  package func clearanceCase(_ reminder: DueReminder, _ terms: ClearanceTerms, at: Instant) throws -> ClearanceCase? {
    guard let row = try anchorRow(reminder.occurrenceID),
      let status = OccurrenceStatus(rawValue: row["status"]), let answer = Answer(rawValue: row["answer"]),
      let patient = PatientStatus(rawValue: row["patient_status"]), let due = CivilDateTime(row["civil"] as String)
    else { return nil }
    let settings = terms.settings
    let patientZone = try terms.zones.zone(named: row["patient_zone"] ?? settings.clinic.zone)
    let dueZone = try terms.zones.zone(named: row["zone"])
    let plan = try reminder.planVersionID.flatMap { try self.plan(version: $0) }
    let step = plan?.step(reminder.step)
    let template = step?.template ?? reminder.step
    let language: String = row["language"] ?? settings.clinic.language
    let hours = (row["patient_hours"] as String?).flatMap(ContactHours.init(_:)) ?? settings.contactHours.week
    var addresses: [Int64: String] = [:]
    let contacts = try contactFacts(
      of: reminder, template: template, language: language, terms, zone: patientZone, at: at, addresses: &addresses)
    let planName: String = row["plan"]
    let facts = ClearanceFacts(
      patient: patient, isCallOnly: row["call_only"] as Bool || (plan?.callOnly ?? false), revision: row["revision"],
      status: status, answer: answer, reminderRevision: reminder.revision, kind: reminder.kind, when: step?.when,
      priority: reminder.priority, expiresAt: reminder.expiresAt, isClockBelieved: terms.isClockBelieved,
      isHeld: terms.holds.contains { hold in
        switch hold.kind {
        case .all, .restored: true
        case .plan: hold.subject == planName
        case .patient: hold.subject == SubjectID.patient(reminder.patientID)
        case .channel, .backlog, .clock: false
        }
      },
      isClosed: try isClosed(row, due: due, dueZone: dueZone, terms),
      contacts: contacts, hours: hours, zone: patientZone, perDay: settings.budget.perAddressPerDay,
      perWeek: settings.budget.perAddressPerWeek)
    return ClearanceCase(
      reminder: reminder, facts: facts, step: step, plan: plan, template: template, language: language,
      calledName: try String.fetchOne(
        db.cachedStatement(sql: "SELECT called_name FROM patient WHERE id = ?"), arguments: [reminder.patientID]),
      due: due, dueZone: dueZone, patientZone: patientZone, anchorAt: Instant(row["anchor_at"] as Int64),
      followUpOwner: row["owner"], addresses: addresses)
  }

  private func contactFacts(
    of reminder: DueReminder, template: String, language: String, _ terms: ClearanceTerms, zone: Zone, at: Instant,
    addresses: inout [Int64: String]
  ) throws -> [ContactFacts] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, channel, normalised, rank, consent, state FROM contact
          WHERE patient_id = ? AND removed_at IS NULL ORDER BY rank, id
          """), arguments: [reminder.patientID])
    return try rows.compactMap { row in
      guard let consent = Consent(rawValue: row["consent"]), let state = ContactState(rawValue: row["state"]) else {
        return nil
      }
      let id: Int64 = row["id"]
      let channel: String = row["channel"]
      let address: String = row["normalised"]
      addresses[id] = address
      let mode = terms.mode(of: address)
      let stop = try stopKind(channel: channel, normalised: address, patient: reminder.patientID)
      let sent = mode == .trial ? (0, 0) : try sentCounts(to: address, except: reminder.messageID, zone: zone, at: at)
      return ContactFacts(
        id: id, channel: channel, rank: row["rank"], consent: consent, state: stop == "wrong" ? .wrong : state,
        isStopped: stop == "stop",
        isServed: channel != "phone" && (mode == .trial || terms.settings.channels[channel] != nil),
        hasFailed: try hasFailed(reminder.id, at: id),
        isHeld: terms.holds.contains { $0.kind == .channel && $0.subject == channel },
        text: standing(of: template, language: language, channel: channel, terms.settings),
        sentToday: sent.0, sentThisWeek: sent.1)
    }
  }

  private func standing(of template: String, language: String, channel: String, _ settings: Settings) -> TextStanding {
    switch settings.templates.find(
      name: template, language: language, fallback: settings.languages.fallback, channel: channel)
    {
    case .reviewed: .ready
    case .notReviewed: .notReviewed
    case .missing: .missing
    }
  }

  /// `stop` or `wrong` if the address is on the list and this patient is no exception (R16).
  private func stopKind(channel: String, normalised: String, patient: Int64) throws -> String? {
    try stopHashes(channel: channel, normalised: normalised).compactMap { hash in
      try String.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT kind FROM stop WHERE channel = ? AND address_hash = ? AND lifted_at IS NULL AND NOT EXISTS (
              SELECT 1 FROM stop_exception WHERE stop_id = stop.id AND patient_id = ?)
            ORDER BY kind LIMIT 1
            """), arguments: [channel, hash, patient])
    }.min()
  }

  /// R13: live messages to the address on the patient's civil day and in the seven days up to it.
  private func sentCounts(to address: String, except message: Int64?, zone: Zone, at: Instant) throws -> (Int, Int) {
    let today = zone.civil(at: at).date
    let first = zone.instant(of: CivilDateTime(date: today.adding(days: -6), time: .midnight))
    let times = try Int64.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT coalesce(sent_at, created_at) FROM message
          WHERE address = ? AND address IS NOT NULL AND created_at >= ? AND mode = 'live' AND recipient = 'patient'
            AND state IN ('claimed', 'waiting', 'uncertain', 'sent', 'doubtful') AND id IS NOT ?
          """), arguments: [address, first.seconds - 7 * 86_400, message])
    var day = 0
    var week = 0
    while let seconds = try times.next() {
      guard seconds >= first.seconds, seconds <= at.seconds else { continue }
      week += 1
      if zone.civil(at: Instant(seconds)).date == today { day += 1 }
    }
    return (day, week)
  }

  private func hasFailed(_ reminder: Int64, at contact: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM message_reminder JOIN message ON message.id = message_id
          WHERE reminder_id = ? AND message.contact_id = ? AND message.state IN ('rejected', 'failed'))
          """), arguments: [reminder, contact]) ?? false
  }

  /// R20: a closure concerns the anchor's civil date in the clinic's zone, never the day of sending.
  private func isClosed(_ row: Row, due: CivilDateTime, dueZone: Zone, _ terms: ClearanceTerms) throws -> Bool {
    guard
      try Bool.fetchOne(
        db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM closure WHERE removed_at IS NULL)")) ?? false
    else { return false }
    let clinic = try terms.zones.zone(named: terms.settings.clinic.zone)
    let day = clinic.civil(at: Instant(row["anchor_at"] as Int64)).date.description
    let owner: String = row["owner"]
    return try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM closure WHERE removed_at IS NULL AND first_day <= ? AND last_day >= ? AND (
            kind = 'clinic' OR (kind = 'clinician' AND subject = ?) OR (kind = 'role' AND 'role:' || subject = ?)))
          """), arguments: [day, day, row["clinician"] as String?, owner]) ?? false
  }
}
