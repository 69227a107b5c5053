extension WhenParser {
  mutating func takeDate(pastDays: Bool) throws(WhenError) -> CivilDate {
    if let distance = try distance() {
      guard pastDays || !distance.word.hasPrefix("-") else { throw Self.past(distance.word) }
      guard distance.unit == "d" || distance.unit == "w" else {
        throw .unclear(distance.word, hint: "write a day, for example 2026-12-01, or +3d")
      }
      _ = take()
      return today.adding(days: distance.count * (distance.unit == "w" ? 7 : 1))
    }
    if let word = words.first, Self.looksLikeTime(word) { throw .noDate(words.joined(separator: " ")) }
    guard let word = take() else { throw .empty }
    switch word {
    case "today": return today
    case "tomorrow": return today.adding(days: 1)
    case "yesterday" where pastDays: return today.adding(days: -1)
    default: break
    }
    guard let weekday = Weekday(name: word) else { return try calendarDate(from: word) }
    guard let next = words.first, dateFollows(next) else {
      let ahead = (weekday.rawValue - today.weekday.rawValue + 6) % 7 + 1
      return today.adding(days: ahead)
    }
    let date = try calendarDate(from: take() ?? next)
    guard date.weekday == weekday else {
      throw .impossible(
        read.joined(separator: " "), why: "\(Self.day(date)) is a \(date.weekday.name.capitalizedWord)",
        hint: "correct the weekday or the date, or leave the weekday out")
    }
    return date
  }

  /// Whether a weekday's next word begins a date, which the weekday then only confirms.
  private func dateFollows(_ next: String) -> Bool {
    if Self.month(next) != nil || next.first?.isNumber == true && next.contains(where: { $0 == "-" || $0 == "/" }) {
      return true
    }
    return Self.dayOfMonth(next) != nil && words.count > 1 && Self.month(words[1]) != nil
  }

  /// `2026-12-01`, `1 dec`, `1 dec 2027`, `dec 1`.
  private mutating func calendarDate(from word: String) throws(WhenError) -> CivilDate {
    var scanner = TextScanner(word)
    if let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(1, 2), scanner.take("-"),
      let day = scanner.digits(1, 2), scanner.isAtEnd
    {
      return try Self.existing(year: year, month: month, day: day, word)
    }
    if let refusal = Self.refusalOfSeparated(word) { throw refusal }
    var day = Self.dayOfMonth(word)
    var month = Self.month(word)
    if day != nil, let next = words.first {
      month = Self.month(next)
      if month != nil { _ = take() }
    } else if month != nil, let next = words.first {
      day = Self.dayOfMonth(next)
      if day != nil { _ = take() }
    }
    guard let day, let month else {
      throw .unclear(
        word,
        hint: word == "next" || word == "this"
          ? "write the weekday alone for the next one after today, else the date"
          : "write for example '2026-12-01 14:30', 'tue 2:30pm', '1 dec 14:30' or '+2w'")
    }
    if let next = words.first, next.count == 4, let year = Int(next), year > 0 {
      _ = take()
      return try Self.existing(year: year, month: month, day: day, read.joined(separator: " "))
    }
    let passed = (month, day) < (today.month, today.day)
    return try Self.existing(
      year: today.year + (passed ? 1 : 0), month: month, day: day, read.joined(separator: " "))
  }

  private static func existing(year: Int, month: Int, day: Int, _ text: String) throws(WhenError) -> CivilDate {
    if let date = CivilDate(year: year, month: month, day: day) { return date }
    let hint = "write a day of the calendar, for example 2026-12-01"
    guard (1...12).contains(month) else {
      throw .impossible(text, why: "there is no month \(month)", hint: hint)
    }
    guard (1...9999).contains(year) else { throw .impossible(text, why: "there is no year \(year)", hint: hint) }
    let name = months[month - 1].capitalizedWord
    let length = CivilDate.daysInMonth(year: year, month: month)
    throw .impossible(text, why: "\(name) \(year) has \(length) days, none of them \(day)", hint: hint)
  }

  /// `12/01/2026`, `1.12.26`, `12-01-2026`: no two countries agree on them.
  private static func refusalOfSeparated(_ word: String) -> WhenError? {
    var scanner = TextScanner(word)
    let separators: [Character] = ["/", ".", "-"]
    guard let first = scanner.digits(1, 4), let separator = separators.first(where: { scanner.take($0) }),
      let second = scanner.digits(1, 2)
    else { return nil }
    guard scanner.take(separator), let last = scanner.digits(1, 4), scanner.isAtEnd, first < 100 else {
      return .unclear(word, hint: "write the date as 2026-12-01 or 1 dec")
    }
    let year = last < 100 ? 2000 + last : last
    let readings = [(first, second), (second, first)].compactMap {
      CivilDate(year: year, month: $0.0, day: $0.1)
    }
    if readings.isEmpty {
      return .impossible(word, why: "there is no such day and month", hint: "write the date as 2026-12-01")
    }
    return .ambiguous(word, readings: first == second ? [readings[0]] : readings)
  }

  private static func dayOfMonth(_ word: String) -> Int? {
    var scanner = TextScanner(word)
    guard let day = scanner.digits(1, 2) else { return nil }
    let ending = scanner.run(while: \.isLetter)
    return scanner.isAtEnd && ["", "st", "nd", "rd", "th"].contains(ending) ? day : nil
  }

  static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  private static func month(_ word: String) -> Int? {
    let word = word.hasSuffix(".") ? String(word.dropLast()) : word
    let index = months.firstIndex { $0 == word || $0.prefix(3) == word || word == "sept" && $0 == "september" }
    return index.map { $0 + 1 }
  }
}

extension String {
  /// With its first letter in upper case, for ASCII words.
  var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
