internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  func listFollowUps(_ request: ListFollowUps.Request) throws -> ListFollowUps.Reply {
    var filter = Transaction.FollowUpFilter()
    if let text = request.status {
      if let status = FollowUpStatus(rawValue: text) {
        filter.status = status
      } else if let status = OccurrenceStatus(rawValue: text) {
        filter.occurrenceStatus = status
      } else {
        let words = FollowUpStatus.allCases.map(\.rawValue) + OccurrenceStatus.allCases.map(\.rawValue)
        throw ControlError.invalid(
          verb, "status", "'\(text.shown)' is no status",
          Spelling.nearest(to: text, among: words).map { "did you mean '\($0)'?" }
            ?? "write one of: \(words.joined(separator: ", "))")
      }
    }
    filter.plan = try request.plan.map { try knownPlan($0) }
    filter.clinician = try request.with.map { try clinician($0) }
    filter.priority = try request.priority.map { try word($0, "priority") }
    let zone = try clinicZone()
    func midnight(_ date: CivilDate) -> Instant { zone.instant(of: CivilDateTime(date: date, time: .midnight)) }
    let from = try request.from.map { try day($0, "from") }
    let to = try request.to.map { try day($0, "to") }
    if let from, let to, to < from {
      throw ControlError.invalid(verb, "to", "\(to) is before \(from)", "write --from the earlier day")
    }
    filter.from = from.map(midnight)
    filter.before = to.map { midnight($0.adding(days: 1)) }
    let limit = try self.limit(request.limit)
    let after = try self.after(request.after)
    return try read { transaction in
      filter.patientID = try request.patient.map { try self.patient($0, in: transaction).id }
      let page = try transaction.listFollowUps(filter, limit: limit, after: after)
      return list(
        try page.items.map { try view($0, dates: Self.datesInList, in: transaction) }, total: page.total,
        next: page.next, in: transaction)
    }
  }

  /// How many dates of a series a list shows.
  private static let datesInList = 20

  /// A plan that is loaded, or was once: its follow-ups are still there.
  private func knownPlan(_ name: String) throws -> String {
    if try read({ try $0.latestPlan(named: name) }) != nil { return name }
    return try plan(named: name).name
  }

  /// What may still be sent, first things first, with what clearance would decide at that time.
  func listUpcoming(_ request: ListUpcoming.Request) throws -> ListUpcoming.Reply {
    var end = Instant.distantFuture
    if let days = request.days {
      guard (0...10_000).contains(days) else {
        throw ControlError.invalid(verb, "days", "\(days) is no number of days", "write 0 for today, or more")
      }
      let zone = try clinicZone()
      let last = zone.civil(at: now).date.adding(days: days + 1)
      end = zone.instant(of: CivilDateTime(date: last, time: .midnight))
    }
    let limit = try self.limit(request.limit)
    let after = try self.after(request.after)
    return try read { transaction in
      let patient = try request.patient.map { try self.patient($0, in: transaction).id }
      let page = try transaction.listUpcoming(patient: patient, before: end, limit: limit, after: after)
      let terms = try clearanceTerms(in: transaction)
      return list(
        try page.items.map { try self.upcoming($0, terms, in: transaction) }, total: page.total, next: page.next,
        in: transaction)
    }
  }

  private func upcoming(
    _ item: UpcomingReminder, _ terms: ClearanceTerms, in transaction: Transaction
  ) throws -> UpcomingView {
    let verdict = try verdict(on: item.reminder, terms, in: transaction)
    let reminder = ReminderView(item.reminder)
    return UpcomingView(
      id: reminder.id, followUp: reminder.followUp, occurrence: reminder.occurrence, revision: reminder.revision,
      kind: reminder.kind, step: reminder.step, plannedAt: reminder.plannedAt, wakeAt: reminder.wakeAt,
      expiresAt: reminder.expiresAt, state: reminder.state, reason: verdict.reason?.rawValue,
      message: reminder.message, task: reminder.task, patient: item.patientRef, patientName: item.patientName,
      priority: item.reminder.priority.rawValue, due: item.due, zone: item.zone,
      dueAt: item.dueAt.rfc3339, decision: verdict.decision)
  }
}
