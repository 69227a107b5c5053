/// The dates that a pattern yields in one period of its frequency: a day, a week, a month or a year. All in day numbers,
/// which are days since 1970-01-01.
struct RecurrencePeriod {
  let pattern: RecurrencePattern
  let anchor: CivilDate

  /// Which of the pattern's own periods, counted by its interval from the anchor's, a day lies in.
  func index(of date: CivilDate) -> Int {
    let distance: Int
    switch pattern.frequency {
    case .daily: distance = date.dayNumber - anchor.dayNumber
    case .weekly: distance = (weekStart(date) - weekStart(anchor)) / 7
    case .monthly: distance = (date.year - anchor.year) * 12 + date.month - anchor.month
    case .yearly: distance = date.year - anchor.year
    }
    return floorDivide(distance, pattern.interval)
  }

  /// The first day of a period; nil past the year 9999.
  func start(_ index: Int) -> Int? {
    let distance = index * pattern.interval
    switch pattern.frequency {
    case .daily: return anchor.dayNumber + distance
    case .weekly: return weekStart(anchor) + distance * 7
    case .monthly:
      let month = anchor.year * 12 + anchor.month - 1 + distance
      return CivilDate(year: month / 12, month: month % 12 + 1, day: 1)?.dayNumber
    case .yearly: return CivilDate(year: anchor.year + distance, month: 1, day: 1)?.dayNumber
    }
  }

  /// The dates of the period that begins on a day, ascending. With SKIP=FORWARD the last may be in the period after.
  func dates(start: Int) -> [Int] {
    let date = CivilDate(dayNumber: start)
    var dates: [Int]
    switch pattern.frequency {
    case .daily: dates = isInMonths(date) && isMonthDay(date) && isDay(date) ? [start] : []
    case .weekly: dates = (start..<start + 7).filter { isWeekday($0) && isInMonths(CivilDate(dayNumber: $0)) }
    case .monthly: dates = isInMonths(date) ? month(date.year, date.month) : []
    case .yearly: dates = year(date.year)
    }
    dates.sort()
    dates = dates.enumerated().filter { $0.offset == 0 || dates[$0.offset - 1] != $0.element }.map(\.element)
    guard !pattern.positions.isEmpty else { return dates }
    return dates.enumerated().filter { index, _ in
      pattern.positions.contains(index + 1) || pattern.positions.contains(index - dates.count)
    }.map(\.element)
  }

  // MARK: Expanding

  private func month(_ year: Int, _ month: Int) -> [Int] {
    if pattern.monthDays.isEmpty, !pattern.days.isEmpty {
      let first = CivilDate.dayNumber(year: year, month: month, day: 1)
      return weekdays(first, first + CivilDate.daysInMonth(year: year, month: month))
    }
    let days = pattern.monthDays.isEmpty ? [anchor.day] : pattern.monthDays
    return days.compactMap { day(year, month, $0) }.filter { isDay(CivilDate(dayNumber: $0)) }
  }

  private func year(_ year: Int) -> [Int] {
    if pattern.monthDays.isEmpty, !pattern.days.isEmpty, pattern.months.isEmpty {
      return weekdays(
        CivilDate.dayNumber(year: year, month: 1, day: 1), CivilDate.dayNumber(year: year + 1, month: 1, day: 1))
    }
    let all = pattern.monthDays.isEmpty ? [anchor.month] : Array(1...12)
    return Set(pattern.months.isEmpty ? all : pattern.months).flatMap { month(year, $0) }
  }

  /// A day of a month, from its end where negative; where the month has no such day, what SKIP makes of it (RFC 7529 4.1).
  private func day(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    let first = CivilDate.dayNumber(year: year, month: month, day: 1)
    let length = CivilDate.daysInMonth(year: year, month: month)
    let number = day > 0 ? day : length + 1 + day
    if (1...length).contains(number) { return first + number - 1 }
    switch pattern.effectiveSkip {
    case .omit: return nil
    case .backward: return first + length - 1
    case .forward: return first + length
    }
  }

  /// The weekdays of BYDAY from `first` to before `end`, of which their ordinals count.
  private func weekdays(_ first: Int, _ end: Int) -> [Int] {
    pattern.days.flatMap { day -> [Int] in
      let ahead = (day.weekday.rawValue - CivilDate(dayNumber: first).weekday.rawValue + 7) % 7
      let all = Array(stride(from: first + ahead, to: end, by: 7))
      guard let ordinal = day.ordinal else { return all }
      let index = ordinal > 0 ? ordinal - 1 : all.count + ordinal
      return all.indices.contains(index) ? [all[index]] : []
    }
  }

  // MARK: Limiting

  private func isInMonths(_ date: CivilDate) -> Bool { pattern.months.isEmpty || pattern.months.contains(date.month) }

  private func isMonthDay(_ date: CivilDate) -> Bool {
    let fromEnd = date.day - CivilDate.daysInMonth(year: date.year, month: date.month) - 1
    return pattern.monthDays.isEmpty || pattern.monthDays.contains(date.day) || pattern.monthDays.contains(fromEnd)
  }

  /// Whether BYDAY allows the date; its ordinals count in the date's month, or in its year where a yearly rule names none.
  private func isDay(_ date: CivilDate) -> Bool {
    guard !pattern.days.isEmpty else { return true }
    let ofYear = pattern.frequency == .yearly && pattern.months.isEmpty
    let before = ofYear ? date.dayNumber - CivilDate.dayNumber(year: date.year, month: 1, day: 1) : date.day - 1
    let length =
      ofYear
      ? CivilDate.isLeap(year: date.year) ? 366 : 365 : CivilDate.daysInMonth(year: date.year, month: date.month)
    return pattern.days.contains { day in
      guard day.weekday == date.weekday else { return false }
      guard let ordinal = day.ordinal else { return true }
      return ordinal == before / 7 + 1 || ordinal == -((length - 1 - before) / 7 + 1)
    }
  }

  /// Whether a day of a week is one of BYDAY's, or the anchor's weekday if there are none.
  private func isWeekday(_ day: Int) -> Bool {
    let weekday = CivilDate(dayNumber: day).weekday
    return pattern.days.isEmpty ? weekday == anchor.weekday : pattern.days.contains { $0.weekday == weekday }
  }

  private func weekStart(_ date: CivilDate) -> Int {
    date.dayNumber - (date.weekday.rawValue - pattern.weekStart.rawValue + 7) % 7
  }
}
