internal import FollowUpCore

/// The plans and hours of one transaction, each looked up once.
final class PlanBook {
  let settings: Settings
  let zones: any ZoneSource
  let now: Instant
  private var plans: [String: (plan: Plan, version: Int64?)] = [:]
  private var hoursByText: [String: ContactHours?] = [:]

  init(_ settings: Settings, _ zones: any ZoneSource, now: Instant) {
    self.settings = settings
    self.zones = zones
    self.now = now
  }

  /// The plan in force, or its last text if it is gone. The version is nil where a rehearsal meets a new text.
  private func plan(
    named name: String, in transaction: Transaction, isRehearsal: Bool
  ) throws -> (plan: Plan, version: Int64?)? {
    if let known = plans[name] { return known }
    guard let plan = try settings.plans[name] ?? transaction.latestPlan(named: name) else { return nil }
    let version =
      isRehearsal ? try transaction.knownVersion(of: plan) : try transaction.planVersion(of: plan, now: now)
    plans[name] = (plan, version)
    return (plan, version)
  }

  /// Nil if it has no plan, or its row means nothing.
  /// - Throws: `ZoneError` if its patient's zone is unknown.
  func planned(
    _ occurrence: PlannableOccurrence, in transaction: Transaction, isRehearsal: Bool = false
  ) throws -> PlannedOccurrence? {
    guard let priority = Priority(rawValue: occurrence.priority),
      let (plan, version) = try plan(named: occurrence.plan, in: transaction, isRehearsal: isRehearsal)
    else { return nil }
    return PlannedOccurrence(
      occurrence: occurrence, priority: priority,
      zone: try zones.zone(named: occurrence.patientZone ?? settings.clinic.zone),
      hours: occurrence.patientHours.flatMap(hours) ?? settings.contactHours.week, plan: plan, version: version,
      book: self)
  }

  private func hours(_ text: String) -> ContactHours? {
    if let known = hoursByText[text] { return known }
    let hours = ContactHours(text)
    hoursByText[text] = .some(hours)
    return hours
  }
}

/// An occurrence with what its plan makes of it.
struct PlannedOccurrence {
  let occurrence: PlannableOccurrence
  let priority: Priority
  /// The patient's.
  let zone: Zone
  let hours: ContactHours
  let plan: Plan
  /// Nil where a rehearsal meets a new text.
  let version: Int64?
  let book: PlanBook

  var id: Int64 { occurrence.id }
  var now: Instant { book.now }

  private var planner: Planner { Planner(patientZone: zone, hours: hours, now: now) }

  /// One for each step of the plan, in its order.
  var reminders: [PlannedReminder] {
    planner.reminders(of: plan, anchor: occurrence.anchorAt, key: occurrence.subject)
  }

  /// What the plan makes of a rung that is promised already: it keeps its instant as far as hours let it. Nil for what is no
  /// rung, or one of a step that the plan has no more.
  func rung(_ row: StepRow) -> (step: Step, reminder: PlannedReminder)? {
    guard let rung = Rung(row.step), let step = plan.step(rung.base) else { return nil }
    return (
      step,
      planner.reminder(
        for: rung, of: step, due: row.reminder.plannedAt, anchor: occurrence.anchorAt, key: occurrence.subject)
    )
  }

  /// When staff are to call if nobody has confirmed by then; nil: never, or no more.
  var escalatesAt: Instant? {
    guard let escalation = plan.escalation, priority != .routine || escalation.routine, occurrence.anchorAt > now,
      occurrence.status == .open, occurrence.answer == .none
    else { return nil }
    return escalation.after.instant(anchor: occurrence.anchorAt, in: zone)
  }
}
