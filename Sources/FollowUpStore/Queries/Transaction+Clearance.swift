package import FollowUpCore
internal import FoundationEssentials
internal import GRDB

/// What clearance is decided by beside the rows: the same for a whole batch.
package struct ClearanceTerms: Sendable {
  package let settings: Settings
  package var zones: any ZoneSource
  package var isClockBelieved: Bool
  package var holds: [Hold]
  private let finder: TemplateFinder

  package init(settings: Settings, zones: any ZoneSource, isClockBelieved: Bool, holds: [Hold]) {
    self.settings = settings
    self.zones = zones
    self.isClockBelieved = isClockBelieved
    self.holds = holds
    finder = TemplateFinder(settings)
  }

  /// The text of a name for a patient's language and a channel (R12, check 7).
  package func template(_ name: String, language: String, channel: String) -> TemplateSet.Found {
    finder.find(name, language: language, channel: channel)
  }

  /// Whether messages to `address` leave for real: always when live, for trial recipients in trial.
  package func mode(of address: String) -> Mode {
    settings.delivery.mode == .live || settings.delivery.trialRecipients.contains(address) ? .live : .trial
  }

  fileprivate func serves(_ channel: String, _ address: String, _ mode: Mode) -> Bool {
    guard channel != "phone" else { return false }
    return settings.channels[channel].map { $0.adapter.canAddress(address) } ?? (mode == .trial)
  }
}

/// A reminder with all that clearance and the composer need of its rows: one copy, for it goes through many hands.
package final class ClearanceCase: Sendable {
  package let reminder: DueReminder
  package let facts: ClearanceFacts
  package let step: Step?
  package let plan: Plan?
  package let template: String
  package let language: String
  package let calledName: String?
  package let due: CivilDateTime
  package let dueZone: Zone
  package let patientZone: Zone
  package let anchorAt: Instant
  package let followUpOwner: String
  /// Normalised addresses by contact id.
  package let addresses: [Int64: String]

  fileprivate init(
    _ reminder: DueReminder, facts: ClearanceFacts, step: Step?, plan: Plan?, template: String, language: String,
    of occurrence: Transaction.SendingOccurrence, dueZone: Zone, patientZone: Zone, addresses: [Int64: String]
  ) {
    self.reminder = reminder
    self.facts = facts
    self.step = step
    self.plan = plan
    self.template = template
    self.language = language
    calledName = occurrence.calledName
    due = occurrence.due
    self.dueZone = dueZone
    self.patientZone = patientZone
    anchorAt = occurrence.anchorAt
    followUpOwner = occurrence.owner
    self.addresses = addresses
  }

  package func channel(of contact: Int64) -> String? { facts.contacts.first { $0.id == contact }?.channel }
}

extension Transaction {
  /// Reads what decides a reminder at `at`. Nil if its rows do not parse: that reminder alone is affected.
  /// - Throws: `ZoneError` if a zone is unknown; whatever SQLite says.
  package func clearanceCase(_ reminder: DueReminder, _ terms: ClearanceTerms, at: Instant) throws -> ClearanceCase? {
    guard reminder.isReadable, let occurrence = try occurrence(of: reminder) else { return nil }
    let settings = terms.settings
    let patientZone = try terms.zones.zone(named: occurrence.patientZone ?? settings.clinic.zone)
    let dueZone = try terms.zones.zone(named: occurrence.zone)
    let plan = try reminder.planVersionID.flatMap { try self.plan(version: $0) }
    let step = plan?.step(reminder.step)
    let template = step?.template ?? Rung.base(of: reminder.step)
    let language = occurrence.language ?? settings.clinic.language
    var addresses: [Int64: String] = [:]
    let contacts = try contactFacts(
      of: reminder, template: template, language: language, terms, zone: patientZone, at: at, addresses: &addresses)
    let facts = ClearanceFacts(
      patient: occurrence.patient, isCallOnly: occurrence.isCallOnly || (plan?.callOnly ?? false),
      revision: occurrence.revision,
      status: occurrence.status, answer: occurrence.answer, reminderRevision: reminder.revision, kind: reminder.kind,
      when: step?.when, priority: reminder.priority, expiresAt: reminder.expiresAt,
      isClockBelieved: terms.isClockBelieved,
      isHeld: terms.holds.contains { hold in
        switch hold.kind {
        case .all, .restored: hold.lasts(at: at)
        case .plan: hold.subject == occurrence.plan && hold.lasts(at: at)
        case .patient: hold.subject == SubjectID.patient(reminder.patientID) && hold.lasts(at: at)
        case .channel, .backlog, .clock: false
        }
      },
      isClosed: try isClosed(occurrence, terms),
      isBacklog: reminder.priority != .urgent && terms.holds.contains { $0.kind == .backlog }
        && reminder.isOverdue(at: at),
      contacts: contacts, hours: occurrence.hours ?? settings.contactHours.week, zone: patientZone,
      perDay: settings.budget.perAddressPerDay, perWeek: settings.budget.perAddressPerWeek)
    return ClearanceCase(
      reminder, facts: facts, step: step, plan: plan, template: template, language: language, of: occurrence,
      dueZone: dueZone, patientZone: patientZone, addresses: addresses)
  }

  /// What an occurrence, its follow-up and its patient say.
  fileprivate struct SendingOccurrence {
    var revision: Int
    var status: OccurrenceStatus
    var answer: Answer
    var due: CivilDateTime
    var zone: String
    var anchorAt: Instant
    var plan: String
    var owner: String
    var clinician: String?
    var patient: PatientStatus
    var isCallOnly: Bool
    var patientZone: String?
    var hours: ContactHours?
    var language: String?
    var calledName: String?

    /// Nil if a value means nothing.
    init?(_ row: HotStatement.Columns) {
      guard let status = OccurrenceStatus(rawValue: row[1]), let answer = Answer(rawValue: row[2]),
        let due = CivilDateTime(row[3] as String), let patient = PatientStatus(rawValue: row[9])
      else { return nil }
      anchorAt = Instant(row[5] as Int64)
      let text: String? = row[12]
      hours = text.flatMap(ContactHours.init(_:))
      guard anchorAt.isPlausible, (text == nil) == (hours == nil) else { return nil }
      (self.status, self.answer, self.due, self.patient) = (status, answer, due, patient)
      revision = row[0]
      zone = row[4]
      plan = row[6]
      owner = row[7]
      clinician = row[8]
      isCallOnly = row[10]
      patientZone = row[11]
      language = row[13]
      calledName = row[14]
    }
  }

  private func occurrence(of reminder: DueReminder) throws -> SendingOccurrence? {
    try hot(
      """
      SELECT o.revision, o.status, o.answer, o.civil, o.zone, o.anchor_at, f.plan, f.owner, f.clinician,
        p.status, p.call_only, p.zone, p.hours, p.language, p.called_name
      FROM occurrence o JOIN follow_up f ON f.id = o.follow_up_id JOIN patient p ON p.id = f.patient_id
      WHERE o.id = ?
      """
    ).bind(reminder.occurrenceID).first(SendingOccurrence.init(_:))
  }

  private func contactFacts(
    of reminder: DueReminder, template: String, language: String, _ terms: ClearanceTerms, zone: Zone, at: Instant,
    addresses: inout [Int64: String]
  ) throws -> [ContactFacts] {
    let rows = try hot(
      """
      SELECT id, channel, normalised, rank, consent, state FROM contact
      WHERE patient_id = ? AND removed_at IS NULL ORDER BY rank, id
      """
    ).bind(reminder.patientID).rows {
      (
        $0[0] as Int64, $0[1] as String, $0[2] as String, $0[3] as Int, Consent(rawValue: $0[4]),
        ContactState(rawValue: $0[5])
      )
    }
    // A rung is for those who were not written to before it.
    let written = Rung(reminder.step) == nil ? [] : try contactsWritten(for: reminder)
    var found: [ContactFacts] = []
    for (id, channel, address, rank, consent, state) in rows {
      guard let consent, let state, !written.contains(id) else { continue }
      addresses[id] = address
      let mode = terms.mode(of: address)
      let stop = try hasStops ? stopKind(channel: channel, normalised: address, patient: reminder.patientID) : nil
      let sent = mode == .trial ? (0, 0) : try sentCounts(to: address, except: reminder.messageID, zone: zone, at: at)
      found.append(
        ContactFacts(
          id: id, channel: channel, rank: rank, consent: consent, state: stop == "wrong" ? .wrong : state,
          isStopped: stop == "stop",
          isServed: terms.serves(channel, address, mode),
          // What no message ever carried has failed nowhere.
          hasFailed: try reminder.messageID != nil && hasFailed(reminder.id, at: id),
          isHeld: terms.holds.contains { $0.kind == .channel && $0.subject == channel && $0.lasts(at: at) },
          text: TextReadiness(terms.template(template, language: language, channel: channel)),
          sentToday: sent.0, sentThisWeek: sent.1))
    }
    return found
  }

  /// `stop` or `wrong` if the address is on the list and this patient is no exception (R16).
  private func stopKind(channel: String, normalised: String, patient: Int64) throws -> String? {
    var found: String?
    for hash in try stopHashes(channel: channel, normalised: normalised) {
      let kind = try String.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT kind FROM stop WHERE channel = ? AND address_hash = ? AND lifted_at IS NULL AND NOT EXISTS (
              SELECT 1 FROM stop_exception WHERE stop_id = stop.id AND patient_id = ?)
            ORDER BY kind LIMIT 1
            """), arguments: [channel, hash, patient])
      if let kind { found = min(found ?? kind, kind) }
    }
    return found
  }

  /// R13: live messages to the address on the patient's civil day and in the seven days up to it.
  private func sentCounts(to address: String, except message: Int64?, zone: Zone, at: Instant) throws -> (Int, Int) {
    let today = zone.civil(at: at).date
    let first = zone.instant(of: CivilDateTime(date: today.adding(days: -6), time: .midnight))
    let times: [Int64] = try hot(
      """
      SELECT coalesce(
        sent_at, (SELECT max(claimed_at) FROM attempt WHERE message_id = message.id), created_at)
      FROM message WHERE address = ? AND address IS NOT NULL AND created_at >= ? AND mode = 'live' AND recipient = 'patient'
        AND state <> 'rejected' AND state <> 'failed' AND state <> 'cancelled' AND id IS NOT ?
      """
    ).bind(address, first.seconds - 7 * 86_400, message).rows { $0[0] }
    var day = 0
    var week = 0
    for seconds in times {
      // What left before the clock was set back, by a day at most if that was believed (R6), counts although it is ahead.
      guard seconds >= first.seconds, seconds <= at.seconds + 86_400 else { continue }
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
  private func isClosed(_ occurrence: SendingOccurrence, _ terms: ClearanceTerms) throws -> Bool {
    guard try hasClosures else { return false }
    let clinic = try terms.zones.zone(named: terms.settings.clinic.zone)
    let day = clinic.civil(at: occurrence.anchorAt).date.description
    return try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM closure WHERE removed_at IS NULL AND first_day <= ? AND last_day >= ? AND (
            kind = 'clinic' OR (kind = 'clinician' AND subject = ?) OR (kind = 'role' AND 'role:' || subject = ?)))
          """), arguments: [day, day, occurrence.clinician, occurrence.owner]) ?? false
  }
}

extension TextReadiness {
  fileprivate init(_ found: TemplateSet.Found) {
    switch found {
    case .reviewed: self = .ready
    case .notReviewed: self = .notReviewed
    case .missing: self = .missing
    }
  }
}
