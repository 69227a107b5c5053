package import FollowUpCore
internal import GRDB

extension Transaction {
  /// Plans what is still ahead of an occurrence anew, for a cause that is no move: another zone, other hours, another plan,
  /// a patient who is active again. What was sent or ended stays as it is, and nothing is sent in the past (R10). An
  /// escalation that this one is newly given is due now if its instant has passed. Withdraw claims first.
  /// - Throws: `ZoneError` if a zone of it is unknown.
  package func planAnew(occurrence id: Int64, settings: Settings, zones: any ZoneSource, now: Instant) throws {
    let book = PlanBook(settings, zones, now: now)
    guard
      let occurrence = try plannableOccurrences(from: id, through: id, limit: 1, isAnyStatus: true).occurrences.first
    else { return }
    _ = try planAnew(
      occurrence, try stepRows(from: id, through: id)[id] ?? [], escalation: try escalations(from: id, through: id)[id],
      book, isRehearsal: false, isByStaff: true)
    try settle(occurrence: id, now: now)
  }

  /// The next batch of open occurrences after the number `after`. A row whose zone cannot be read stays as it is and
  /// becomes a task; others go on (promise 18).
  /// - Returns: what changed, and where the next batch begins; nil: that was all.
  package func planAnew(
    after: Int64, by replanner: Replanner, now: Instant, isRehearsal: Bool = false
  ) throws -> (tally: PlanningTally, next: Int64?) {
    let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM occurrence")) ?? 0
    // A stretch of old, closed occurrences must not make one batch long.
    let end = after + Int64(Replanner.batch * 8)
    let (occurrences, stop) = try plannableOccurrences(from: after + 1, through: end, limit: Replanner.batch)
    let tally = try planAnew(occurrences, replanner, now: now, isRehearsal: isRehearsal)
    let reached = stop ?? end
    return (tally, reached < last ? reached : nil)
  }

  /// At once if nothing fails; else each by itself, so that one that fails undoes nothing of the others (promise 33).
  private func planAnew(
    _ occurrences: [PlannableOccurrence], _ replanner: Replanner, now: Instant, isRehearsal: Bool
  ) throws -> PlanningTally {
    func book() -> PlanBook { PlanBook(replanner.settings, replanner.zones, now: now) }
    var tally = PlanningTally()
    let all = book()
    if try attempt({ tally = try planAnew(occurrences, all, isRehearsal: isRehearsal) }) == nil { return tally }
    tally = PlanningTally()
    for occurrence in occurrences {
      var one = PlanningTally()
      let own = book()
      if try attempt({ one = try planAnew([occurrence], own, isRehearsal: isRehearsal) }) == nil {
        tally += one
      } else if !isRehearsal {
        // As it was planned before; if that cannot be told a person either, the look at its reminders will.
        _ = try attempt { try tellUnreadable(occurrence, book(), tried: "unreadable") }
      }
    }
    return tally
  }

  private func planAnew(_ occurrences: [PlannableOccurrence], _ book: PlanBook, isRehearsal: Bool) throws
    -> PlanningTally
  {
    var tally = PlanningTally()
    guard let first = occurrences.first?.id, let last = occurrences.last?.id else { return tally }
    let rows = try stepRows(from: first, through: last)
    let escalations = try escalations(from: first, through: last)
    for occurrence in occurrences {
      do {
        tally += try planAnew(
          occurrence, rows[occurrence.id] ?? [], escalation: escalations[occurrence.id], book, isRehearsal: isRehearsal)
      } catch is ZoneError {
        // Of one that nothing is left to send of, nobody needs to know.
        guard rows[occurrence.id]?.contains(where: { !$0.reminder.state.isFinal }) ?? false else { continue }
        tally.unreadable += 1
        if !isRehearsal { try tellUnreadable(occurrence, book) }
      }
    }
    return tally
  }

  private func planAnew(
    _ occurrence: PlannableOccurrence, _ rows: [StepRow], escalation: Instant?, _ book: PlanBook, isRehearsal: Bool,
    isByStaff: Bool = false
  ) throws -> PlanningTally {
    var tally = PlanningTally()
    guard let civil = CivilDateTime(occurrence.civil) else { return tally }
    var occurrence = occurrence
    let anchor = try book.zones.zone(named: occurrence.zone).instant(of: civil)
    let hasMoved = anchor != occurrence.anchorAt
    occurrence.anchorAt = anchor
    guard let planned = try book.planned(occurrence, in: self, isRehearsal: isRehearsal) else { return tally }
    if hasMoved, !isRehearsal { try setAnchor(anchor, of: occurrence.id, now: book.now) }
    var hasChanged = hasMoved
    guard occurrence.patient == .active else {
      tally.occurrences = hasChanged ? 1 : 0
      return tally
    }
    let replanning = Replanning(
      priority: planned.priority, hours: planned.hours, zone: planned.zone, now: book.now)
    var left = rows.filter { $0.revision == occurrence.revision }
    var isAhead = false
    var isHanded = false
    func apply(_ change: ReminderChange?, to row: StepRow?, step: String, isBefore: Bool) throws {
      if isBefore, (change?.state ?? row?.reminder.state).map({ !$0.isFinal }) ?? false { isAhead = true }
      guard let change else { return }
      hasChanged = true
      if change.state == .handed { isHanded = true }
      tally.count(change.kind)
      if !isRehearsal { try write(change, to: row, step: step, of: planned) }
    }
    for (step, reminder) in zip(planned.plan.steps, planned.reminders) {
      var row: StepRow?
      if let index = left.firstIndex(where: { $0.step == step.id }) {
        var found = left.remove(at: index)
        found.reminder.isOfPresentPlan = found.version == planned.version
        row = found
      }
      let standing = Standing.of(step.when, status: occurrence.status, answer: occurrence.answer)
      try apply(
        replanning.change(of: row?.reminder, to: reminder, standing: standing), to: row, step: step.id,
        isBefore: step.at.isBefore)
    }
    for row in left {
      guard let (step, reminder) = planned.rung(row) else {
        try apply(
          replanning.change(of: row.reminder, to: nil, standing: .applies), to: row, step: row.step, isBefore: false)
        continue
      }
      var row = row
      row.reminder.isOfPresentPlan = row.version == planned.version
      let standing = Standing.of(step.when, status: occurrence.status, answer: occurrence.answer)
      try apply(
        replanning.change(of: row.reminder, to: reminder, standing: standing), to: row, step: row.step,
        isBefore: step.at.isBefore)
    }
    if !isRehearsal {
      if tally.cancelled > 0 {
        try cancelEmptyMessages(of: occurrence.id, now: book.now)
        // Whoever has a task for a step of it knows.
        if !isAhead, !isHanded, anchor > book.now { try tellLost(planned) }
      }
      try planEscalation(of: planned, present: escalation, isByStaff: isByStaff)
    }
    tally.occurrences = hasChanged ? 1 : 0
    return tally
  }

  /// Nothing is left that would reach a patient who must be reached: a person takes over.
  private func tellLost(_ planned: PlannedOccurrence) throws {
    guard planned.priority != .routine, !planned.occurrence.status.isOver, try !wasEverSent(occurrence: planned.id)
    else {
      return
    }
    try openTask(.manual, about: planned.occurrence, tried: [Reason.planChanged.rawValue], planned.book)
  }

  /// What `tried` says in the task of an occurrence that could not be planned.
  package static let unreadableZone = "zone-unreadable"

  private func tellUnreadable(_ occurrence: PlannableOccurrence, _ book: PlanBook, tried: String = unreadableZone)
    throws
  {
    guard occurrence.patient == .active else { return }
    try openTask(.manual, about: occurrence, tried: [tried], book)
  }
}

extension PlanningTally {
  fileprivate mutating func count(_ kind: ReminderChange.Kind) {
    switch kind {
    case .added: added += 1
    case .moved: moved += 1
    case .cancelled: cancelled += 1
    case .silent: break
    }
  }
}
