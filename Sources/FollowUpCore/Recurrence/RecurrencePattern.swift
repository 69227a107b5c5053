/// What an RRULE says (RFC 5545 3.3.10, RFC 7529), before it is tied to an anchor.
struct RecurrencePattern: Hashable, Sendable {
  enum Frequency: String, CaseIterable, Sendable {
    case daily = "DAILY"
    case weekly = "WEEKLY"
    case monthly = "MONTHLY"
    case yearly = "YEARLY"
  }

  /// What becomes of a day that its month does not have.
  enum Skip: String, CaseIterable, Sendable {
    case omit = "OMIT"
    case backward = "BACKWARD"
    case forward = "FORWARD"
  }

  /// A weekday of BYDAY: every one of a period, or its nth, from the end where negative.
  struct Day: Hashable, Sendable {
    var ordinal: Int?
    var weekday: Weekday
  }

  var frequency = Frequency.daily
  var interval = 1
  var count: Int?
  var until: CivilDate?
  var days: [Day] = []
  var monthDays: [Int] = []
  var months: [Int] = []
  var positions: [Int] = []
  var weekStart = Weekday.monday
  var skip: Skip?

  /// R5: a rule that leaves its day to the anchor clamps to the month's last day; another keeps to RFC 5545, which omits.
  var effectiveSkip: Skip {
    skip ?? (days.isEmpty && monthDays.isEmpty && positions.isEmpty ? .backward : .omit)
  }
}
