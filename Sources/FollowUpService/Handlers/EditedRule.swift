internal import FollowUpCore
internal import FollowUpStore

/// A rule that takes the place of a follow-up's own (R5): from where on it yields, and which date stands for its first.
struct EditedRule {
  var rule: RecurrenceRule
  /// What the follow-up is tied to from now on.
  var anchor: CivilDateTime
  var zone: Zone
  /// Before it no date is the rule's. The earliest that is open, where it is not another's wish.
  var start: CivilDate
  /// The date that stands for `start` whatever its key: that of a visit that was moved before it repeated.
  var standIn: Int64?

  /// The date of the rule that an occurrence is for; moves do not change it.
  func date(of occurrence: Occurrence) -> CivilDate? {
    occurrence.id == standIn ? start : CivilDate(occurrence.key)
  }

  func yields(_ occurrence: Occurrence) -> Bool {
    date(of: occurrence).map { $0 >= start && rule.contains($0) } ?? false
  }

  /// The first date that is to be made, not before `today`.
  func firstToMake(today: CivilDate) -> CivilDate? {
    rule.next(after: max(standIn == nil ? start.adding(days: -1) : start, today.adding(days: -1)))
  }
}

extension Desk {
  /// Where `text` begins in the place of a follow-up's rule. `ahead`: the dates that are still to come and not over.
  func editedRule(
    _ text: String, of followUp: FollowUp, start: SeriesStart?, ahead: [Occurrence], all: [Occurrence],
    present: Occurrence
  ) throws -> EditedRule {
    let zone = try start?.zone ?? zone(named: followUp.zone)
    if followUp.rule == nil {
      let only = ahead.min { $0.key < $1.key } ?? present
      if start == nil { try only.requireAnchor() }
      let anchor = start?.anchor ?? only.anchor
      let rule = try recurrence(text, anchor: anchor.date, requiresAnchor: true)
      return EditedRule(rule: rule, anchor: anchor, zone: zone, start: anchor.date, standIn: only.id)
    }
    let old = (try? followUp.recurrence())?.endless
    let standIn = old.flatMap { self.standIn(followUp, $0, among: all) }
    if let start {
      let rule = try recurrence(text, anchor: start.anchor.date, requiresAnchor: true)
      let stands = followUp.anchor.date == start.anchor.date
      return EditedRule(
        rule: rule, anchor: start.anchor, zone: zone, start: start.anchor.date, standIn: stands ? standIn?.id : nil)
    }
    func date(_ occurrence: Occurrence) -> CivilDate {
      if occurrence.id == standIn?.id { return followUp.anchor.date }
      return CivilDate(occurrence.key) ?? occurrence.anchor.date
    }
    // One that an earlier edit left beside the rule says nothing about where it runs.
    let own = ahead.filter { old?.contains(date($0)) ?? true }
    let earliest = own.min { date($0) < date($1) } ?? present
    let first = date(earliest)
    let rule =
      try old.flatMap { keepingDay(text, $0, from: first) }
      ?? recurrence(text, anchor: first, requiresAnchor: false)
    return EditedRule(
      rule: rule, anchor: CivilDateTime(date: rule.anchor, time: followUp.anchor.time), zone: zone, start: first,
      standIn: earliest.id == standIn?.id ? earliest.id : nil)
  }

  /// The date that has stood for the rule's first since it began to repeat, though its key is another: it was moved before.
  private func standIn(
    _ followUp: FollowUp, _ rule: RecurrenceRule, among all: [Occurrence]
  ) -> Occurrence? {
    let first = followUp.anchor.date
    guard rule.contains(first), followUp.nextDate.map({ $0 > first }) ?? true,
      !all.contains(where: { $0.key == first.description })
    else { return nil }
    let others = all.filter { !rule.yields($0) }
    return others.first { $0.anchor.date == first } ?? others.filter { !$0.status.isOver }.min { $0.id < $1.id }
  }

  /// The rule tied to the date that the present one is tied to, where only so the dates from `first` on stay on their day:
  /// the 31st, of which February had but the 28th. Nil where they do anyway, or where `first` is no date of it.
  private func keepingDay(_ text: String, _ old: RecurrenceRule, from first: CivilDate) -> RecurrenceRule? {
    guard let again = try? RecurrenceRule(old.text, anchor: first), !old.agrees(with: again, after: first),
      let rule = try? RecurrenceRule(text, anchor: old.anchor)
    else { return nil }
    guard let count = rule.count else { return rule.contains(first) ? rule : nil }
    // COUNT counts from the earliest date that is open, not from the anchor.
    let endless = rule.endless
    guard endless.contains(first) else { return nil }
    var last = first
    for _ in 1..<count {
      guard let next = endless.next(after: last) else { break }
      last = next
    }
    return try? RecurrenceRule(text, anchor: old.anchor, last: last)
  }
}

extension RecurrenceRule {
  /// Whether the next two dozen dates are the same: four years of leap days, two of months.
  fileprivate func agrees(with other: RecurrenceRule, after date: CivilDate) -> Bool {
    var date = date
    for _ in 0..<24 {
      let next = next(after: date)
      guard other.next(after: date) == next else { return false }
      guard let next else { break }
      date = next
    }
    return true
  }
}
