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
      // What a move ended is the last of no date that has others.
      let revisions = Dictionary(reminders.map { ($0.occurrenceID, $0.revision) }, uniquingKeysWith: max)
      let last = reminders.filter { $0.revision == revisions[$0.occurrenceID] }
        .max { ($0.plannedAt, $0.id) < ($1.plannedAt, $1.id) }
      let chosen = pending.isEmpty ? [last].compactMap { $0 } : pending
      let terms = try clearanceTerms(in: transaction)
      let items = try chosen.prefix(200).map { try explanation(of: $0, terms, in: transaction) }
      return list(items, total: chosen.count, in: transaction)
    }
  }

  /// The reminders that an ID, a reminder's id or WHO means.
  func reminders(of text: String, in transaction: Transaction) throws -> [ListedReminder] {
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

  private func explanation(
    of reminder: ListedReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> ExplanationView {
    let verdict = try verdict(on: reminder, terms, in: transaction)
    let occurrence = try transaction.occurrence(id: reminder.occurrenceID)
    let zone = try occurrence.flatMap { try? self.zone(named: $0.zone) } ?? clinicZone()
    return ExplanationView(
      decision: verdict.decision, until: verdict.until?.rfc3339, reason: verdict.reason?.rawValue,
      checks: verdict.answers.map {
        CheckView(
          n: $0.check.rawValue, name: $0.check.name, passed: $0.reason == nil, reason: $0.reason?.rawValue,
          detail: $0.detail)
      }, reminder: ReminderView(reminder), history: try history(of: reminder, in: transaction),
      zone: occurrence?.zone, said: try said(verdict, of: reminder, zone, in: transaction))
  }
}
