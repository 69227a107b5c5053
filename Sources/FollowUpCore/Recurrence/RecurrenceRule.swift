/// On which civil dates a follow-up recurs (R5): an RRULE (RFC 5545, with SKIP of RFC 7529), tied to the date of its anchor.
///
/// Finding a date costs the same however old the anchor is: the period in question is computed, not walked to.
package struct RecurrenceRule: Hashable, Sendable {
  /// The date from which on it yields, and from which it takes what it does not say.
  package let anchor: CivilDate
  /// The first date that it yields, on the anchor or after.
  package let first: CivilDate
  /// Its last date, to which COUNT was resolved, or its UNTIL; nil if it goes on.
  package private(set) var last: CivilDate?
  private(set) var pattern: RecurrencePattern

  /// How far away the first date may be: 28 years, in days.
  private static let longestWait = 28 * 1461 / 4

  /// Accepts an RRULE's value. Throws what R5 refuses. `last` is the last date as it was resolved when the rule was first
  /// accepted, so that COUNT is not counted again.
  package init(_ text: String, anchor: CivilDate, last: CivilDate? = nil) throws(RecurrenceError) {
    pattern = try RecurrencePattern(text: text)
    self.anchor = anchor
    let period = RecurrencePeriod(pattern: pattern, anchor: anchor)
    let limit = anchor.dayNumber + Self.longestWait
    guard let first = period.firstDate(from: anchor.dayNumber, to: limit) else { throw .noDate }
    if let until = pattern.until, until.dayNumber < first { throw .endsBeforeFirst(until: until) }
    self.first = CivilDate(dayNumber: first)
    if let count = pattern.count, last == nil {
      var date = first
      for _ in 1..<count {
        guard let next = period.firstDate(from: date + 1, to: .max) else { break }
        date = next
      }
      self.last = CivilDate(dayNumber: date)
    } else {
      self.last = last ?? pattern.until
    }
  }

  /// Throws the refusal of a command whose anchor the rule does not yield; it names the first date that it does.
  package func requireAnchor() throws(RecurrenceError) {
    guard first == anchor else { throw .anchorNotYielded(anchor: anchor, first: first) }
  }

  /// The first date later than `date`; nil once the rule has ended.
  package func next(after date: CivilDate) -> CivilDate? {
    RecurrencePeriod(pattern: pattern, anchor: anchor)
      .firstDate(from: max(date.dayNumber + 1, anchor.dayNumber), to: last?.dayNumber ?? .max)
      .map(CivilDate.init(dayNumber:))
  }

  /// Whether the rule yields the date.
  package func contains(_ date: CivilDate) -> Bool { next(after: date.adding(days: -1)) == date }

  /// The same rule, going on for ever.
  package var endless: RecurrenceRule {
    var rule = self
    rule.last = nil
    rule.pattern.count = nil
    rule.pattern.until = nil
    return rule
  }

  /// How many dates it says that it has, where it says so by COUNT.
  package var count: Int? { pattern.count }

  /// The rule in one canonical spelling.
  package var text: String { pattern.text }
}

extension RecurrencePeriod {
  /// The first day from `earliest` to `latest` that some period yields; at the latest 9999-12-31.
  fileprivate func firstDate(from earliest: Int, to latest: Int) -> Int? {
    let latest = min(latest, CivilDate.lastDayNumber)
    guard earliest <= latest else { return nil }
    // SKIP=FORWARD moves a date into the period after its own, so the one before is looked at too.
    let back = pattern.effectiveSkip == .forward ? 1 : 0
    var index = max(0, index(of: CivilDate(dayNumber: earliest)) - back)
    while let start = start(index), start <= latest {
      if let date = dates(start: start).first(where: { $0 >= earliest }) { return date <= latest ? date : nil }
      index += 1
    }
    return nil
  }
}

extension CivilDate {
  /// Of 9999-12-31.
  fileprivate static let lastDayNumber = dayNumber(year: 9999, month: 12, day: 31)
}
