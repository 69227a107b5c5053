/// Reads a WHEN, as staff type it: `2026-12-01 14:30`, `tue 2:30pm`, `tomorrow 9:30`, `1 dec 14:30`, `+3d 14:00`, `+2w`.
/// What is impossible, ambiguous or unclear is refused, never guessed (`interface.md`).
package struct WhenParser {
  var words: [String]
  let today: CivilDate
  /// Read so far, for what a refusal says was understood.
  private(set) var read: [String] = []

  /// The civil time meant. A day without a time gets `defaultTime`, or is refused if there is none; a weekday is the next
  /// one after today; a date without a year is the next such date; `+2h` and `+90m` are exact, rounded up to the minute.
  package static func parse(
    _ text: String, now: Instant, zone: Zone, defaultTime: CivilTime?
  ) throws(WhenError) -> CivilDateTime {
    var parser = try WhenParser(text, now: now, zone: zone)
    if let elapsed = try parser.takeElapsed() {
      try parser.finish(hint: "hours and minutes from now are exact; leave the rest out")
      return zone.civil(at: now + elapsed + 59)
    }
    let date = try parser.takeDate(pastDays: false)
    let day = parser.read.joined(separator: " ")
    guard let time = try parser.takeTime() ?? defaultTime else { throw .noTime(day) }
    return CivilDateTime(date: date, time: time)
  }

  /// A day alone, as `--from`, `--to` and `--due` take it; also `yesterday` and `-7d`.
  package static func parseDay(_ text: String, now: Instant, zone: Zone) throws(WhenError) -> CivilDate {
    var parser = try WhenParser(text, now: now, zone: zone)
    let date = try parser.takeDate(pastDays: true)
    try parser.finish(hint: "write a day only, for example 2026-12-01")
    return date
  }

  private init(_ text: String, now: Instant, zone: Zone) throws(WhenError) {
    var words = text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
    if let first = words.first, let mark = first.firstIndex(of: "t"), first[..<mark].contains("-"),
      first[..<mark].allSatisfy({ $0.isNumber || $0 == "-" })
    {
      // `2026-12-01T14:30` is two words, whatever either of them is worth.
      words.replaceSubrange(0...0, with: [String(first[..<mark]), String(first[first.index(after: mark)...])])
    }
    words.removeAll { $0 == "at" || $0 == "on" }
    guard !words.isEmpty else { throw .empty }
    self.words = words
    today = zone.civil(at: now).date
  }

  mutating func take() -> String? {
    guard !words.isEmpty else { return nil }
    let word = words.removeFirst()
    read.append(word)
    return word
  }

  private func finish(hint: String) throws(WhenError) {
    guard words.isEmpty else { throw .unclear(words.joined(separator: " "), hint: hint) }
  }

  /// `+3d` as a signed count and its unit; nil if the next word is none.
  func distance() throws(WhenError) -> (count: Int, unit: Character, word: String)? {
    guard let word = words.first, word.hasPrefix("+") || word.hasPrefix("-") else { return nil }
    let hint = "write +90m, +2h, +3d or +2w"
    var scanner = TextScanner(String(word.dropFirst()))
    guard let count = scanner.digits(1, 9), let unit = TimeSpan.units.first(where: { scanner.take($0.letter) }),
      scanner.isAtEnd
    else { throw .unclear(word, hint: hint) }
    guard Int64(count) * unit.seconds <= TimeSpan.longest else {
      throw .impossible(word, why: "that is more than a hundred years", hint: hint)
    }
    return (word.hasPrefix("-") ? -count : count, unit.letter, word)
  }

  mutating func takeElapsed() throws(WhenError) -> Int64? {
    guard let distance = try distance(), distance.unit == "h" || distance.unit == "m" else { return nil }
    guard !distance.word.hasPrefix("-") else { throw Self.past(distance.word) }
    _ = take()
    return Int64(distance.count) * (distance.unit == "h" ? 3600 : 60)
  }

  static func past(_ word: String) -> WhenError {
    .impossible(word, why: "that is in the past", hint: "write +\(word.dropFirst()) for a time ahead")
  }
}
