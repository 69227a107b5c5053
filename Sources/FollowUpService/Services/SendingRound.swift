internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// An event for the journal, told once the transaction that it tells of is committed.
struct Note: Sendable {
  var event: Event
  var fields: [JournalField: String]
}

/// One pass over what is due, inside one transaction: clearance and claim together (R12).
struct SendingRound {
  let transaction: Transaction
  let terms: ClearanceTerms
  let channels: Channels
  let now: Instant
  let invocation: String
  /// How many more each channel may be given.
  var room: [String: Int]
  /// Channels whose peer takes nothing any more.
  let stalled: Set<String>
  private(set) var claims: [Claim] = []
  private(set) var notes: [Note] = []
  /// Something was due for a channel that has no room, and stays due until there is some.
  private(set) var isBlocked = false
  /// How many of each channel wait for room.
  private var blocked: [String: Int] = [:]

  /// How long a claim may wait for its first byte, in seconds (R12).
  private static let claimLife: Int64 = 60

  /// The longest wait for room, in seconds: then triage decides anew (R17).
  private static let longestWait = 30

  /// Room of a channel that nothing was sent on yet and no configuration names: trial writes to a folder.
  private static let unpaced = 1000

  init(
    _ transaction: Transaction, terms: ClearanceTerms, channels: Channels, now: Instant, invocation: String,
    room: [String: Int], stalled: Set<String>
  ) {
    self.transaction = transaction
    self.terms = terms
    self.channels = channels
    self.now = now
    self.invocation = invocation
    self.room = room
    self.stalled = stalled
  }

  /// Looks at up to `limit` due reminders in triage order; returns how many it looked at.
  mutating func run(limit: Int) throws -> Int {
    let due = try transaction.dueReminders(now: now, limit: limit)
    var seen: Set<Int64> = []
    for reminder in due where seen.insert(reminder.occurrenceID).inserted {
      try look(at: reminder.occurrenceID, first: reminder)
    }
    return due.count
  }

  /// R10 looks at all due steps of an occurrence together.
  private mutating func look(at occurrence: Int64, first: DueReminder) throws {
    var due = try transaction.dueReminders(of: occurrence, now: now)
    if !due.contains(where: { $0.id == first.id }) { due.append(first) }
    var open: [(ClearanceCase, Clearance)] = []
    for reminder in due {
      guard let found = try examine(reminder) else {
        try hand(reminder, owner: nil, reason: .unreadable, task: .manual, notes: ["unreadable"])
        continue
      }
      let clearance = Clearance(found.facts, now: now)
      let decidesEarly = clearance.failures.contains { $0.check.rawValue <= ClearanceCheck.expiry.rawValue }
      if decidesEarly { try apply(clearance, to: found) } else { open.append((found, clearance)) }
    }
    let steps = open.filter { $0.0.reminder.kind == .step }.map { found, _ in
      DueStep(
        id: found.reminder.id, intendedAt: found.reminder.intendedAt, plannedAt: found.reminder.plannedAt,
        policy: found.step?.late ?? .send,
        isFirstLook: found.reminder.state == .planned && found.reminder.messageID == nil)
    }
    let lateAfter = open.first?.0.plan?.lateAfter.seconds ?? 900
    let lastSent = try transaction.latestSentStep(of: occurrence, revision: first.revision)
    let verdicts = Lateness.decide(steps, lateAfter: lateAfter, lastSent: lastSent, now: now)
    for (found, clearance) in open {
      switch verdicts[found.reminder.id] {
      case .skipped: try end(found.reminder, .drop, reason: .late)
      case .asked: try hand(found, reason: .late, task: .late)
      case .superseded: try end(found.reminder, .supersede, reason: .later)
      // What waits for its retry keeps its time, whatever else of the occurrence is due.
      case .goes, nil: if found.reminder.wakeAt ?? now <= now { try apply(clearance, to: found) }
      }
    }
  }

  /// Nil if the reminder's rows cannot be read: a zone that does not exist, a plan that does not parse.
  private func examine(_ reminder: DueReminder) throws -> ClearanceCase? {
    do {
      guard let found = try transaction.clearanceCase(reminder, terms, at: now) else { return nil }
      return reminder.kind == .step && found.step == nil ? nil : found
    } catch is ZoneError { return nil }
  }

  private mutating func apply(_ clearance: Clearance, to found: ClearanceCase) throws {
    let reminder = found.reminder
    switch clearance.decision {
    // Nobody marked the visit while its step was of use (R9).
    case .defer where now >= reminder.expiresAt: try expire(found)
    case .send(let contact): try send(found, to: contact)
    case .defer(let until, let reason):
      if let until {
        try transaction.move(reminder: reminder.id, .deferred, reason: reason, wakeAt: until, now: now)
      } else {
        try transaction.move(reminder: reminder.id, reason == .open ? .deferred : .park, reason: reason, now: now)
      }
    case .drop(let reason): try end(reminder, .drop, reason: reason)
    case .staff(let reason): try hand(found, reason: reason, task: TaskReason(reason))
    case .expire: try expire(found)
    }
  }

  private mutating func expire(_ found: ClearanceCase) throws {
    let reminder = found.reminder
    try end(reminder, .expire, reason: .expired)
    guard reminder.priority != .routine, try !transaction.wasEverSent(occurrence: reminder.occurrenceID) else { return }
    try openTask(for: found, .expired, tried: ["step=\(reminder.step)"])
    note(.patientLostSoon, [.followup: reminder.subject, .reason: Reason.expired.rawValue])
  }

  // MARK: Sending

  private mutating func send(_ found: ClearanceCase, to contact: Int64) throws {
    guard let channel = found.channel(of: contact), let address = found.addresses[contact] else { return }
    guard room[channel, default: Self.unpaced] > 0 else { return try wait(found.reminder, for: channel) }
    guard let message = try message(for: found, to: contact, channel: channel, address: address) else { return }
    let sendBy = min(
      now + Self.claimLife, found.reminder.expiresAt,
      found.facts.hours.endOfRange(containing: now, in: found.facts.zone) ?? .distantFuture)
    guard
      let claim = try transaction.claim(
        message: message, reminders: [found.reminder.id], sendBy: sendBy, invocation: invocation, now: now)
    else {
      try hand(found, reason: .deliveryFailed, task: .deliveryFailed)
      return
    }
    room[channel, default: Self.unpaced] -= 1
    claims.append(claim)
  }

  /// What a paced or stalled channel has no room for steps aside, so that the reminders of other channels are seen behind.
  private mutating func wait(_ reminder: DueReminder, for channel: String) throws {
    let perMinute = channels.traits(of: channel, mode: terms.settings.delivery.mode).perMinute
    let isStalled = stalled.contains(channel)
    guard perMinute > 0 || isStalled else {
      isBlocked = true
      return
    }
    let place = blocked[channel, default: 0]
    blocked[channel] = place + 1
    let seconds = isStalled ? Self.longestWait : min(Self.longestWait, max(1, place * 60 / perMinute))
    try transaction.postpone(reminder: reminder.id, to: now + Int64(seconds), now: now)
  }

  /// The message to claim: the waiting one if it still says the same to the same contact by the same adapter, else a new
  /// one. Nil if staff were given the reminder instead.
  private mutating func message(
    for found: ClearanceCase, to contact: Int64, channel: String, address: String
  ) throws -> Int64? {
    guard let composed = terms.text(of: found, channel: channel, at: now) else {
      try hand(found, reason: .noTemplate, task: .noTemplate)
      return nil
    }
    let mode = terms.mode(of: address)
    guard let adapter = channels.adapter(for: channel, mode: mode) else {
      try hand(found, reason: .noContact, task: .noContact)
      return nil
    }
    let pending = try found.reminder.messageID.flatMap { try transaction.pendingMessage($0) }
    if let pending {
      // A reload may have changed the mode, or the adapter that the bytes were made for; staff may have mended the address.
      if pending.contactID == contact, pending.address == address, pending.mode == mode,
        pending.adapter == adapter.kind,
        try transaction.body(of: pending.id).map({ $0.text == composed.body }) ?? false
      {
        return pending.id
      }
      // What may have arrived is not said again in other words (`delivery.md`, Identity).
      if pending.doubts > 0 {
        try hand(found, reason: .uncertainDelivery, task: .uncertainDelivery)
        return nil
      }
      try transaction.move(message: pending.id, .cancel, reason: .recomposed, now: now)
    }
    let identity = try transaction.identity(of: [found.reminder], contact: contact)
    let draft = MessageDraft(
      identity: identity, channel: channel, address: address, subject: composed.subject, text: composed.body,
      language: composed.language, composedAt: now, calendar: calendar(found), clinicName: terms.settings.clinic.name)
    do {
      let rendered = try adapter.adapter.render(draft)
      try transaction.keepBodies(for: terms.settings.retention.messageBodies.seconds, now: now)
      return try transaction.insert(
        NewMessage(
          identity: identity, header: rendered.messageID, patientID: found.reminder.patientID, contactID: contact,
          channel: channel, adapter: adapter.kind, address: rendered.address, mode: mode, language: composed.language,
          subject: composed.subject, text: composed.body, wire: rendered.body), for: [found.reminder.id], now: now)
    } catch let error as RenderError {
      try hand(found, reason: .deliveryFailed, task: .deliveryFailed, tried: ["\(channel): \(error.code)"])
      return nil
    }
  }

  private func calendar(_ found: ClearanceCase) -> CalendarEntry? {
    guard found.plan?.calendar == true else { return nil }
    return CalendarEntry(
      uid: "\(transaction.instance)-\(found.reminder.subject)", sequence: found.reminder.revision - 1,
      start: found.anchorAt, summary: terms.settings.clinic.name)
  }

  // MARK: Ends

  private mutating func end(_ reminder: DueReminder, _ event: ReminderEvent, reason: Reason, task: Int64? = nil) throws
  {
    try transaction.move(reminder: reminder.id, event, reason: reason, task: task, now: now)
    try transaction.cancelEmptyMessages(of: reminder.occurrenceID, now: now)
  }

  private mutating func hand(
    _ found: ClearanceCase, reason: Reason, task: TaskReason, tried: [String] = []
  ) throws {
    let id = try openTask(for: found, task, tried: tried.isEmpty ? ["step=\(found.reminder.step)"] : tried)
    try end(found.reminder, reason == .deliveryFailed ? .fail : .hand, reason: reason, task: id)
    note(
      .remindersHanded,
      [
        .followup: found.reminder.subject, .task: SubjectID.task(id), .reason: reason.rawValue,
      ])
  }

  private mutating func hand(
    _ reminder: DueReminder, owner: String?, reason: Reason, task: TaskReason, notes tried: [String]
  ) throws {
    let id = try transaction.openTask(
      NewTask(
        subject: reminder.subject, reason: task, patientID: reminder.patientID, occurrenceID: reminder.occurrenceID,
        priority: reminder.priority, owner: owner ?? Owner.frontDesk.description, dueAt: now, tried: tried), now: now)
    try end(reminder, .hand, reason: reason, task: id)
    note(
      .remindersHanded,
      [
        .followup: reminder.subject, .task: SubjectID.task(id), .reason: reason.rawValue,
      ])
  }

  /// What concerns the patient's addresses is one task a patient, whatever the number of visits (R16, R18).
  @discardableResult
  private func openTask(for found: ClearanceCase, _ reason: TaskReason, tried: [String]) throws -> Int64 {
    let ofPatient: Set<TaskReason> = [.noContact, .noConsent, .stopped, .bounced, .wrongNumber]
    let isOfPatient = ofPatient.contains(reason)
    let reminder = found.reminder
    return try transaction.openTask(
      NewTask(
        subject: isOfPatient ? SubjectID.patient(reminder.patientID) : reminder.subject, reason: reason,
        patientID: reminder.patientID, occurrenceID: isOfPatient ? nil : reminder.occurrenceID,
        priority: reminder.priority, owner: found.followUpOwner,
        dueAt: taskDue(
          reminder.priority, now: now, anchor: found.anchorAt, settings: terms.settings, zones: terms.zones),
        tried: tried), now: now)
  }

  private mutating func note(_ event: Event, _ fields: [JournalField: String]) {
    notes.append(Note(event: event, fields: fields))
  }
}

extension TaskReason {
  /// The task that a clearance's reason raises (R12, R18).
  init(_ reason: Reason) {
    switch reason {
    case .notReviewed: self = .noTemplate
    default: self = TaskReason(rawValue: reason.rawValue) ?? .manual
    }
  }
}
