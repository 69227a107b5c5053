internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// What follow-ups that repeat have beside others (R5).
extension Desk {
  /// A rule as staff typed it; nil where it is `none` or empty.
  func rule(_ text: String) throws -> String? {
    let text = try line(text, "repeat", longest: 500, mayBeEmpty: true).uppercased()
    if text.isEmpty || text == "NONE" { return nil }
    return text.hasPrefix("RRULE:") ? String(text.dropFirst(6)) : text
  }

  /// The rule tied to the date from which on it yields; refused by name, with what to write instead (R5).
  func recurrence(_ text: String, anchor: CivilDate, requiresAnchor: Bool) throws -> RecurrenceRule {
    do throws(RecurrenceError) {
      let rule = try RecurrenceRule(text, anchor: anchor)
      if requiresAnchor { try rule.requireAnchor() }
      return rule
    } catch {
      throw ControlError.invalid(verb, "repeat", error.why.plainLine, error.hint)
    }
  }

  /// `F-12@2026-12-01` for a date of a series, else `F-12`.
  func spelled(_ followUp: FollowUp, _ occurrence: Occurrence) -> String {
    followUp.rule == nil ? SubjectID.followUp(followUp.id) : occurrence.subject
  }

  /// Makes the dates of a series that it is time for; nothing where the follow-up does not repeat.
  func extend(series id: Int64, in transaction: Transaction) throws {
    try transaction.extend(series: id, settings: settings, zones: context.zones, now: now)
  }

  /// `; next: Fri 25 Dec 2026`: the date of a series after `occurrence`, if one is to come.
  func next(_ followUp: FollowUp, after occurrence: Occurrence, in transaction: Transaction) throws -> String {
    guard followUp.rule != nil else { return "" }
    let start = max(now, occurrence.anchorAt)
    let next = try transaction.latestOccurrences(followUp: followUp.id, limit: Self.mostDates)
      .first { !$0.status.isOver && $0.anchorAt > start }
    return next.map { "; next: \(Self.day($0.anchor.date))" } ?? ""
  }

  /// `Fri 25 Dec 2026`.
  static func day(_ date: CivilDate) -> String {
    let weekday = date.weekday.shortName
    return "\(weekday.prefix(1).uppercased())\(weekday.dropFirst()) \(WhenParser.day(date))"
  }

  /// How many dates of a follow-up are shown, the latest.
  static var mostDates: Int { 100 }

  /// Ends a rule before the date of `key`: no further dates are made. False if it had ended before.
  func endRule(of id: Int64, before key: String, in transaction: Transaction) throws -> Bool {
    guard var followUp = try transaction.followUp(id: id), let rule = try recurrence(of: followUp),
      let date = CivilDate(key), rule.last.map({ $0 >= date }) ?? true
    else { return false }
    let last = date.adding(days: -1)
    // A rule that ends before its first date says so by `last_date` alone: RFC 5545 has no words for it.
    if last >= rule.first { followUp.rule = rule.text(until: last) }
    followUp.lastDate = last
    followUp.nextDate = nil
    try transaction.update(followUp, now: now)
    try transaction.removeDeadline(.horizon, subject: SubjectID.followUp(id))
    try record(transaction, SubjectID.followUp(id), ["repeat"], verb: "EditFollowUp")
    return true
  }

  /// The follow-up's rule; nil if it has none, or none that can be read.
  private func recurrence(of followUp: FollowUp) throws -> RecurrenceRule? {
    do throws(RecurrenceError) { return try followUp.recurrence() } catch { return nil }
  }
}
