internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// Acts on the timed events that are no reminders, inside one transaction.
struct DeadlineRound {
  let transaction: Transaction
  let terms: ClearanceTerms
  let now: Instant
  private(set) var notes: [Note] = []
  /// Whether any deadline was acted on, which shows that the database works.
  private(set) var hasActed = false
  /// How many more dates of series this pass may make.
  private var room = Self.dates
  /// Series are due that this pass had no room for.
  private var isUnfinished = false

  /// Dates of series made in one pass.
  private static let dates = 200
  /// How long until a deadline is tried again whose rows cannot be understood, in seconds.
  private static let pause: Int64 = 86_400

  /// Bodies deleted in one pass.
  private static let batch = 500

  init(_ transaction: Transaction, terms: ClearanceTerms, now: Instant) {
    self.transaction = transaction
    self.terms = terms
    self.now = now
  }

  /// Acts on up to `limit` of what is due. Returns how many that were, or `limit` if more is due at once. One whose rows
  /// cannot be understood stops no other (promise 33).
  mutating func run(limit: Int) throws -> Int {
    let due = try transaction.dueDeadlines(now: now, limit: limit)
    var faults = 0
    for deadline in due {
      let before = (notes: notes.count, room, isUnfinished)
      if try transaction.attempt({ try act(on: deadline) }) == nil { continue }
      notes.removeSubrange(before.notes...)
      (room, isUnfinished) = (before.1, before.2)
      faults += 1
      try setAside(deadline)
    }
    hasActed = due.count > faults
    return isUnfinished ? limit : due.count
  }

  private mutating func act(on deadline: Deadline) throws {
    if deadline.kind == .horizon { return try extend(deadline) }
    try transaction.removeDeadline(deadline.kind, subject: deadline.subject)
    switch deadline.kind {
    case .escalation: try escalate(deadline)
    case .ladder: try climb(deadline)
    case .holdEnd: try endHold(deadline)
    case .retention: try deleteBodies()
    case .horizon, .unmarked, .staffMessage, .task, .digest, .notSent, .auditHead: break
    }
  }

  /// R5: makes the dates of a series that have come within reach.
  private mutating func extend(_ deadline: Deadline) throws {
    guard room > 0 else {
      isUnfinished = true
      return
    }
    guard let id = Int64(deadline.subject.dropFirst(2)) else {
      return try transaction.removeDeadline(.horizon, subject: deadline.subject)
    }
    let made = try transaction.extend(series: id, settings: terms.settings, zones: terms.zones, now: now, limit: room)
    room -= made
    if made > 0 {
      try transaction.audit(AuditRecord("extend", deadline.subject, ["dates=\(made)"]), by: .daemon, at: now)
    }
    if room <= 0 { isUnfinished = true }
  }

  /// A person looks at what could not be done, and it is tried again in a day.
  private mutating func setAside(_ deadline: Deadline) throws {
    try transaction.postpone(deadline: deadline.id, to: now + Self.pause)
    let concern = try transaction.concern(of: deadline)
    var task = NewTask(
      subject: deadline.subject, reason: .manual, patientID: concern.patient, occurrenceID: deadline.occurrenceID,
      priority: concern.priority ?? .routine, owner: (concern.owner ?? .frontDesk).description,
      dueAt: terms.dueOfUnreadable(concern.priority ?? .routine, now: now), tried: ["unreadable"])
    var id: Int64 = 0
    if try transaction.attempt({ id = try transaction.openTask(task, now: now) }) != nil {
      // What it refers to may be what is amiss.
      (task.patientID, task.occurrenceID) = (nil, nil)
      id = try transaction.openTask(task, now: now)
    }
    notes.append(
      Note(
        event: .remindersHanded,
        fields: [
          .followup: deadline.subject, .task: SubjectID.task(id), .reason: Reason.unreadable.rawValue,
        ]))
  }

  /// Unconfirmed by then: a person calls.
  private mutating func escalate(_ deadline: Deadline) throws {
    guard let id = deadline.occurrenceID, let occurrence = try transaction.unconfirmedOccurrence(id),
      occurrence.anchorAt > now
    else {
      return
    }
    let plan = try terms.settings.plans[occurrence.plan] ?? transaction.latestPlan(named: occurrence.plan)
    let task = try transaction.openTask(
      NewTask(
        subject: deadline.subject, reason: .unconfirmed, patientID: occurrence.patientID, occurrenceID: id,
        priority: occurrence.priority, owner: plan?.escalation?.to.description ?? occurrence.owner,
        dueAt: taskDue(
          occurrence.priority, now: now, anchor: occurrence.anchorAt, settings: terms.settings, zones: terms.zones),
        tried: try ladder.tried(of: id)),
      now: now)
    tellUnconfirmed(deadline, task)
  }

  private var ladder: LadderRound { LadderRound(transaction, terms: terms, now: now) }

  private mutating func climb(_ deadline: Deadline) throws {
    if let task = try ladder.climb(deadline) { tellUnconfirmed(deadline, task) }
  }

  private mutating func tellUnconfirmed(_ deadline: Deadline, _ task: Int64) {
    notes.append(
      Note(
        event: .remindersHanded,
        fields: [
          .followup: deadline.subject, .task: SubjectID.task(task), .reason: TaskReason.unconfirmed.rawValue,
        ]))
  }

  private mutating func endHold(_ deadline: Deadline) throws {
    guard let id = Int64(deadline.subject.dropFirst(2)), try !transaction.isReleased(hold: id) else { return }
    try transaction.release(hold: id, by: Actor.daemon.staff, now: now)
    try transaction.wakeHeld(now: now)
    try transaction.audit(AuditRecord("release", deadline.subject, ["until"]), by: .daemon, at: now)
    notes.append(Note(event: .holdReleased, fields: [.hold: deadline.subject]))
  }

  private func deleteBodies() throws {
    let kept = terms.settings.retention.messageBodies.seconds
    _ = try transaction.deleteBodies(finalBefore: now - kept + 1, limit: Self.batch)
    if let next = try transaction.nextBodyDeletion(after: kept, now: now) {
      try transaction.setDeadline(.retention, subject: "clinic", at: next)
    }
  }
}
