import FollowUpCore
import Support
import Testing

@testable import FollowUpService

/// What became of each reminder, against what was promised and what happened.
extension Account {
  /// Every date and step that the ledger counts has its row, and none has a row that it does not count.
  func checkCounts(_ ledger: PromiseLedger, _ comment: Comment) {
    let rows = Set(reminders.map(\.name))
    let (names, possible) = (ledger.names, ledger.possible)
    let (lost, unasked) = (names.subtracting(rows), rows.subtracting(names).subtracting(possible))
    #expect(lost.isEmpty, "\(comment): \(lost.count) never made: \(lost.sorted().prefix(5))")
    #expect(unasked.isEmpty, "\(comment): \(unasked.count) nobody asked for: \(unasked.sorted().prefix(5))")
    #expect(rows.count == reminders.count, comment)
    #expect(Set(reminders.map(\.subject)) == Set(ledger.visits.map(\.subject)), comment)
  }

  /// Every reminder that matters ends sent or with a person, or for a reason that is true and that the rules let end it in
  /// silence: R9, R10, R12 (checks 1 and 2), R14, R16.
  /// - Parameter tasks: `REASON|F-12@2026-12-01` of each task that there ever was.
  func checkEnds(_ ledger: PromiseLedger, _ rules: RulesInForce, tasks: Set<String>, _ comment: Comment) {
    let visits = Dictionary(uniqueKeysWithValues: ledger.visits.map { ($0.subject, $0) })
    let bySubject = Dictionary(grouping: reminders, by: \.subject)
    for reminder in reminders where reminder.state.isFinal {
      guard let visit = visits[reminder.subject], let others = bySubject[reminder.subject] else { continue }
      #expect(
        isEnd(reminder, of: visit, others, ledger, rules, tasks),
        "\(comment): \(reminder.name), \(reminder.priority), ended \(reminder.state) (\(reminder.reason))")
    }
  }

  private func isEnd(
    _ reminder: Reminder, of visit: PromiseLedger.Visit, _ others: [Reminder], _ ledger: PromiseLedger,
    _ rules: RulesInForce, _ tasks: Set<String>
  ) -> Bool {
    func hasTask(_ reasons: TaskReason...) -> Bool {
      reasons.contains { tasks.contains("\($0.rawValue)|\(reminder.subject)") }
    }
    let isRoutine = reminder.priority == .routine
    let wasSent = others.contains { $0.state == .sent }
    let steps = rules.spans.compactMap { $0.settings.plans[ledger.plan(of: visit)]?.step(reminder.step) }
    switch (reminder.state, Reason(rawValue: reminder.reason)) {
    case (.sent, _): return reminder.sentAt != nil
    case (.handed, _), (.failed, _): return reminder.hasTask
    case (.cancelled, .moved), (.dropped, .moved): return reminder.revision < visit.revision
    case (.dropped, .unconfirmed): return steps.contains { $0.when == .confirmed }
    case (.cancelled, let reason?),
      (.dropped, let reason?) where Self.told.contains(reason):
      return visit.happened.contains(reason)
    case (.dropped, .late): return steps.contains { $0.late == .skip }
    // What is pressing is a person's then.
    case (.dropped, .noPermittedTime): return isRoutine
    case (.dropped, .stopped): return isRoutine && ledger.withdrawn.contains(ledger.patient(of: visit))
    // R10: its expiry raises a task, if nothing of it was ever sent.
    case (.expired, .expired): return isRoutine || wasSent || hasTask(.expired)
    case (.superseded, .later):
      return others.contains {
        $0.revision == reminder.revision && $0.intendedAt >= reminder.intendedAt && $0.name != reminder.name
          && $0.state != .superseded
      }
    case (.superseded, .planChanged):
      return rules.spans.count > 1
        && (isRoutine || others.contains { $0.state == .sent || $0.hasTask } || hasTask(.manual))
    default: return false
    }
  }

  private static let told: Set<Reason> = [
    .deceased, .inactive, .confirmed, .declined, .rearrange, .callMe, .completed, .missed, .cancelled,
  ]

  /// Of visits to which nothing happened, of patients who can be written to: how many there were, and of how many the
  /// patient was told or a person has the task.
  func undisturbed(
    _ ledger: PromiseLedger, _ story: RandomClinic, closed: [ClosedRange<CivilDate>], before end: Instant
  ) throws -> (count: Int, told: Int) {
    let touched = Set(story.happenings.compactMap(\.promise))
    let bySubject = Dictionary(grouping: reminders, by: \.subject)
    var (count, told) = (0, 0)
    for visit in ledger.visits where !touched.contains(visit.promise) {
      let promise = story.promises[visit.promise]
      let patient = story.patients[promise.patient]
      let anchor = try ledger.instant(of: visit, at: end)
      guard ["visit", "surgery", "biopsy"].contains(promise.plan), !ledger.withdrawn.contains(promise.patient),
        !patient.isCallOnly, patient.contacts.contains(where: { $0.consent == .granted && !$0.isWrong }),
        !closed.contains(where: { $0.contains(visit.anchor.date) }), anchor - visit.madeAt > 4 * 86_400, anchor < end
      else { continue }
      count += 1
      let states = bySubject[visit.subject, default: []]
      if states.contains(where: { $0.state == .sent || $0.hasTask }) { told += 1 }
    }
    return (count, told)
  }
}
