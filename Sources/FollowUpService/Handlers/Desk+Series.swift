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

  /// `F-12@2026-12-01` for a date of a series, or of what was one, else `F-12`.
  func spelled(_ followUp: FollowUp, _ occurrence: Occurrence, in transaction: Transaction) throws -> String {
    let isOneOfMany =
      try followUp.rule != nil || transaction.latestOccurrences(followUp: followUp.id, limit: 2).count > 1
    return isOneOfMany ? occurrence.subject : SubjectID.followUp(followUp.id)
  }

  /// Makes the dates of a series that it is time for; nothing where the follow-up does not repeat. One whose rows cannot be
  /// understood keeps no act from being done: the next pass gives it to staff.
  func extend(series id: Int64, in transaction: Transaction) throws {
    do {
      try transaction.extend(series: id, settings: settings, zones: context.zones, now: now)
    } catch  where error is ZoneError || error is RecurrenceError || error is UnreadableRow {
      try transaction.setDeadline(.horizon, subject: SubjectID.followUp(id), at: now)
    }
  }

  /// Takes a series up again whose patient is active again; one whose rows cannot be understood is given to staff likewise.
  func resume(series id: Int64, in transaction: Transaction) throws {
    do {
      try transaction.resume(series: id, settings: settings, zones: context.zones, now: now)
    } catch  where error is ZoneError || error is RecurrenceError || error is UnreadableRow {
      try transaction.setDeadline(.horizon, subject: SubjectID.followUp(id), at: now)
    }
  }

  /// `; next: Fri 25 Dec 2026`: the date of a series after `occurrence`, if one is to come.
  func next(
    _ followUp: FollowUp, after occurrence: Occurrence, of rule: RecurrenceRule? = nil, in transaction: Transaction
  ) throws -> String {
    try nextDate(of: followUp, after: occurrence, rule, in: transaction)
      .map { "; next: \(Self.day($0.anchor.date))" } ?? ""
  }

  /// The date of a series after `occurrence`, if one is to come; where a rule is given, one that it yields.
  func nextDate(
    of followUp: FollowUp, after occurrence: Occurrence, _ rule: RecurrenceRule? = nil, in transaction: Transaction
  ) throws -> Occurrence? {
    guard followUp.rule != nil else { return nil }
    let start = max(now, occurrence.anchorAt)
    return try transaction.latestOccurrences(followUp: followUp.id, limit: Self.mostDates).first {
      !$0.status.isOver && $0.anchorAt > start && $0.isAnchorReadable && (rule?.yields($0) ?? true)
    }
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
    guard var followUp = try transaction.followUp(id: id) else { return false }
    if let rule = try? followUp.recurrence(), let date = CivilDate(key) {
      guard rule.last.map({ $0 >= date }) ?? true else { return false }
      let last = date.adding(days: -1)
      // A rule that ends before its first date says so by `last_date` alone: RFC 5545 has no words for it.
      if last >= rule.first { followUp.rule = rule.text(until: last) }
      followUp.lastDate = last
    } else {
      // What it would yield cannot be told: it yields nothing more.
      guard followUp.makesDates else { return false }
      followUp.lastDate = try clinicZone().civil(at: now).date.adding(days: -1)
    }
    followUp.nextDate = nil
    try transaction.update(followUp, now: now)
    try transaction.removeDeadline(.horizon, subject: SubjectID.followUp(id))
    try record(transaction, SubjectID.followUp(id), ["repeat"], verb: "EditFollowUp")
    return true
  }
}

extension RecurrenceRule {
  /// Whether a date of a series is one of its own: by its key, which moves do not change.
  func yields(_ occurrence: Occurrence) -> Bool { CivilDate(occurrence.key).map(contains) ?? false }
}
