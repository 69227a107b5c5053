internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// Editing a rule (R5): dates that are past, told or answered stay, others are made anew. The same key stays the same
/// occurrence.
extension Desk {
  /// Why a date was cancelled that an edited rule does not yield; one that says so is opened again when a later rule does.
  private static let notYielded = "the recurrence was changed"

  /// Where a rule begins.
  struct SeriesStart {
    var anchor: CivilDateTime
    var zone: Zone
  }

  /// What an edit did to the dates of a series.
  struct RuleChange {
    var cancelled: [Occurrence] = []
    var reopened: [Occurrence] = []
    var moved: [Occurrence] = []
    var made: [Occurrence] = []
    var kept: [Occurrence] = []
    /// Of those kept, the ones that the new rule does not yield.
    var apart: [Occurrence] = []

    /// How many dates are not as they were.
    var count: Int { cancelled.count + reopened.count + moved.count + made.count }
  }

  /// Puts `text` in the place of a follow-up's rule; nil: no more dates after `present`. `start`: it begins there anew.
  func changeRule(
    of followUp: inout FollowUp, to text: String?, start: SeriesStart? = nil, present: Occurrence,
    _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws -> RuleChange {
    if start == nil { try followUp.requireDates() }
    let before = try transaction.occurrences(followUp: followUp.id)
    let ahead = before.filter { $0.anchorAt > now }
    var change = RuleChange()
    var open: [Occurrence] = []
    for occurrence in ahead where !occurrence.status.isOver {
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      if try occurrence.answer != .none || occurrence.status == .confirmed || transaction.isTold(occurrence) {
        change.kept.append(occurrence)
      } else {
        open.append(occurrence)
      }
    }
    guard let text else {
      followUp.rule = nil
      followUp.lastDate = nil
      followUp.nextDate = nil
      try transaction.update(followUp, now: now)
      for occurrence in open where occurrence.key > present.key {
        change.cancelled.append(try cancelUnyielded(occurrence, in: transaction))
      }
      change.apart = change.kept.filter { $0.key > present.key }
      try transaction.removeDeadline(.horizon, subject: SubjectID.followUp(followUp.id))
      try transaction.touch(followUp: followUp.id, now: now)
      return change
    }
    let zone = try start?.zone ?? zone(named: followUp.zone)
    let isSingle = followUp.rule == nil
    let earliest = (change.kept + open).min { $0.key < $1.key } ?? present
    let base = try start?.anchor ?? self.base(of: followUp, earliest)
    let isKept = change.kept.contains { $0.id == earliest.id }
    let rule = try recurrence(text, anchor: base.date, requiresAnchor: isSingle || isKept || start != nil)
    if isKept, !isSingle, let date = CivilDate(earliest.key), !rule.contains(date) {
      let error = RecurrenceError.anchorNotYielded(anchor: date, first: rule.first)
      throw ControlError.invalid(verb, "repeat", error.why, error.hint)
    }
    let isRetimed = followUp.anchor.time != base.time || followUp.zone != zone.name
    let today = zone.civil(at: now).date
    followUp.anchor = base
    followUp.zone = zone.name
    followUp.rule = text
    followUp.lastDate = rule.last
    // The one date of a follow-up that did not repeat stands for the rule's first, wherever it was moved from.
    followUp.nextDate = rule.next(after: max(isSingle ? base.date : base.date.adding(days: -1), today.adding(days: -1)))
    try transaction.update(followUp, now: now)
    change.apart = isSingle ? [] : change.kept.filter { !rule.yields($0) }
    for occurrence in open {
      guard isSingle || rule.yields(occurrence) else {
        change.cancelled.append(try cancelUnyielded(occurrence, in: transaction))
        continue
      }
      if isRetimed, !isSingle { change.moved.append(try retime(occurrence, base.time, zone, in: transaction)) }
    }
    for occurrence in ahead where occurrence.status == .cancelled && occurrence.causeReason == Self.notYielded {
      guard rule.yields(occurrence) else { continue }
      change.reopened.append(try retime(occurrence, base.time, zone, in: transaction))
    }
    try extend(series: followUp.id, in: transaction)
    try transaction.touch(followUp: followUp.id, now: now)
    let known = Set(before.map(\.id))
    change.made = try transaction.occurrences(followUp: followUp.id).filter { !known.contains($0.id) }
    return change
  }

  /// Where an edited rule begins: at the earliest date that is still open.
  private func base(of followUp: FollowUp, _ earliest: Occurrence) throws -> CivilDateTime {
    guard followUp.rule != nil, let date = CivilDate(earliest.key) else {
      try earliest.requireAnchor()
      return earliest.anchor
    }
    return CivilDateTime(date: date, time: followUp.anchor.time)
  }

  private func cancelUnyielded(_ occurrence: Occurrence, in transaction: Transaction) throws -> Occurrence {
    var occurrence = occurrence
    occurrence.status = .cancelled
    occurrence.causedBy = .clinic
    occurrence.causeReason = Self.notYielded
    try transaction.update(occurrence, now: now)
    try transaction.settle(occurrence: occurrence.id, now: now)
    try record(transaction, occurrence.subject, ["status=cancelled", "repeat"])
    return occurrence
  }

  /// Puts a date at its series' time, open and unanswered, under a new revision.
  private func retime(
    _ occurrence: Occurrence, _ time: CivilTime, _ zone: Zone, in transaction: Transaction
  ) throws -> Occurrence {
    var occurrence = occurrence
    let date = CivilDate(occurrence.key) ?? occurrence.anchor.date
    occurrence.status = .open
    occurrence.causeReason = nil
    place(&occurrence, at: CivilDateTime(date: date, time: time), zone, by: .clinic)
    try transaction.update(occurrence, now: now)
    try transaction.plan(occurrence: occurrence.id, settings: settings, zones: context.zones, now: now)
    try transaction.settle(occurrence: occurrence.id, now: now)
    try record(transaction, occurrence.subject, ["anchor", "revision=\(occurrence.revision)", "repeat"])
    return occurrence
  }

  /// What an edit of the rule did, a line a date.
  func lines(_ change: RuleChange) -> [String] {
    [
      ("stays", change.kept), ("cancelled", change.cancelled), ("moved", change.moved), ("open again", change.reopened),
      ("new", change.made),
    ].flatMap { word, dates -> [String] in
      let shown = dates.prefix(Self.mostLines).map {
        "\(word): \($0.subject), \(when($0))"
      }
      return shown + (dates.count > Self.mostLines ? ["\(word): \(dates.count - Self.mostLines) more"] : [])
    }
  }

  private static let mostLines = 12

  /// `cancelled: Tue 29 Dec 2026, Tue 12 Jan 2027`, and so on: which dates an edit of the rule touched, and which it could
  /// not.
  func said(_ change: RuleChange) -> [String] {
    [
      ("cancelled", change.cancelled), ("moved", change.moved), ("open again", change.reopened), ("new", change.made),
      ("stays all the same", change.apart),
    ].compactMap { word, dates in
      guard !dates.isEmpty else { return nil }
      let named = dates.prefix(Self.mostSaid).map { $0.isAnchorReadable ? Self.day($0.anchor.date) : $0.key }
      let more = dates.count > Self.mostSaid ? " and \(dates.count - Self.mostSaid) more" : ""
      return "\(word): \(named.joined(separator: ", "))\(more)"
    }
  }

  /// So many can be listened to.
  private static let mostSaid = 3
}
