internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// An event for the journal, told once the transaction that it tells of is committed.
struct Note: Sendable {
  var event: Event
  var fields: JournalFields
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
  /// How many more may leave for destinations that are not wholly open.
  var destinations: DestinationSpace
  var claims: [Claim] = []
  var notes: [Note] = []
  /// Each look by itself, so that one that fails undoes nothing else: slower, and only for when one has failed.
  let isWary: Bool
  /// Looks that failed, each undone.
  private(set) var faults: [RowFault] = []
  /// What stays due, for its channel has no room, with that channel.
  var stays: [Int64: String] = [:]
  /// What is cleared and not claimed yet.
  var drafts = Drafts()
  /// This transaction has seen to it that bodies are deleted in time.
  var keepsBodies = false
  /// The occurrences that were looked at.
  private var seen: Set<Int64> = []

  init(
    _ transaction: Transaction, terms: ClearanceTerms, channels: Channels, now: Instant, invocation: String,
    space: ChannelSpace, destinations: DestinationSpace, isWary: Bool
  ) {
    self.transaction = transaction
    self.terms = terms
    self.channels = channels
    self.now = now
    self.invocation = invocation
    self.space = space
    self.destinations = destinations
    self.isWary = isWary
  }

  /// So many claims make a transaction: what they were is sent while the next one is under way (`delivery.md`, trap 14).
  static let mostClaims = 256

  var isSated: Bool { claims.count + drafts.count >= Self.mostClaims }

  /// Looks at due reminders in the order given; returns how many it looked at before there was room for none, or enough.
  /// - Throws: `RowFault` for the first that fails otherwise than the whole database does, unless `isWary`.
  mutating func run(_ due: [DueQueue.Entry]) throws -> Int {
    var looked = 0
    space.routineAhead = due.count { $0.priority == .routine }
    for entry in due {
      if space.isExhausted || isSated { break }
      looked += 1
      if entry.priority == .routine { space.routineAhead -= 1 }
      try lookGuarded(at: entry.id)
    }
    try claimDrafts()
    space.settle()
    return looked
  }

  /// Looks at a reminder so that a fault of its row is known as such: undone alone where the round is wary.
  mutating func lookGuarded(at id: Int64) throws {
    guard isWary else {
      do { try look(at: id) } catch let fault as RowFault {
        throw fault
      } catch  where SQLiteStore.mayConcernRow(error) {
        throw RowFault(reminder: id, cause: error)
      }
      return
    }
    let before = self
    if let fault = try transaction.attempt({
      try look(at: id)
      try claimDrafts()
    }) {
      self = before
      faults.append(RowFault(reminder: id, cause: (fault as? RowFault)?.cause ?? fault))
    }
  }

  /// What failed while others went is at fault itself and goes to staff, as does what means nothing. Where nothing went,
  /// the database may be at fault, and `faults` keeps it: it is looked at again.
  /// - Parameter isProven: something else of this pass shows that the database works.
  mutating func judge(isProven: Bool) throws {
    let isProven = isProven || !claims.isEmpty
    let found = faults
    faults = []
    for fault in found {
      let before = self
      guard isProven || SQLiteStore.concernsRow(fault.cause),
        try transaction.attempt({
          if let reminder = try transaction.reminder(fault.reminder) { try setAside(reminder) }
        }) == nil
      else {
        self = before
        faults.append(fault)
        continue
      }
    }
  }

  /// R10 looks at all due steps of an occurrence together.
  mutating func look(at id: Int64) throws {
    let (due, sent) = try transaction.dueReminders(with: id, now: now)
    guard let first = due.first(where: { $0.id == id }), !seen.contains(first.occurrenceID) else { return }
    if drafts.concern(due) {
      try claimDrafts()
      return try look(at: id)
    }
    seen.insert(first.occurrenceID)
    var open: [(ClearanceCase, Clearance)] = []
    for reminder in due {
      guard let found = try examine(reminder) else {
        try setAside(reminder)
        continue
      }
      if drafts.concern(found.addresses.values) {
        try claimDrafts()
        seen.remove(first.occurrenceID)
        return try look(at: id)
      }
      let clearance = Clearance(found.facts, now: now)
      let decidesEarly = clearance.failures.contains { $0.check.rawValue <= ClearanceCheck.expiry.rawValue }
      if decidesEarly { try apply(clearance, to: found) } else { open.append((found, clearance)) }
    }
    let steps = open.filter { $0.0.reminder.kind == .step }.map { found, _ in
      DueStep(
        id: found.reminder.id, intendedAt: found.reminder.intendedAt, plannedAt: found.reminder.plannedAt,
        policy: found.step?.late ?? .send, lateAfter: found.plan?.lateAfter.seconds ?? 900,
        isFirstLook: found.reminder.isFirstLook)
    }
    let lastSent = sent.filter { $0.revision == first.revision }.map(\.intendedAt).max()
    let verdicts = Lateness.decide(steps, lastSent: lastSent, now: now)
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
      if let channel = clearance.heldChannel { try transaction.setWaiting(reminder: reminder.id, for: channel) }
      // R20: somebody tells the patient; the reminder waits until the closure is over with.
      if reason == .closed { try openTask(for: found, .closed, tried: []) }
    case .drop(let reason):
      // Of a visit or patient that no reminder concerns any more, nobody need ask.
      let isMoot = clearance.failures.contains { $0.check == .patient || $0.check == .occurrence }
      if try !isMoot && handDoubt(of: found) { return }
      try end(reminder, .drop, reason: reason, record: record)
    case .staff(let reason):
      // Whoever takes it over must know that it may have arrived.
      if try handDoubt(of: found) { return }
      try hand(found, reason: reason, record: record, task: TaskReason(reason))
    case .expire: try expire(found, record)
    }
  }
}

extension DueReminder {
  /// R10: a retry is not late, nor what its channel's pace or the budget deferred, nor what staff released from a backlog.
  var isFirstLook: Bool { state == .planned && messageID == nil && !isReleased }
}
