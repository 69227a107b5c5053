extension RecurrenceRule {
  /// The rule in plain words, to be read back to whoever typed it (R5): `every month on the last Friday, 10 times`.
  package var words: String { RecurrenceWords(pattern: pattern, anchor: anchor).sentence }

  /// The rule's text with `date` as the last that it may yield, in place of the end that it has.
  package func text(until date: CivilDate) -> String {
    var ended = pattern
    ended.count = nil
    ended.until = date
    return ended.text
  }
}

/// Says a pattern in plain English.
private struct RecurrenceWords {
  let pattern: RecurrencePattern
  let anchor: CivilDate

  var sentence: String { every + days + positions + end }

  private var every: String {
    let unit =
      switch pattern.frequency {
      case .daily: "day"
      case .weekly: "week"
      case .monthly: "month"
      case .yearly: "year"
      }
    return pattern.interval == 1 ? "every \(unit)" : "every \(pattern.interval) \(unit)s"
  }

  private var days: String {
    switch pattern.frequency {
    case .daily: limits + inMonths
    case .weekly: weekly + inMonths
    case .monthly: monthly + inMonths
    case .yearly: yearly
    }
  }

  private var end: String {
    if let count = pattern.count { return count == 1 ? ", once" : ", \(count) times" }
    return pattern.until.map { ", until \(WhenParser.day($0))" } ?? ""
  }

  // MARK: The days of a period

  /// What a daily rule leaves of its days.
  private var limits: String {
    if isWorkingWeek, pattern.monthDays.isEmpty, pattern.interval == 1 { return " from Monday to Friday" }
    var limits: [String] = []
    if !pattern.monthDays.isEmpty { limits.append("the " + Self.list(monthDays, "or")) }
    if !pattern.days.isEmpty { limits.append("a " + Self.list(weekdays.map(Self.name), "or")) }
    guard !limits.isEmpty else { return "" }
    return (pattern.interval == 1 ? " that is " : ", where that is ") + limits.joined(separator: " and ")
  }

  private var weekly: String {
    if isWorkingWeek { return " from Monday to Friday" }
    return " on " + Self.list(pattern.days.isEmpty ? [Self.name(anchor.weekday)] : weekdays.map(Self.name), "and")
  }

  private var monthly: String {
    if pattern.monthDays.isEmpty, !pattern.days.isEmpty { return " on " + numberedWeekdays }
    return " on the " + Self.list(monthDays, "and") + clamp + onlyOnWeekdays
  }

  private var yearly: String {
    let months = Self.list(months.map(Self.month), "and")
    if pattern.monthDays.isEmpty, !pattern.days.isEmpty {
      return " on " + numberedWeekdays + (pattern.months.isEmpty ? ofYear : " of \(months)")
    }
    guard pattern.monthDays.isEmpty, pattern.months.isEmpty else {
      return " on the " + Self.list(monthDays, "and") + (pattern.months.isEmpty ? " of every month" : " of \(months)")
        + clamp + onlyOnWeekdays
    }
    return " on \(anchor.day) \(Self.month(anchor.month))" + leapDay
  }

  /// 29 February, in years that have none.
  private var leapDay: String {
    guard anchor.month == 2, anchor.day == 29 else { return "" }
    return switch pattern.effectiveSkip {
    case .backward: " (28 in other years)"
    case .forward: " (1 March in other years)"
    case .omit: ", in years that have it"
    }
  }

  /// What becomes of days that some of the months do not have.
  private var clamp: String {
    let shortest = months.map { CivilDate.daysInMonth(year: 2023, month: $0) }.min() ?? 28
    guard daysOfMonth.contains(where: { abs($0) > shortest }) else { return "" }
    return switch pattern.effectiveSkip {
    case .backward: " or the month's last day"
    case .forward: " or the day after the month's end"
    case .omit: months == [2] ? ", in years that have it" : ", in months that have it"
    }
  }

  private var inMonths: String {
    pattern.months.isEmpty ? "" : " in " + Self.list(months.map(Self.month), "and")
  }

  private var onlyOnWeekdays: String {
    pattern.days.isEmpty ? "" : ", where that is a " + Self.list(weekdays.map(Self.name), "or")
  }

  /// `the last Friday`, `every Monday`, `the first and third Tuesday`; one of several weekdays where BYSETPOS takes one.
  private var numberedWeekdays: String {
    if let chosen { return chosen }
    let groups = weekdays.map { weekday in
      let ordinals = pattern.days.filter { $0.weekday == weekday }.compactMap(\.ordinal)
      guard !ordinals.isEmpty else { return "every \(Self.name(weekday))" }
      return "the " + Self.list(Self.sorted(ordinals).map(Self.ordinal), "and") + " \(Self.name(weekday))"
    }
    return isWorkingWeek ? "every day from Monday to Friday" : Self.list(groups, "and")
  }

  /// `the last day from Monday to Friday`: BYSETPOS, where it takes one of a month's weekdays.
  private var chosen: String? {
    guard pattern.frequency == .monthly, pattern.monthDays.isEmpty, pattern.positions.count == 1,
      !pattern.days.isEmpty, pattern.days.allSatisfy({ $0.ordinal == nil })
    else { return nil }
    let days = isWorkingWeek ? "day from Monday to Friday" : Self.list(weekdays.map(Self.name), "or")
    return "the \(Self.ordinal(pattern.positions[0])) \(days)"
  }

  private var ofYear: String { pattern.days.contains { $0.ordinal != nil } ? " of the year" : "" }

  private var positions: String {
    guard !pattern.positions.isEmpty, chosen == nil else { return "" }
    return ", only the " + Self.list(Self.sorted(pattern.positions).map(Self.ordinal), "and") + " of these"
  }

  // MARK: Values

  private var weekdays: [Weekday] { Set(pattern.days.map(\.weekday)).sorted() }
  private var months: [Int] { pattern.months.isEmpty ? Array(1...12) : Set(pattern.months).sorted() }
  private var daysOfMonth: [Int] { Self.sorted(pattern.monthDays.isEmpty ? [anchor.day] : pattern.monthDays) }

  /// `1st`, `last day`.
  private var monthDays: [String] {
    daysOfMonth.map { $0 > 0 ? Self.number($0) : "\(Self.ordinal($0)) day" }
  }

  private var isWorkingWeek: Bool {
    pattern.days.allSatisfy { $0.ordinal == nil } && weekdays == Array(Weekday.allCases.prefix(5))
  }

  private static func sorted(_ numbers: [Int]) -> [Int] {
    Set(numbers).sorted { ($0 < 0 ? 1 : 0, $0) < ($1 < 0 ? 1 : 0, $1) }
  }

  private static func name(_ weekday: Weekday) -> String { weekday.name.capitalizedWord }
  private static func month(_ month: Int) -> String { WhenParser.months[month - 1].capitalizedWord }

  /// `first`, `20th`, `last`, `second last`.
  private static func ordinal(_ number: Int) -> String {
    let words = ["first", "second", "third", "fourth", "fifth"]
    let word = words.indices.contains(abs(number) - 1) ? words[abs(number) - 1] : Self.number(abs(number))
    return number > 0 ? word : number == -1 ? "last" : "\(word) last"
  }

  /// `1st`, `22nd`, `13th`.
  private static func number(_ number: Int) -> String {
    if (11...13).contains(number % 100) { return "\(number)th" }
    return switch number % 10 {
    case 1: "\(number)st"
    case 2: "\(number)nd"
    case 3: "\(number)rd"
    default: "\(number)th"
    }
  }

  private static func list(_ words: [String], _ last: String) -> String {
    guard let final = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(last) \(final)"
  }
}
