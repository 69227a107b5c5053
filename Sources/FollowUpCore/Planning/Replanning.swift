/// A step's reminder as its row stands before it is planned anew.
package struct CurrentReminder: Sendable, Equatable {
  package var state: ReminderState
  package var reason: Reason?
  package var intendedAt: Instant
  package var plannedAt: Instant
  package var expiresAt: Instant
  /// Nil while parked.
  package var wakeAt: Instant?
  /// It was planned by the text of the plan that is in force.
  package var isOfPresentPlan: Bool
  /// A message with it may have arrived, and is not at its end.
  package var isInDoubt: Bool

  package init(
    state: ReminderState, reason: Reason?, intendedAt: Instant, plannedAt: Instant, expiresAt: Instant,
    wakeAt: Instant?, isOfPresentPlan: Bool, isInDoubt: Bool = false
  ) {
    self.state = state
    self.reason = reason
    self.intendedAt = intendedAt
    self.plannedAt = plannedAt
    self.expiresAt = expiresAt
    self.wakeAt = wakeAt
    self.isOfPresentPlan = isOfPresentPlan
    self.isInDoubt = isInDoubt || state == .uncertain
  }
}

/// What planning anew makes of one reminder.
package struct ReminderChange: Sendable, Equatable {
  /// What people are told of it before and after.
  package enum Kind: Sendable, Equatable {
    /// It would not have been sent, and now will be.
    case added
    /// It will be sent at another instant.
    case moved
    /// It would have been sent, and now will not be.
    case cancelled
    /// Nobody will notice.
    case silent
  }

  package var kind: Kind
  package var state: ReminderState
  package var reason: Reason?
  package var intendedAt: Instant
  package var plannedAt: Instant
  package var expiresAt: Instant
  package var wakeAt: Instant?
  /// It follows the present text of the plan from now on.
  package var takesPlan = true
}

extension ReminderChange {
  /// A step that is promised now: one that is planned for a time past is late, and looked at at once (R10). One that no
  /// permitted minute is left for goes to a person, unless it is routine (R8).
  package init(promising planned: PlannedReminder, _ priority: Priority, now: Instant) {
    let (state, reason): (ReminderState, Reason?) =
      planned.isPermitted ? (.planned, nil) : (Self.unpermitted(priority), .noPermittedTime)
    self.init(
      kind: .added, state: state, reason: reason, intendedAt: planned.intendedAt, plannedAt: planned.plannedAt,
      expiresAt: planned.expiresAt, wakeAt: planned.isPermitted ? max(now, planned.plannedAt) : nil)
  }

  fileprivate static func unpermitted(_ priority: Priority) -> ReminderState {
    priority == .routine ? .dropped : .handed
  }
}

/// R10: planning anew for another cause than a move: plan, configuration, zone, or a patient's hours. It never makes a send
/// in the past. Pure, and doing it twice changes nothing.
package struct Replanning: Sendable {
  package var priority: Priority
  package var hours: ContactHours
  package var zone: Zone
  package var now: Instant

  package init(priority: Priority, hours: ContactHours, zone: Zone, now: Instant) {
    self.priority = priority
    self.hours = hours
    self.zone = zone
    self.now = now
  }

  /// What becomes of the row `standing` (nil: there is none) where the plan makes `planned` of its step (nil: the plan has
  /// no such step any more); nil: it stays as it is.
  /// - Parameter standing: how the occurrence stands to what the step waits for.
  package func change(
    of row: CurrentReminder?, to planned: PlannedReminder?, standing: Standing
  ) -> ReminderChange? {
    guard let row else { return planned.map { insertion(of: $0, standing) } }
    switch row.state {
    case .claimed, .sent, .expired, .failed, .handed: return nil
    case .cancelled, .superseded, .dropped: return revival(of: row, to: planned, standing)
    case .planned, .deferred, .held, .waiting, .uncertain: break
    }
    guard let planned else {
      // Whether it arrived is not known, and nobody will be told again: a person asks (`delivery.md`, Doubt).
      return row.isInDoubt ? end(row, .handed, .uncertainDelivery) : end(row, .superseded, .planChanged)
    }
    if case .not(let reason, forGood: true) = standing { return end(row, .cancelled, reason) }
    let wasTried = row.state == .waiting || row.isInDoubt
    return row.plannedAt > now && !wasTried
      ? ahead(row, to: planned) : due(row, to: planned, wasTried: wasTried, standing)
  }

  private func insertion(of planned: PlannedReminder, _ standing: Standing) -> ReminderChange {
    if case .not(let reason, forGood: true) = standing { return made(planned, .silent, .cancelled, reason) }
    if !planned.isPermitted { return made(planned, .silent, unpermitted, .noPermittedTime) }
    if planned.plannedAt <= now { return made(planned, .silent, .superseded, .planChanged) }
    return made(planned, .added, .planned, nil)
  }

  /// What planning ended before comes back once planning has an instant ahead for it: a plan that was mended, hours that
  /// are open again, a patient who is active again.
  private func revival(
    of row: CurrentReminder, to planned: PlannedReminder?, _ standing: Standing
  ) -> ReminderChange? {
    let isPlannings: Bool =
      switch (row.state, row.reason) {
      case (.cancelled, .inactive), (.superseded, .planChanged), (.dropped, .noPermittedTime): true
      default: false
      }
    guard isPlannings, let planned, planned.isPermitted, planned.plannedAt > now else { return nil }
    if case .not(_, forGood: true) = standing { return nil }
    return made(planned, .added, .planned, nil)
  }

  private func ahead(_ row: CurrentReminder, to planned: PlannedReminder) -> ReminderChange? {
    guard planned.isPermitted else { return made(planned, .cancelled, unpermitted, .noPermittedTime) }
    let isSameStep = row.intendedAt == planned.intendedAt
    if planned.plannedAt <= now {
      // Wider hours make it past: it keeps the instant that it waits for, rather than being lost.
      guard isSameStep, row.plannedAt < planned.expiresAt, hours.allows(row.plannedAt, in: zone) else {
        return made(planned, .cancelled, .superseded, .planChanged)
      }
    } else if !isSameStep || row.plannedAt != planned.plannedAt {
      return moved(row, to: planned)
    }
    let isSame = row.expiresAt == planned.expiresAt && row.isOfPresentPlan
    return isSame ? nil : kept(row, expires: planned.expiresAt)
  }

  /// Due already: it stays due, unless its step itself is for later now. Hours alone are clearance's to judge.
  private func due(
    _ row: CurrentReminder, to planned: PlannedReminder, wasTried: Bool, _ standing: Standing
  ) -> ReminderChange? {
    if !wasTried, planned.isPermitted, planned.plannedAt > now, planned.intendedAt != row.intendedAt {
      return moved(row, to: planned)
    }
    var change = kept(row, expires: planned.expiresAt)
    change.takesPlan = !wasTried && !row.isOfPresentPlan
    switch (row.state, row.reason) {
    case (.deferred, .outsideHours):
      // Other hours may let it go earlier, or only later.
      change.wakeAt = hours.firstAllowed(atOrAfter: now, before: planned.expiresAt, in: zone) ?? now
    case (.deferred, .open) where standing == .applies:
      // It was looked at in time, and waited for people: it is not late, and stays deferred.
      (change.reason, change.wakeAt) = (nil, now)
    default: break
    }
    let isSame = change.expiresAt == row.expiresAt && change.wakeAt == row.wakeAt && change.state == row.state
    return isSame && !change.takesPlan ? nil : change
  }

  private var unpermitted: ReminderState { ReminderChange.unpermitted(priority) }

  private func made(
    _ planned: PlannedReminder, _ kind: ReminderChange.Kind, _ state: ReminderState, _ reason: Reason?
  ) -> ReminderChange {
    ReminderChange(
      kind: kind, state: state, reason: reason, intendedAt: planned.intendedAt, plannedAt: planned.plannedAt,
      expiresAt: planned.expiresAt, wakeAt: state == .planned ? planned.plannedAt : nil)
  }

  /// What is parked stays parked: whoever parked it wakes it at its new instant. What a backlog held is overdue no more.
  private func moved(_ row: CurrentReminder, to planned: PlannedReminder) -> ReminderChange {
    let kind: ReminderChange.Kind = row.plannedAt == planned.plannedAt ? .silent : .moved
    var change = made(planned, kind, .planned, nil)
    if row.state == .held, row.reason != .backlog {
      (change.state, change.reason, change.wakeAt) = (.held, row.reason, nil)
    }
    return change
  }

  private func kept(_ row: CurrentReminder, expires: Instant) -> ReminderChange {
    ReminderChange(
      kind: .silent, state: row.state, reason: row.reason, intendedAt: row.intendedAt, plannedAt: row.plannedAt,
      expiresAt: expires, wakeAt: row.wakeAt)
  }

  private func end(_ row: CurrentReminder, _ state: ReminderState, _ reason: Reason) -> ReminderChange {
    ReminderChange(
      kind: .cancelled, state: state, reason: reason, intendedAt: row.intendedAt, plannedAt: row.plannedAt,
      expiresAt: row.expiresAt, wakeAt: nil, takesPlan: false)
  }
}
