extension RecurrencePattern {
  /// Reads an RRULE's value, in any case of letters. Throws for what is not supported or not well formed, by its name.
  init(text: String) throws(RecurrenceError) {
    var text = text.uppercased()
    if text.hasPrefix("RRULE:") { text = String(text.dropFirst(6)) }
    var seen: Set<String> = []
    for part in text.split(separator: ";", omittingEmptySubsequences: false).map(String.init) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw .malformed(part, why: "a part is NAME=VALUE")
      }
      guard seen.insert(sides[0]).inserted else { throw .malformed(part, why: "\(sides[0]) stands there twice") }
      try read(name: sides[0], value: sides[1], part: part)
    }
    guard seen.contains("FREQ") else { throw .malformed(text, why: "FREQ is missing") }
    try check(seen)
  }

  private mutating func read(name: String, value: String, part: String) throws(RecurrenceError) {
    switch name {
    case "FREQ":
      if ["HOURLY", "MINUTELY", "SECONDLY"].contains(value) { throw .unsupported(part) }
      frequency = try Self.word(value, part)
    case "INTERVAL": interval = try Self.number(value, 1...9999, part)
    case "COUNT": count = try Self.number(value, 1...1000, part)
    case "UNTIL":
      // Eight digits, which fall into a year, a month and a day.
      var scanner = TextScanner(value)
      guard let digits = scanner.digits(8), scanner.isAtEnd,
        let date = CivilDate(year: digits / 10_000, month: digits / 100 % 100, day: digits % 100)
      else { throw .malformed(part, why: "UNTIL is a date such as 20261231, itself included") }
      until = date
    case "BYDAY": days = try Self.list(value, part, Self.day)
    case "BYMONTHDAY": monthDays = try Self.list(value, part) { Self.signed($0, 31) }
    case "BYMONTH":
      months = try Self.list(value, part) { Self.signed($0, 12).flatMap { $0 > 0 ? $0 : nil } }
    case "BYSETPOS": positions = try Self.list(value, part) { Self.signed($0, 366) }
    case "WKST":
      guard let weekday = Self.weekday(value) else {
        throw .malformed(part, why: "WKST is MO, TU, WE, TH, FR, SA or SU")
      }
      weekStart = weekday
    case "SKIP": skip = try Self.word(value, part)
    case "RSCALE":
      guard value == "GREGORIAN" else { throw .unsupported(part) }
    case "BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO": throw .unsupported(name)
    default: throw .malformed(part, why: "there is no part of that name")
    }
  }

  /// What RFC 5545 says of parts together.
  private func check(_ seen: Set<String>) throws(RecurrenceError) {
    if count != nil, until != nil { throw .malformed("COUNT", why: "COUNT and UNTIL exclude each other") }
    if frequency == .weekly, !monthDays.isEmpty {
      throw .malformed("BYMONTHDAY", why: "FREQ=WEEKLY has no days of the month")
    }
    let largest = frequency == .monthly || !months.isEmpty ? 5 : 53
    for ordinal in days.compactMap(\.ordinal) {
      guard frequency == .monthly || frequency == .yearly else {
        throw .malformed("BYDAY", why: "only FREQ=MONTHLY and YEARLY number the weekdays")
      }
      guard abs(ordinal) <= largest else {
        throw .malformed("BYDAY", why: "no month has a weekday number \(ordinal)")
      }
    }
    if !positions.isEmpty, days.isEmpty, monthDays.isEmpty, months.isEmpty {
      throw .malformed("BYSETPOS", why: "it chooses among the dates of another BY part, and there is none")
    }
    if let skip, skip != .omit, let day = monthDays.first(where: { $0 < -28 }) {
      throw .unsupported("SKIP=\(skip.rawValue) with BYMONTHDAY=\(day)")
    }
  }

  /// The rule in one canonical order, COUNT included.
  var text: String {
    var parts = ["FREQ=\(frequency.rawValue)"]
    func add<Value>(_ name: String, _ values: [Value], _ text: (Value) -> String) {
      if !values.isEmpty { parts.append("\(name)=\(values.map(text).joined(separator: ","))") }
    }
    if interval > 1 { parts.append("INTERVAL=\(interval)") }
    add("COUNT", [count].compactMap(\.self), String.init)
    add("UNTIL", [until].compactMap(\.self)) { padded($0.year, 4) + padded($0.month, 2) + padded($0.day, 2) }
    add("BYMONTH", months, String.init)
    add("BYMONTHDAY", monthDays, String.init)
    add("BYDAY", days) { ($0.ordinal.map(String.init) ?? "") + Self.letters($0.weekday) }
    add("BYSETPOS", positions, String.init)
    if weekStart != .monday { parts.append("WKST=\(Self.letters(weekStart))") }
    add("SKIP", [skip].compactMap(\.self), \.rawValue)
    return parts.joined(separator: ";")
  }

  // MARK: Values

  private static func letters(_ weekday: Weekday) -> String { weekday.name.prefix(2).uppercased() }

  private static func weekday(_ text: String) -> Weekday? { Weekday.allCases.first { letters($0) == text } }

  private static func word<Word: RawRepresentable & CaseIterable>(
    _ value: String, _ part: String
  ) throws(RecurrenceError) -> Word where Word.RawValue == String {
    if let word = Word(rawValue: value) { return word }
    throw .malformed(part, why: "it is one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
  }

  private static func number(
    _ value: String, _ range: ClosedRange<Int>, _ part: String
  ) throws(RecurrenceError) -> Int {
    var scanner = TextScanner(value)
    if let number = scanner.digits(1, 9), scanner.isAtEnd, range.contains(number) { return number }
    throw .malformed(part, why: "it is a number from \(range.lowerBound) to \(range.upperBound)")
  }

  /// A number but zero, maybe with a sign, not larger than `largest`.
  private static func signed(_ text: String, _ largest: Int) -> Int? {
    var scanner = TextScanner(text)
    let minus = scanner.take("-")
    if !minus { _ = scanner.take("+") }
    guard let number = scanner.digits(1, 3), scanner.isAtEnd, (1...largest).contains(number) else { return nil }
    return minus ? -number : number
  }

  private static func day(_ text: String) -> Day? {
    guard let weekday = weekday(String(text.suffix(2))) else { return nil }
    if text.count == 2 { return Day(ordinal: nil, weekday: weekday) }
    return signed(String(text.dropLast(2)), 53).map { Day(ordinal: $0, weekday: weekday) }
  }

  private static func list<Value>(
    _ value: String, _ part: String, _ read: (String) -> Value?
  ) throws(RecurrenceError) -> [Value] {
    var values: [Value] = []
    for item in value.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = read(String(item)) else { throw .malformed(part, why: "'\(item)' is out of range or no value") }
      values.append(value)
    }
    return values
  }
}
