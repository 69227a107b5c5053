internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// An event for the journal, told once the transaction that it tells of is committed.
struct Note: Sendable {
  var event: Event
  var fields: [JournalField: String]
}

/// A look at one reminder failed in a way that may be its row's fault alone (promise 33).
struct RowFault: Error {
  var reminder: Int64
  var cause: any Error
}

/// One pass over what is due, inside one transaction: clearance and claim together (R12).
struct SendingRound {
  let transaction: Transaction
  var terms: ClearanceTerms
  let channels: Channels
  let now: Instant
  let invocation: String
  /// How many more each channel may be given, and which have none because their peer takes nothing any more.
  var space: ChannelSpace
  var claims: [Claim] = []
  var notes: [Note] = []
  /// What stays due, for its channel has no room.
  var stays: Set<Int64> = []
  /// The occurrences that were looked at.
  private var seen: Set<Int64> = []

  init(
    _ transaction: Transaction, terms: ClearanceTerms, channels: Channels, now: Instant, invocation: String,
    space: ChannelSpace
  ) {
    self.transaction = transaction
    self.terms = terms
    self.channels = channels
    self.now = now
    self.invocation = invocation
    self.space = space
  }

  /// Looks at due reminders in the order given; returns how many it looked at before there was room for none.
  /// - Parameter suspects: reminders whose look failed before: each by itself, after the others.
  /// - Throws: `RowFault` for the first that fails otherwise than the whole database does.
  mutating func run(_ due: [DueQueue.Entry], suspects: Set<Int64> = []) throws -> Int {
    var looked = 0
    space.routineAhead = due.count { $0.priority == .routine }
    for entry in due {
      if space.isExhausted { break }
      looked += 1
      if entry.priority == .routine { space.routineAhead -= 1 }
      guard !suspects.contains(entry.id) else { continue }
      do { try look(at: entry.id) } catch  where SQLiteStore.mayConcernRow(error) {
        throw RowFault(reminder: entry.id, cause: error)
      }
    }
    for entry in due.prefix(looked) where suspects.contains(entry.id) { try lookApart(at: entry.id) }
    space.settle()
    return looked
  }

  /// What fails while others go is at fault itself and goes to staff; where nothing goes, the database is.
  private mutating func lookApart(at id: Int64) throws {
    let before = self
    do {
      var round = self
      try transaction.apart { try round.look(at: id) }
      self = round
    } catch  where SQLiteStore.mayConcernRow(error) {
      self = before
      guard !claims.isEmpty, let reminder = try transaction.reminder(id) else {
        throw RowFault(reminder: id, cause: error)
      }
      try setAside(reminder)
    }
  }

  /// R10 looks at all due steps of an occurrence together.
  mutating func look(at id: Int64) throws {
    let due = try transaction.dueReminders(with: id, now: now)
    guard let first = due.first(where: { $0.id == id }), seen.insert(first.occurrenceID).inserted else { return }
    var open: [(ClearanceCase, Clearance)] = []
    for reminder in due {
      guard let found = try examine(reminder) else {
        try setAside(reminder)
        continue
      }
      let clearance = Clearance(found.facts, now: now)
      let decidesEarly = clearance.failures.contains { $0.check.rawValue <= ClearanceCheck.expiry.rawValue }
      if decidesEarly { try apply(clearance, to: found) } else { open.append((found, clearance)) }
    }
    let steps = open.filter { $0.0.reminder.kind == .step }.map { found, _ in
      DueStep(
        id: found.reminder.id, intendedAt: found.reminder.intendedAt, plannedAt: found.reminder.plannedAt,
        policy: found.step?.late ?? .send, isFirstLook: found.reminder.isFirstLook)
    }
    let lateAfter = open.first?.0.plan?.lateAfter.seconds ?? 900
    let lastSent = try transaction.latestSentStep(of: first.occurrenceID, revision: first.revision)
    let verdicts = Lateness.decide(steps, lateAfter: lateAfter, lastSent: lastSent, now: now)
    for (found, clearance) in open {
      switch verdicts[found.reminder.id] {
      case .skipped: try end(found.reminder, .drop, reason: .late)
      case .asked: try hand(found, reason: .late, task: .late)
      case .superseded:
        if try !handDoubt(of: found) { try end(found.reminder, .supersede, reason: .later) }
      // What waits for its retry keeps its time, whatever else of the occurrence is due.
      case .goes, nil: if found.reminder.wakeAt ?? now <= now { try apply(clearance, to: found) }
      }
    }
  }

  var bundling: Bundling { Bundling(transaction: transaction, terms: terms, now: now) }

  func examine(_ reminder: DueReminder) throws -> ClearanceCase? { try bundling.examine(reminder) }

  private mutating func apply(_ clearance: Clearance, to found: ClearanceCase) throws {
    let reminder = found.reminder
    let record = ClearanceRecord(clearance)
    switch clearance.decision {
    // Nobody marked the visit while its step was of use (R9).
    case .defer where now >= reminder.expiresAt: try expire(found, record)
    case .send(let contact): try send(found, to: contact)
    case .defer(let until, let reason):
      let event: ReminderEvent = until != nil || reason == .open ? .deferred : .park
      try transaction.move(reminder: reminder.id, event, reason: reason, record: record, wakeAt: until, now: now)
      // R20: somebody tells the patient; the reminder waits until the closure is over with.
      if reason == .closed { try openTask(for: found, .closed, tried: []) }
    case .drop(let reason):
      // Of a visit or patient that no reminder concerns any more, nobody need ask.
      let isMoot = clearance.failures.contains { $0.check == .patient || $0.check == .occurrence }
      if try !isMoot && handDoubt(of: found) { return }
      try end(reminder, .drop, reason: reason, record: record)
    case .staff(let reason): try hand(found, reason: reason, record: record, task: TaskReason(reason))
    case .expire: try expire(found, record)
    }
  }
}

extension DueReminder {
  /// R10: a retry is not late, nor what its channel's pace or the budget deferred, nor what staff released from a backlog.
  var isFirstLook: Bool { state == .planned && messageID == nil && !isReleased }
}
