/// The rule in the footer of a TZif file: POSIX's `TZ` (IEEE 1003.1, 8.3) with the extension of RFC 8536 3.3.1, by which a
/// time of day may lie between -167 and 167 hours: `PST8PDT,M3.2.0,M11.1.0`, `<-02>2<-01>,M3.5.0/-1,M10.5.0/0`.
struct PosixZoneRule: Hashable, Sendable {
  private(set) var standard: LocalTimeType
  private(set) var summer: Summer?

  struct Summer: Hashable, Sendable {
    var type: LocalTimeType
    var start: Change
    var end: Change
  }

  /// A day of each year, and seconds from its midnight on the clock that is in force until then.
  struct Change: Hashable, Sendable {
    var day: Day
    var seconds: Int
  }

  enum Day: Hashable, Sendable {
    /// `Jn`: 1 to 365, 29 February never counted.
    case withoutLeapDay(Int)
    /// `n`: 0 to 365, 29 February counted.
    case ofYear(Int)
    /// `Mm.w.d`: weekday d (0 Sunday) of week w (5 the last) of month m.
    case weekday(month: Int, week: Int, day: Int)
  }

  /// nil if it is not a rule to the last letter.
  init?(_ text: String) {
    var scanner = TextScanner(text)
    guard let name = Self.name(&scanner), let west = Self.seconds(&scanner, hours: 24) else { return nil }
    standard = LocalTimeType(offset: -west, abbreviation: name)
    if scanner.isAtEnd { return }
    guard let summerName = Self.name(&scanner) else { return nil }
    var offset = standard.offset + 3600
    if let next = scanner.next, next != UInt8(ascii: ",") {
      guard let west = Self.seconds(&scanner, hours: 24) else { return nil }
      offset = -west
    }
    guard scanner.take(","), let start = Self.change(&scanner), scanner.take(","), let end = Self.change(&scanner),
      scanner.isAtEnd
    else { return nil }
    summer = Summer(type: LocalTimeType(offset: offset, abbreviation: summerName), start: start, end: end)
  }

  /// The transitions of these years, ascending; at an instant that ends one year's summer and begins the next one's, only
  /// the beginning, so that a summer of a whole year has no breaks.
  func transitions(years: ClosedRange<Int>) -> [ZoneTransition] {
    guard let summer else { return [] }
    var changes: [(time: Int64, starts: Bool)] = []
    for year in years {
      changes.append((summer.start.localSeconds(year: year) - Int64(standard.offset), true))
      changes.append((summer.end.localSeconds(year: year) - Int64(summer.type.offset), false))
    }
    changes.sort { ($0.time, $0.starts ? 1 : 0) < ($1.time, $1.starts ? 1 : 0) }
    var transitions: [ZoneTransition] = []
    for change in changes {
      if transitions.last?.time == change.time { transitions.removeLast() }
      let type = change.starts ? summer.type : standard
      transitions.append(ZoneTransition(time: change.time, type: type))
    }
    return transitions
  }

  private static func name(_ scanner: inout TextScanner) -> String? {
    let quoted = scanner.take("<")
    let name = scanner.run { byte in
      byte.isLetter || quoted && (byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
    }
    guard name.utf8.count >= 3, !quoted || scanner.take(">") else { return nil }
    return name
  }

  /// `[+-]h[:mm[:ss]]` in seconds.
  private static func seconds(_ scanner: inout TextScanner, hours most: Int) -> Int? {
    let minus = scanner.take("-")
    if !minus { _ = scanner.take("+") }
    guard let hours = scanner.digits(1, 3), hours <= most else { return nil }
    var total = hours * 3600
    for unit in [60, 1] where scanner.take(":") {
      guard let count = scanner.digits(2), count < 60 else { return nil }
      total += count * unit
    }
    return minus ? -total : total
  }

  private static func change(_ scanner: inout TextScanner) -> Change? {
    guard let day = day(&scanner) else { return nil }
    guard scanner.take("/") else { return Change(day: day, seconds: 7200) }
    guard let seconds = seconds(&scanner, hours: 167) else { return nil }
    return Change(day: day, seconds: seconds)
  }

  private static func day(_ scanner: inout TextScanner) -> Day? {
    if scanner.take("J") {
      guard let day = scanner.digits(1, 3), (1...365).contains(day) else { return nil }
      return .withoutLeapDay(day)
    }
    guard scanner.take("M") else {
      guard let day = scanner.digits(1, 3), day <= 365 else { return nil }
      return .ofYear(day)
    }
    guard let month = scanner.digits(1, 2), (1...12).contains(month), scanner.take("."),
      let week = scanner.digits(1), (1...5).contains(week), scanner.take("."),
      let day = scanner.digits(1), day <= 6
    else { return nil }
    return .weekday(month: month, week: week, day: day)
  }
}

extension PosixZoneRule.Change {
  /// Seconds since 1970-01-01T00:00 of the clock that is in force until the change.
  fileprivate func localSeconds(year: Int) -> Int64 { Int64(day.dayNumber(year: year)) * 86_400 + Int64(seconds) }
}

extension PosixZoneRule.Day {
  fileprivate func dayNumber(year: Int) -> Int {
    let newYear = CivilDate.dayNumber(year: year, month: 1, day: 1)
    switch self {
    case .withoutLeapDay(let day): return newYear + day - 1 + (CivilDate.isLeap(year: year) && day > 59 ? 1 : 0)
    case .ofYear(let day): return newYear + day
    case .weekday(let month, let week, let day):
      let first = CivilDate.dayNumber(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday, 4 days after a Sunday.
      let firstWeekday = ((first + 4) % 7 + 7) % 7
      let firstMatch = first + (day - firstWeekday + 7) % 7
      let last = first + CivilDate.daysInMonth(year: year, month: month) - 1
      return week == 5 ? firstMatch + (last - firstMatch) / 7 * 7 : firstMatch + (week - 1) * 7
    }
  }
}
