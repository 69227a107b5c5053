internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// Editing a rule (R5): dates that are past, told or answered stay, others are made anew. The same key stays the same
/// occurrence.
extension Desk {
  /// Why a date was cancelled that an edited rule does not yield; one that says so is opened again when a later rule does.
  /// No reason of staff's can equal it: theirs are trimmed, and this begins with a blank.
  private static let notYielded = " the recurrence was changed"

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
    /// The ones that the new rule yields and staff or the patient cancelled: that decision stands.
    var stillCancelled: [Occurrence] = []

    /// How many dates are not as they were.
    var count: Int { cancelled.count + reopened.count + moved.count + made.count }
  }

  /// Puts `text` in the place of a follow-up's rule; nil: no more dates after `present`. `start`: it begins there anew.
  func changeRule(
    of followUp: inout FollowUp, to text: String?, start: SeriesStart? = nil, present: Occurrence,
    _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws -> RuleChange {
    if start == nil { try followUp.requireDates() }
    let all = try transaction.occurrences(followUp: followUp.id)
    let ahead = all.filter { $0.anchorAt > now }
    let (kept, open) = try sorted(ahead, transaction, withdrawing)
    var change = RuleChange(kept: kept)
    guard let text else {
      try dropRule(of: &followUp, open: open, present: present, &change, transaction)
      return change
    }
    let edited = try editedRule(text, of: followUp, start: start, ahead: kept + open, all: all, present: present)
    let isSingle = followUp.rule == nil
    let isRetimed = !isSingle && (followUp.anchor.time != edited.anchor.time || followUp.zone != edited.zone.name)
    followUp.anchor = edited.anchor
    followUp.zone = edited.zone.name
    followUp.rule = text
    followUp.lastDate = edited.rule.last
    followUp.nextDate = edited.firstToMake(today: edited.zone.civil(at: now).date)
    try transaction.update(followUp, now: now)
    if !isSingle { change.apart = kept.filter { !edited.yields($0) } }
    try apply(edited, to: ahead, open: isSingle ? [] : open, isRetimed: isRetimed, &change, transaction)
    try extend(series: followUp.id, in: transaction)
    try transaction.touch(followUp: followUp.id, now: now)
    let known = Set(all.map(\.id))
    change.made = try transaction.occurrences(followUp: followUp.id).filter { !known.contains($0.id) }
    return change
  }

  /// No more dates after `present`.
  private func dropRule(
    of followUp: inout FollowUp, open: [Occurrence], present: Occurrence, _ change: inout RuleChange,
    _ transaction: Transaction
  ) throws {
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
  }

  /// Lets the rule reach the dates that are still to come.
  private func apply(
    _ edited: EditedRule, to ahead: [Occurrence], open: [Occurrence], isRetimed: Bool, _ change: inout RuleChange,
    _ transaction: Transaction
  ) throws {
    for occurrence in open {
      if !edited.yields(occurrence) {
        change.cancelled.append(try cancelUnyielded(occurrence, in: transaction))
      } else if isRetimed {
        change.moved.append(try retime(occurrence, edited, in: transaction))
      }
    }
    for occurrence in ahead where occurrence.status == .cancelled && edited.yields(occurrence) {
      if occurrence.causeReason == Self.notYielded {
        change.reopened.append(try retime(occurrence, edited, in: transaction))
      } else {
        change.stillCancelled.append(occurrence)
      }
    }
  }

  /// Of the dates that are not over, those that stay whatever the rule, for the patient knows of them or has answered, and
  /// the others. What was about to be sent of them is taken back.
  private func sorted(
    _ dates: [Occurrence], _ transaction: Transaction, _ withdrawing: any Withdrawing
  ) throws -> (kept: [Occurrence], open: [Occurrence]) {
    var kept: [Occurrence] = []
    var open: [Occurrence] = []
    for occurrence in dates where !occurrence.status.isOver {
      try transaction.withdrawClaims(.occurrence(occurrence.id), via: withdrawing, now: now)
      if try occurrence.answer != .none || occurrence.status == .confirmed || transaction.isTold(occurrence) {
        kept.append(occurrence)
      } else {
        open.append(occurrence)
      }
    }
    return (kept, open)
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
    _ occurrence: Occurrence, _ edited: EditedRule, in transaction: Transaction
  ) throws -> Occurrence {
    var occurrence = occurrence
    let date = edited.date(of: occurrence) ?? occurrence.anchor.date
    occurrence.status = .open
    occurrence.causeReason = nil
    place(&occurrence, at: CivilDateTime(date: date, time: edited.anchor.time), edited.zone, by: .clinic)
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
      ("new", change.made), ("stays cancelled", change.stillCancelled),
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
      ("stays all the same", change.apart), ("stays cancelled", change.stillCancelled),
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
