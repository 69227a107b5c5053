internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// Every check of R12 for each reminder that is not final, the next first; or for the last one if all are.
  func explain(_ request: Explain.Request) throws -> Explain.Reply {
    try read { transaction in
      let reminders = try reminders(of: request.subject, in: transaction)
      let pending = reminders.filter { !$0.state.isFinal }.sorted {
        ($0.wakeAt ?? $0.plannedAt, $0.id) < ($1.wakeAt ?? $1.plannedAt, $1.id)
      }
      let last = reminders.max { ($0.revision, $0.plannedAt, $0.id) < ($1.revision, $1.plannedAt, $1.id) }
      let chosen = pending.isEmpty ? [last].compactMap { $0 } : pending
      let terms = try clearanceTerms(in: transaction)
      let items = try chosen.prefix(200).map { try explanation(of: $0, terms, in: transaction) }
      return ItemList(items: items, total: chosen.count)
    }
  }

  /// The reminders that an ID, a reminder's id or WHO means.
  private func reminders(of text: String, in transaction: Transaction) throws -> [ListedReminder] {
    let text = text.trimmed
    switch TypedID(text) {
    case .reminder(let number, let key, let revision, let kind, let step):
      let found = try transaction.listedReminder(
        followUp: number, key: key, revision: revision, kind: kind, step: step)
      guard let found else { throw notFound(text, "there is no such reminder") }
      return [found]
    case .message(let id): return try message(id, in: transaction).reminders
    case .followUp, .external: return try remindersOfFollowUp(text, in: transaction)
    case .number(let id):
      // A ref may be a bare number too; the follow-up's comes first, as in every ID.
      if try transaction.followUp(id: id) != nil { return try remindersOfFollowUp(text, in: transaction) }
    case .task, .hold, nil: break
    }
    let patient = try patient(text, in: transaction)
    return try transaction.followUps(patient: patient.id, status: nil).flatMap {
      try transaction.listReminders(followUp: $0.id)
    }
  }

  private func remindersOfFollowUp(_ text: String, in transaction: Transaction) throws -> [ListedReminder] {
    let (followUp, key) = try followUp(text, in: transaction)
    let all = try transaction.listReminders(followUp: followUp.id)
    guard let key else { return all }
    _ = try meant(text, in: transaction)
    return all.filter { $0.occurrenceKey == key }
  }

  /// What clearance goes by at this moment.
  func clearanceTerms(in transaction: Transaction) throws -> ClearanceTerms {
    ClearanceTerms(
      settings: settings, zones: context.zones, isClockBelieved: service.isClockBelieved,
      holds: try transaction.openHolds())
  }

  /// What is decided of a reminder, and when.
  struct Verdict {
    /// `send`, `defer`, `drop`, `staff`.
    var decision: String
    var until: Instant?
    var reason: Reason?
    var answers: [CheckAnswer] = []
  }

  /// What clearance would say when the reminder is looked at next; of a final one, what was decided.
  func verdict(
    on listed: ListedReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> Verdict {
    let at = listed.state.isFinal ? now : max(now, listed.wakeAt ?? now)
    var verdict = Verdict(decision: "defer", until: listed.wakeAt, reason: listed.reason)
    if let reminder = try transaction.reminder(listed.id),
      let found = try? transaction.clearanceCase(reminder, terms, at: at)
    {
      let clearance = Clearance(found.facts, now: at)
      verdict = Self.verdict(clearance, at: at)
    }
    if listed.state.isFinal {
      verdict.decision = Self.decision(of: listed.state)
      verdict.until = nil
      verdict.reason = listed.reason
    } else if listed.state == .claimed {
      verdict.decision = "send"
      verdict.reason = nil
    }
    return verdict
  }

  private static func verdict(_ clearance: Clearance, at: Instant) -> Verdict {
    let answers = clearance.answers
    switch clearance.decision {
    case .send: return Verdict(decision: "send", until: at, reason: nil, answers: answers)
    case .defer(let until, let reason):
      return Verdict(decision: "defer", until: until, reason: reason, answers: answers)
    case .drop(let reason): return Verdict(decision: "drop", until: at, reason: reason, answers: answers)
    case .staff(let reason): return Verdict(decision: "staff", until: at, reason: reason, answers: answers)
    case .expire: return Verdict(decision: "drop", until: at, reason: .expired, answers: answers)
    }
  }

  private static func decision(of state: ReminderState) -> String {
    switch state {
    case .sent: "send"
    case .handed, .failed: "staff"
    default: "drop"
    }
  }

  private func explanation(
    of reminder: ListedReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> ExplanationView {
    let verdict = try verdict(on: reminder, terms, in: transaction)
    let occurrence = try transaction.occurrence(id: reminder.occurrenceID)
    return ExplanationView(
      decision: verdict.decision, until: verdict.until?.rfc3339, reason: verdict.reason?.rawValue,
      checks: verdict.answers.map {
        CheckView(
          n: $0.check.rawValue, name: $0.check.name, passed: $0.reason == nil, reason: $0.reason?.rawValue,
          detail: $0.detail)
      }, reminder: ReminderView(reminder), history: try history(of: reminder, in: transaction),
      zone: occurrence?.zone)
  }

  /// What happened to it, the oldest first: its attempts, what was done to its occurrence, its present state.
  private func history(of reminder: ListedReminder, in transaction: Transaction) throws -> [HistoryView] {
    var events: [(Instant, HistoryView)] = []
    for id in try transaction.messageIDs(reminder: reminder.id) {
      for attempt in try transaction.listAttempts(message: id) {
        let view = HistoryView(
          at: attempt.claimedAt.rfc3339, what: attempt.state.rawValue, reason: nil, by: nil,
          detail: ([SubjectID.message(id)] + [attempt.code].compactMap { $0 }).joined(separator: " "))
        events.append((attempt.claimedAt, view))
      }
    }
    let occurrence = SubjectID.occurrence(followUp: reminder.followUpID, key: reminder.occurrenceKey)
    for record in try transaction.records(of: occurrence, limit: 50) {
      events.append(
        (record.at, HistoryView(at: record.at.rfc3339, what: record.verb, reason: nil, by: record.staff, detail: nil)))
    }
    let state = HistoryView(
      at: reminder.updatedAt.rfc3339, what: reminder.state.rawValue, reason: reminder.reason?.rawValue, by: nil,
      detail: nil)
    return events.sorted { $0.0 < $1.0 }.map(\.1) + [state]
  }
}
