/// Why a recurrence is refused (R5).
package enum RecurrenceError: Error, Hashable, Sendable {
  /// A part of RFC 5545 or RFC 7529 that is not supported, by its name and value.
  case unsupported(String)
  /// A part that is no part of a rule, or whose value is none that it can have.
  case malformed(String, why: String)
  /// No date within 28 years of the anchor.
  case noDate
  /// UNTIL is before the first date.
  case endsBeforeFirst(until: CivilDate)
  /// The rule does not yield its own anchor; `first` is the first date that it does.
  case anchorNotYielded(anchor: CivilDate, first: CivilDate)

  /// A stable word.
  package var code: String {
    switch self {
    case .unsupported: "repeat-unsupported"
    case .malformed: "repeat-malformed"
    case .noDate, .endsBeforeFirst: "repeat-no-date"
    case .anchorNotYielded: "repeat-not-on-anchor"
    }
  }

  /// What is wrong.
  package var why: String {
    switch self {
    case .unsupported(let part): "'\(part)' is not supported in a recurrence"
    case .malformed(let part, let why): "'\(part)' is no part of a recurrence: \(why)"
    case .noDate: "the recurrence has no date in 28 years"
    case .endsBeforeFirst(let until): "the recurrence ends on \(until), before its first date"
    case .anchorNotYielded(let anchor, _): "the recurrence has no date on \(anchor)"
    }
  }

  /// What to write instead.
  package var hint: String {
    switch self {
    case .unsupported:
      "use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, COUNT or UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, "
        + "WKST and SKIP"
    case .malformed: "write for example 'FREQ=MONTHLY;INTERVAL=3' or 'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10'"
    case .noDate: "correct its BYMONTH, BYMONTHDAY, BYDAY or BYSETPOS"
    case .endsBeforeFirst: "write a later UNTIL"
    case .anchorNotYielded(_, let first): "begin on \(first), its first date from then on"
    }
  }

  package var sentence: String { "\(why); \(hint)" }
}
