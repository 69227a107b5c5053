internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// What the first pass does before any other: settles the claims of an earlier run, and takes over the mode.
struct Recovery: Sendable {
  let begun: BegunFile
  let invocation: String
  /// An older database was put in place: sending stays on hold until staff have looked (promise 9).
  let isRestored: Bool

  func run(
    _ transaction: Transaction, terms: ClearanceTerms, channels: Channels, now: Instant
  ) throws -> [Note] {
    var notes: [Note] = []
    var ending = ResultRound(transaction, terms: terms, channels: channels, now: now, invocation: invocation)
    let stranded = try transaction.strandedAttempts(invocation: invocation)
    for (attempt, message) in stranded {
      let (hadBegun, wasDelivered) =
        if case .begun(let ids, let delivered) = begun.found {
          (ids.contains(attempt), delivered.contains(attempt))
        } else { (true, false) }
      if wasDelivered {
        try transaction.adopt(attempt: attempt, invocation: invocation)
        let outcome = Outcome.delivered(code: "before-restart", gatewayID: nil)
        try ending.record(AttemptResult(messageID: message, attemptID: attempt, outcome: outcome))
      } else if !hadBegun {
        try transaction.releaseStranded(attempt: attempt, message: message, now: now)
      } else {
        try transaction.adopt(attempt: attempt, invocation: invocation)
        let fault = Fault(code: "daemon-ended", detail: "the daemon ended while the message may have been leaving")
        // Not apart from the others: one that is not settled here would count as never begun at the next start, and leave
        // twice.
        try ending.record(AttemptResult(messageID: message, attemptID: attempt, outcome: .uncertain(fault)))
      }
    }
    notes += ending.notes
    if !stranded.isEmpty { notes.append(Note(event: .recovered, fields: [.count: String(stranded.count)])) }
    let ended = try transaction.setMode(terms.settings.delivery.mode, now: now)
    if ended > 0 {
      notes.append(Note(event: .replanned, fields: [.count: String(ended), .reason: Reason.trial.rawValue]))
    }
    if isRestored {
      let hold = try restoredHold(transaction, now: now)
      notes.append(Note(event: .databaseRestored, fields: [.hold: SubjectID.hold(hold)]))
      notes += try doubtThePast(transaction, terms: terms, channels: channels, now: now)
    }
    return notes
  }

  /// The hold that the older database comes under; it may hold one from an earlier time already.
  private func restoredHold(_ transaction: Transaction, now: Instant) throws -> Int64 {
    if let known = try transaction.openHolds().first(where: { $0.kind == .restored }) { return known.id }
    let id = try transaction.insert(
      Hold(
        kind: .restored, subject: nil, until: nil, reason: "an older database was put in place",
        createdBy: Actor.daemon.staff, now: now))
    try transaction.audit(AuditRecord("hold", SubjectID.hold(id), ["kind=restored"]), by: .daemon, at: now)
    return id
  }

  /// Whatever could have left between the older database's last moment and now is in doubt, with a task each: the database
  /// that would know is gone (promise 9).
  private func doubtThePast(
    _ transaction: Transaction, terms: ClearanceTerms, channels: Channels, now: Instant
  ) throws -> [Note] {
    var round = SendingRound(
      transaction, terms: terms, channels: channels, now: now, invocation: invocation,
      space: ChannelSpace(room: [:], stalled: []), destinations: DestinationSpace(), isWary: true)
    let reminders = try transaction.mayHaveLeft(
      by: now, bundledWithin: terms.settings.budget.bundleWithin.seconds)
    // A row that means nothing goes the way of such rows, later (promise 33).
    for id in reminders {
      let before = round
      guard try transaction.attempt({ try round.doubt(id) }) != nil else { continue }
      round = before
      // It may have left all the same: a person looks at it.
      let fault = try transaction.attempt {
        if let reminder = try transaction.reminder(id) { try round.setAside(reminder) }
      }
      if fault != nil { round = before }
    }
    return round.notes
  }
}
