/// Whether a reviewed text exists for a contact's channel and the patient's language (R12, check 7).
package enum TextReadiness: Sendable, Equatable { case ready, missing, notReviewed }

/// One contact as clearance sees it.
package struct ContactFacts: Sendable, Equatable {
  package var id: Int64
  package var channel: String
  package var rank: Int
  package var consent: Consent
  package var state: ContactState
  /// On the stop list, and no exception for this patient (R16).
  package var isStopped: Bool
  /// An adapter serves the channel and can write to the address; never so for `phone`.
  package var isServed: Bool
  /// This reminder was refused or failed there already.
  package var hasFailed: Bool
  package var isHeld: Bool
  package var text: TextReadiness
  /// Live messages to the normalised address today and in the seven days up to today (R13).
  package var sentToday: Int
  package var sentThisWeek: Int

  package init(
    id: Int64, channel: String, rank: Int, consent: Consent, state: ContactState, isStopped: Bool, isServed: Bool,
    hasFailed: Bool = false, isHeld: Bool = false, text: TextReadiness = .ready, sentToday: Int = 0,
    sentThisWeek: Int = 0
  ) {
    self.id = id
    self.channel = channel
    self.rank = rank
    self.consent = consent
    self.state = state
    self.isStopped = isStopped
    self.isServed = isServed
    self.hasFailed = hasFailed
    self.isHeld = isHeld
    self.text = text
    self.sentToday = sentToday
    self.sentThisWeek = sentThisWeek
  }

  /// Why it cannot be used, or nil.
  package var obstacle: Reason? {
    if isStopped || consent == .stopped { return .stopped }
    if state == .wrong { return .wrongNumber }
    if state == .bounced { return .bounced }
    if consent == .unknown { return .noConsent }
    if hasFailed { return .deliveryFailed }
    return nil
  }
}

/// All that decides whether a reminder may be sent now (R12); read in the transaction of the claim.
package struct ClearanceFacts: Sendable {
  package var patient: PatientStatus
  package var isCallOnly: Bool
  package var revision: Int
  package var status: OccurrenceStatus
  package var answer: Answer
  package var reminderRevision: Int
  package var kind: ReminderKind
  /// What the step waits for; nil for a notice.
  package var when: StepWhen?
  package var priority: Priority
  package var expiresAt: Instant
  package var isClockBelieved: Bool
  /// Holds of all, the plan or the patient that are in force.
  package var isHeld: Bool
  package var isClosed: Bool
  package var isBacklog: Bool
  package var contacts: [ContactFacts]
  package var hours: ContactHours
  package var zone: Zone
  package var perDay: Int
  package var perWeek: Int

  package init(
    patient: PatientStatus, isCallOnly: Bool, revision: Int, status: OccurrenceStatus, answer: Answer,
    reminderRevision: Int, kind: ReminderKind, when: StepWhen?, priority: Priority, expiresAt: Instant,
    isClockBelieved: Bool = true, isHeld: Bool = false, isClosed: Bool = false, isBacklog: Bool = false,
    contacts: [ContactFacts], hours: ContactHours, zone: Zone, perDay: Int, perWeek: Int
  ) {
    self.patient = patient
    self.isCallOnly = isCallOnly
    self.revision = revision
    self.status = status
    self.answer = answer
    self.reminderRevision = reminderRevision
    self.kind = kind
    self.when = when
    self.priority = priority
    self.expiresAt = expiresAt
    self.isClockBelieved = isClockBelieved
    self.isHeld = isHeld
    self.isClosed = isClosed
    self.isBacklog = isBacklog
    self.contacts = contacts
    self.hours = hours
    self.zone = zone
    self.perDay = perDay
    self.perWeek = perWeek
  }
}
