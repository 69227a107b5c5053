internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Changes what is given of a follow-up; an empty text clears. A change of the rule shows first what it does.
  func editFollowUp(_ request: EditFollowUp.Request) throws -> EditFollowUp.Reply {
    var wanted = FollowUpEdit()
    wanted.plan = try request.plan.map { try plan(named: $0) }
    wanted.priority = try request.priority.map { try word($0, "priority") }
    wanted.owner = try request.owner.map { try owner($0) }
    if let text = request.with { wanted.clinician = .some(text.trimmed.isEmpty ? nil : try clinician(text)) }
    if let text = request.note { wanted.note = .some(try note(text)) }
    if let text = request.repeat { wanted.rule = .some(try rule(text)) }
    guard !wanted.isEmpty else {
      throw ControlError(
        .usage, what: verb, why: "nothing to change is named", hint: "see 'followupctl help edit'", field: "id")
    }
    return try changeOne(request, mayAsk: request.repeat != nil) { transaction, withdrawing in
      let (followUp, occurrence) = try meant(request.id, in: transaction)
      let id = SubjectID.followUp(followUp.id)
      if case .some(.some) = wanted.rule, try self.followUp(request.id, in: transaction).key != nil {
        throw ControlError(
          .usage, what: verb, why: "a rule is the whole series', not one date's",
          hint: "name the follow-up without a date: \(id)", field: "id")
      }
      guard let patient = try transaction.patient(id: followUp.patientID) else { throw ControlError.unexpected(verb) }
      let edit = try edit(followUp, wanted, patient, present: occurrence, transaction, withdrawing)
      guard !edit.fields.isEmpty else {
        return .none(try view(followUp, in: transaction), "\(id) is as given; nothing to change")
      }
      try record(transaction, occurrence.subject, edit.fields)
      let said = "\(id) for \(patient.name): \(edit.said.joined(separator: "; "))"
      var effect = Effect(try view(followUp: followUp.id, in: transaction), said: [said])
      if let change = edit.ruleChange {
        effect.lines = [said] + lines(change)
        effect.touched = max(1, change.count)
        effect.asks = true
        effect.isOptional = true
        effect.question = "Change the dates of \(id)?"
      }
      return effect
    }
  }

  /// What is to change of a follow-up; nil: it stays, as against a nil inside, which clears.
  struct FollowUpEdit {
    var plan: Plan?
    var priority: Priority?
    var owner: Owner?
    var clinician: String??
    var note: String??
    var rule: String??
    /// The series begins there anew.
    var start: SeriesStart?

    var isEmpty: Bool {
      plan == nil && priority == nil && owner == nil && clinician == nil && note == nil && rule == nil && start == nil
    }
  }

  /// What an edit changed.
  struct EditOutcome {
    /// For the record.
    var fields: [String] = []
    /// In words that can be read out.
    var said: [String] = []
    var ruleChange: RuleChange?
  }

  /// Writes what differs, and lets it reach the reminders, tasks and dates that are still ahead (R5, R10).
  func edit(
    _ known: FollowUp, _ wanted: FollowUpEdit, _ patient: Patient, present: Occurrence, _ transaction: Transaction,
    _ withdrawing: any Withdrawing
  ) throws -> EditOutcome {
    var followUp = known
    var outcome = EditOutcome()
    func set<T: Equatable>(_ path: WritableKeyPath<FollowUp, T>, _ value: T?, _ field: String, _ said: String) {
      guard let value, followUp[keyPath: path] != value else { return }
      followUp[keyPath: path] = value
      outcome.fields.append(field)
      outcome.said.append(said)
    }
    let (plan, priority, owner) = (wanted.plan?.name ?? "", wanted.priority?.rawValue ?? "", wanted.owner)
    set(\.plan, wanted.plan?.name, "plan=\(plan)", "the plan is \(plan)")
    set(\.priority, wanted.priority, "priority=\(priority)", "the priority is \(priority)")
    set(\.owner, wanted.owner, "owner", "\(owner?.description ?? "") is the owner")
    let clinician = wanted.clinician.flatMap(\.self)
    set(\.clinician, wanted.clinician, "with", clinician.map { "with \($0)" } ?? "with no one in particular")
    let isNoteCleared = wanted.note.flatMap(\.self) == nil
    let isOnlyNote = outcome.fields.isEmpty
    set(\.note, wanted.note, "note", isNoteCleared ? "the note is cleared" : "the note is changed")
    let isRuleNew = try isNew(wanted, followUp)
    guard !outcome.fields.isEmpty || isRuleNew else { return outcome }
    if !isOnlyNote || isRuleNew {
      if known.status == .ended { throw alreadyClosed(present, SubjectID.followUp(known.id)) }
      try refuseUnfit(patient)
    }
    try transaction.update(followUp, now: now)
    try reach(followUp, from: known, transaction, withdrawing)
    if isRuleNew {
      let text = wanted.rule ?? followUp.rule
      let change = try changeRule(
        of: &followUp, to: text, start: wanted.start, present: present, transaction, withdrawing)
      outcome.ruleChange = change
      outcome.fields.append(text == nil ? "repeat=none" : "repeat")
      outcome.said.append(try repetition(of: followUp, after: present, in: transaction))
      outcome.said += said(change)
    } else if followUp.plan != known.plan {
      try extend(series: followUp.id, in: transaction)
    }
    return outcome
  }

  /// `every month on the last Friday; next: Fri 25 Dec 2026`
  func repetition(of followUp: FollowUp, after present: Occurrence, in transaction: Transaction) throws -> String {
    guard let rule = try followUp.recurrence() else {
      return "it repeats no more after \(Self.day(present.anchor.date))"
    }
    return rule.words + (try next(followUp, after: present, of: rule, in: transaction))
  }

  /// Whether a rule, or where it begins, differs from what is there, however it is spelled.
  private func isNew(_ wanted: FollowUpEdit, _ followUp: FollowUp) throws -> Bool {
    if let start = wanted.start, start.anchor != followUp.anchor || start.zone.name != followUp.zone { return true }
    guard let rule = wanted.rule, rule != followUp.rule else { return false }
    guard let given = rule, let known = followUp.rule else { return true }
    let anchor = followUp.anchor.date
    // One that cannot be read is mended by any other.
    guard let old = try? recurrence(known, anchor: anchor, requiresAnchor: false) else { return true }
    return try recurrence(given, anchor: anchor, requiresAnchor: false).text != old.text
  }

  /// Lets a new plan, priority or owner reach what hangs on the follow-up's open dates.
  private func reach(
    _ followUp: FollowUp, from known: FollowUp, _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws {
    if followUp.owner != known.owner {
      try transaction.reassignTasks(followUp: known.id, from: known.owner, to: followUp.owner)
    }
    let isReprioritised = followUp.priority != known.priority
    guard isReprioritised || followUp.plan != known.plan else { return }
    if isReprioritised { try transaction.setPriority(followUp.priority, followUp: known.id, now: now) }
    for occurrence in try transaction.occurrences(followUp: known.id) where !occurrence.status.isOver {
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      if isReprioritised {
        let due = taskDue(
          followUp.priority, now: now, anchor: occurrence.anchorAt, settings: settings, zones: context.zones)
        try transaction.setTaskPriority(followUp.priority, occurrence: occurrence.id, dueAt: due)
      }
      try planAnew(occurrence, in: transaction)
    }
  }
}
