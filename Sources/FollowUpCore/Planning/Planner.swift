/// One step of an occurrence, placed in time.
package struct PlannedReminder: Sendable, Equatable {
  package var step: String
  /// The step's instant by its offset alone (R4).
  package var intendedAt: Instant
  /// After contact hours (R8); a deferral never changes it.
  package var plannedAt: Instant
  /// From here on it is of no use (R9).
  package var expiresAt: Instant
  /// False: no permitted minute was left (`no-permitted-time`).
  package var isPermitted: Bool
}

/// Turns a plan and an anchor into reminders. Deterministic: planning twice gives the same rows.
package struct Planner: Sendable {
  package var patientZone: Zone
  package var hours: ContactHours
  package var now: Instant

  /// How long after their range's first minute those that R8 moved there are spread, in minutes.
  private static let spread: Int64 = 30
  /// How long a step that is no before-step stays useful, in seconds (R9).
  private static let usefulAfter: Int64 = 48 * 3600

  package init(patientZone: Zone, hours: ContactHours, now: Instant) {
    self.patientZone = patientZone
    self.hours = hours
    self.now = now
  }

  /// All steps of `plan` for an occurrence whose anchor is `anchor`; `key` (`F-12@2026-12-01`) seeds the spread.
  package func reminders(of plan: Plan, anchor: Instant, key: String) -> [PlannedReminder] {
    plan.steps.map { reminder(for: $0, anchor: anchor, key: key) }
  }

  package func reminder(for step: Step, anchor: Instant, key: String) -> PlannedReminder {
    let intended = step.at.instant(anchor: anchor, in: patientZone)
    let expires = expiry(of: step, intended: intended, anchor: anchor)
    let limit = forwardLimit(of: step, intended: intended, anchor: anchor, expires: expires)
    let placement = place(
      planned: intended, forwardLimit: limit, expires: expires, now: now, hours: hours, zone: patientZone)
    var planned = intended
    var permitted = true
    switch placement {
    case .asPlanned: break
    // What speaks of a visit that is over must not come before it: only before-steps move back.
    case .back where !step.at.isBefore: permitted = false
    case .back(let instant): planned = instant
    case .forward(let instant):
      planned = spreading(instant, before: instant < limit ? limit : expires, key: key + "/" + step.id)
    case .none: permitted = false
    }
    return PlannedReminder(
      step: step.id, intendedAt: intended, plannedAt: planned, expiresAt: expires, isPermitted: permitted)
  }

  /// A rung of `step` that is due at `due`: then, or at the next permitted minute (R8). It stands in its step's place in R10
  /// and R9: a later step overtakes it, and it is of use as long as its step.
  package func reminder(for rung: Rung, of step: Step, due: Instant, anchor: Instant, key: String) -> PlannedReminder {
    let intended = step.at.instant(anchor: anchor, in: patientZone)
    let expires = expiry(of: step, intended: intended, anchor: anchor)
    return reminder(for: rung, intended: intended, due: due, expires: expires, key: key)
  }

  /// A rung of what was intended for `intended` and is of use until `expires`.
  package func reminder(
    for rung: Rung, intended: Instant, due: Instant, expires: Instant, key: String
  ) -> PlannedReminder {
    var planned = due
    var permitted = true
    // Nothing is moved back: the instant before it is the message that nobody answered.
    switch place(planned: due, forwardLimit: expires, expires: expires, now: due, hours: hours, zone: patientZone) {
    case .asPlanned: break
    case .forward(let instant): planned = spreading(instant, before: expires, key: "\(key)/\(rung)")
    case .back, .none: permitted = false
    }
    return PlannedReminder(
      step: rung.description, intendedAt: intended, plannedAt: planned, expiresAt: expires, isPermitted: permitted)
  }

  /// R9: a before-step until the anchor, others 48 h; `useful` counts from the instant before R8.
  private func expiry(of step: Step, intended: Instant, anchor: Instant) -> Instant {
    let useful = step.useful.map { intended + $0.seconds }
    return step.at.isBefore ? min(anchor, useful ?? anchor) : useful ?? intended + Self.usefulAfter
  }

  /// R8: how far forward a before-step may move: less than a quarter of its lead, and a step of an earlier day not into
  /// the anchor's day.
  private func forwardLimit(of step: Step, intended: Instant, anchor: Instant, expires: Instant) -> Instant {
    guard step.at.isBefore else { return expires }
    var limit = min(expires, intended + max(0, anchor - intended) / 4)
    let anchorDay = patientZone.civil(at: anchor).date
    if patientZone.civil(at: intended).date < anchorDay {
      limit = min(limit, patientZone.instant(of: CivilDateTime(date: anchorDay, time: .midnight)))
    }
    return limit
  }

  private func spreading(_ instant: Instant, before limit: Instant, key: String) -> Instant {
    guard !hours.allows(instant - 60, in: patientZone) else { return instant }
    let minutes = Int64(stableHash(key) % UInt64(Self.spread))
    let spread = instant + minutes * 60
    return spread < limit && hours.allows(spread, in: patientZone) ? spread : instant
  }
}

/// FNV-1a, 64 bits: the same on every machine and in every release, for spreading and jitter, never for secrets.
package func stableHash(_ text: String) -> UInt64 {
  text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
}
