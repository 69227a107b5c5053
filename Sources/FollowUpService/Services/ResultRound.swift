internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// Records what became of attempts, inside one transaction, each behind its fence (`delivery.md`, States).
struct ResultRound {
  let transaction: Transaction
  let terms: ClearanceTerms
  let channels: Channels
  let now: Instant
  let invocation: String
  /// Takes back what is queued for a channel that turns out to be misconfigured; nil: nothing is queued yet.
  let withdrawing: (any Withdrawing)?
  private(set) var notes: [Note] = []
  /// How the channels' destinations fare, by what the results tell.
  private(set) var destinations: Destinations
  /// What an attempt's claim left in the database, where this run made it.
  let rows: (AttemptResult) -> ClaimedRows?
  /// Nanoseconds since boot.
  private let boot: Int64

  init(
    _ transaction: Transaction, terms: ClearanceTerms, channels: Channels, now: Instant, invocation: String,
    withdrawing: (any Withdrawing)? = nil, destinations: Destinations = Destinations(), boot: Int64 = 0,
    rows: @escaping (AttemptResult) -> ClaimedRows? = { _ in nil }
  ) {
    self.transaction = transaction
    self.terms = terms
    self.channels = channels
    self.now = now
    self.invocation = invocation
    self.withdrawing = withdrawing
    self.destinations = destinations
    self.boot = boot
    self.rows = rows
  }

  /// Records all of `results`, or, where a row of one is at fault, none; then each is to be recorded apart.
  mutating func recordAll(_ results: [AttemptResult]) throws -> Bool {
    let (told, known) = (notes.count, destinations)
    let fault = try transaction.attempt { for result in results { try record(result) } }
    guard fault != nil else { return true }
    notes.removeSubrange(told...)
    destinations = known
    return false
  }

  /// Records `result` so that a row at fault keeps no other from being recorded. Returns what was wrong, if anything.
  mutating func recordApart(_ result: AttemptResult) throws -> (any Error)? {
    let (told, known) = (notes.count, destinations)
    let fault = try transaction.attempt { try record(result) }
    if fault != nil {
      notes.removeSubrange(told...)
      destinations = known
    }
    return fault
  }

  mutating func record(_ result: AttemptResult) throws {
    guard try transaction.finish(result, invocation: invocation, now: now) else {
      // A command took it back: no destination waits for it.
      if case .withdrawn = result.outcome,
        let message = try rows(result)?.message ?? transaction.pendingMessage(result.messageID)
      {
        _ = watch(message, .withdrawn)
      }
      return
    }
    if case .delivered = result.outcome, let rows = rows(result) {
      let isKnown = watch(rows.message, result.outcome)
      if try sent(rows.message, rows.reminders, result.outcome), !isKnown {
        tell(.sent, rows.message, rows.reminders, result.outcome)
      }
      return
    }
    guard let message = try transaction.pendingMessage(result.messageID), message.state == .claimed
    else { return }
    let reminders = try transaction.reminders(of: message.id).filter { $0.state == .claimed }
    var isKnown = watch(message, result.outcome)
    let disposition = try disposition(of: result.outcome, message, reminders)
    switch disposition {
    case .sent: _ = try sent(message, reminders, result.outcome)
    case .tryAgain(let at): try again(message, reminders, .retry, .retry, at: at, reason: .retry)
    case .repeatInDoubt(let at): try again(message, reminders, .doubt, .doubt, at: at, reason: .uncertainDelivery)
    case .doubtful: try doubtful(message, reminders, result.outcome)
    case .rejected: try refused(message, reminders, .rejected, result.outcome)
    case .exhausted: try refused(message, reminders, .exhausted, result.outcome)
    case .holdChannel: isKnown = try hold(message, reminders, result.outcome)
    case .released: try transaction.release(message: message.id, wakeAt: now, now: now)
    }
    if !isKnown { tell(disposition, message, reminders, result.outcome) }
  }

  /// Takes in what the outcome says of the channel's destination. True if the journal knows: a pause tells of all that fails
  /// for the same reason.
  private mutating func watch(_ message: PendingMessage, _ outcome: Outcome) -> Bool {
    guard message.mode == .live else { return false }
    let wasPaused = destinations[message.channel].isPaused
    let change = destinations.note(
      outcome, of: message.channel, full: terms.settings.delivery.maxConnections, now: now, boot: boot)
    switch change {
    case .paused:
      var fields: JournalFields = [.channel: message.channel, .adapter: message.adapter]
      fields[.reason] = outcome.code
      fields[.until] = destinations[message.channel].nextProbe(now: now, boot: boot)?.rfc3339
      notes.append(Note(event: .channelPaused, fields: fields))
    case .resumed: notes.append(Note(event: .channelResumed, fields: [.channel: message.channel]))
    case nil: break
    }
    return wasPaused && destinations[message.channel].isPaused && outcome.fault?.concernsDestination == true
  }

  private func disposition(
    of outcome: Outcome, _ message: PendingMessage, _ reminders: [DueReminder]
  ) throws -> Disposition {
    // Nothing of its history matters then, and this is what most of them are.
    if case .delivered = outcome { return .sent }
    return Disposition(outcome, try history(of: message, reminders), now: now)
  }

  private func history(of message: PendingMessage, _ reminders: [DueReminder]) throws -> AttemptHistory {
    let asks = try reminders.contains { reminder in
      try reminder.planVersionID.flatMap { try transaction.plan(version: $0) }?.onDoubt == .ask
    }
    let traits = channels.traits(of: message.channel, mode: message.mode)
    return AttemptHistory(
      identity: message.identity, tries: message.tries, firstTryAt: message.firstTryAt ?? now, doubts: message.doubts,
      expiresAt: reminders.map(\.expiresAt).max() ?? now, schedule: traits.schedule,
      isIdempotent: traits.isIdempotent, onDoubt: asks ? .ask : .resend)
  }

  /// False if somebody else ended the message: a receipt that came before the answer.
  private func sent(_ message: PendingMessage, _ reminders: [DueReminder], _ outcome: Outcome) throws -> Bool {
    var gatewayID: String?
    if case .delivered(_, let id) = outcome { gatewayID = id }
    guard
      try transaction.move(message: message.id, from: message.state, .delivered, gatewayID: gatewayID, now: now)
    else { return false }
    for reminder in reminders {
      guard try transaction.move(reminder: reminder.id, from: reminder.state, .delivered, reason: nil, now: now),
        message.mode == .live
      else { continue }
      try told(reminder)
      try LadderRound(transaction, terms: terms, now: now).begin(after: reminder)
    }
    return true
  }

  private func again(
    _ message: PendingMessage, _ reminders: [DueReminder], _ event: MessageEvent, _ reminderEvent: ReminderEvent,
    at: Instant, reason: Reason
  ) throws {
    try transaction.move(message: message.id, event, now: now)
    for reminder in reminders {
      // What is of no use any more before the next try ends by itself, in time for staff to act (R9).
      try transaction.move(
        reminder: reminder.id, reminderEvent, reason: reason, wakeAt: min(at, reminder.expiresAt), now: now)
      // What may have arrived counts as told (R20).
      if event == .doubt, message.mode == .live { try told(reminder) }
    }
  }

  private mutating func doubtful(
    _ message: PendingMessage, _ reminders: [DueReminder], _ outcome: Outcome
  ) throws {
    try transaction.move(message: message.id, .doubtAgain, now: now)
    // Whether the earlier try arrived is not known; that the address is refused is.
    if case .rejected(let fault) = outcome { try recordBounce(message, reminders, fault) }
    for reminder in reminders {
      let task = try openTask(reminder, .uncertainDelivery, tried: try transaction.tried(for: reminder))
      try transaction.move(reminder: reminder.id, .hand, reason: .uncertainDelivery, task: task, now: now)
      if message.mode == .live { try told(reminder) }
    }
  }

  /// The next contact by rank is tried at once; clearance hands the reminder to staff if there is none.
  private mutating func refused(
    _ message: PendingMessage, _ reminders: [DueReminder], _ event: MessageEvent, _ outcome: Outcome
  ) throws {
    try transaction.move(message: message.id, event, reason: .deliveryFailed, now: now)
    if case .rejected(let fault) = outcome { try recordBounce(message, reminders, fault) }
    for reminder in reminders {
      try transaction.move(reminder: reminder.id, .withdrawn, reason: .deliveryFailed, wakeAt: now, now: now)
    }
  }

  /// A 5xx for the address itself. Once that makes the contact bounced staff are told, whoever gets the reminder instead:
  /// one task a patient.
  private mutating func recordBounce(
    _ message: PendingMessage, _ reminders: [DueReminder], _ fault: Fault
  ) throws {
    guard fault.concernsAddress, message.mode == .live, let contact = message.contactID,
      let patient = message.patientID
    else { return }
    // Without the clinic's zone the day is UTC's: an outcome is recorded whatever else is amiss.
    let zone = (try? terms.zones.zone(named: terms.settings.clinic.zone)) ?? .utc
    guard
      try transaction.recordBounce(
        contact: contact, isPermanent: fault.code.hasSuffix("-5.1.1"), day: zone.civil(at: now).date.description,
        now: now)
    else { return }
    let pressing = reminders.min { $0.priority.rank < $1.priority.rank }
    let priority = pressing?.priority ?? .routine
    let task = try transaction.openTask(
      NewTask(
        subject: SubjectID.patient(patient), reason: .bounced, patientID: patient, priority: priority,
        owner: try pressing.map { try transaction.owner(ofFollowUp: $0.followUpID) } ?? Owner.frontDesk.description,
        dueAt: taskDue(priority, now: now, anchor: nil, settings: terms.settings, zones: terms.zones),
        tried: ["\(message.channel): \(fault.code)"]), now: now)
    notes.append(
      Note(
        event: .contactBounced,
        fields: [
          .channel: message.channel, .message: SubjectID.message(message.id), .task: SubjectID.task(task),
          .reason: fault.code,
        ]))
  }

  /// True if the channel is on hold already: one line of the journal tells of all that its server refuses.
  private mutating func hold(
    _ message: PendingMessage, _ reminders: [DueReminder], _ outcome: Outcome
  ) throws -> Bool {
    let isHeld = try transaction.openHolds().contains { $0.kind == .channel && $0.subject == message.channel }
    let code = outcome.code ?? "unknown"
    if !isHeld {
      let id = try transaction.insert(
        Hold(
          kind: .channel, subject: message.channel, until: nil,
          reason: FaultWords(code: code, channel: message.channel).reason(code: code), createdBy: Actor.daemon.staff,
          now: now))
      try transaction.audit(
        AuditRecord("hold", SubjectID.hold(id), ["kind=channel", "channel=\(message.channel)"]), by: .daemon, at: now)
      notes.append(
        Note(
          event: .channelHeld,
          fields: [.channel: message.channel, .hold: SubjectID.hold(id), .reason: code]))
    }
    try again(message, reminders, .retry, .retry, at: now, reason: .held)
    if !isHeld, let withdrawing {
      // A server that refuses our password a thousand times may lock us out.
      try transaction.withdrawClaims(.channel(message.channel), via: withdrawing, now: now)
    }
    return isHeld
  }

  private func told(_ reminder: DueReminder) throws {
    try transaction.setTold(occurrence: reminder.occurrenceID, revision: reminder.revision, now: now)
  }

  private func openTask(_ reminder: DueReminder, _ reason: TaskReason, tried: [String]) throws -> Int64 {
    try transaction.openTask(
      NewTask(
        subject: reminder.subject, reason: reason, patientID: reminder.patientID, occurrenceID: reminder.occurrenceID,
        priority: reminder.priority, owner: try transaction.owner(ofFollowUp: reminder.followUpID),
        dueAt: taskDue(reminder.priority, now: now, anchor: nil, settings: terms.settings, zones: terms.zones),
        tried: tried), now: now)
  }

  private mutating func tell(
    _ disposition: Disposition, _ message: PendingMessage, _ reminders: [DueReminder], _ outcome: Outcome
  ) {
    let event: Event
    switch disposition {
    case .sent: event = .messageSent
    case .tryAgain, .holdChannel: event = .messageRetry
    case .repeatInDoubt, .doubtful: event = .messageUncertain
    case .rejected: event = .messageRejected
    case .exhausted: event = .messageFailed
    case .released: return
    }
    var fields: JournalFields = [
      .message: SubjectID.message(message.id), .channel: message.channel, .adapter: message.adapter,
      .attempt: String(message.tries), .outcome: outcome.word, .mode: message.mode.rawValue,
    ]
    fields[.followup] = reminders.first?.subject
    fields[.reason] = outcome.code
    notes.append(Note(event: event, fields: fields))
  }
}
