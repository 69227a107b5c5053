import FollowUpCore
import Support
import Testing

/// The rule against a slow reading of RFC 5545: every day of every month is looked at, those included that a month does not
/// have, sorted into periods and judged one by one.
@Suite struct RecurrenceOracleTests {
  @Test("R5: a rule yields what a look at every day yields", arguments: ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
  func everyDay(frequency: String) throws {
    var random = SeededGenerator()
    print("seed of \(frequency): \(random.seed)")
    var compared = 0
    for _ in 0..<40 {
      let oracle = Oracle.random(frequency, &random)
      let expected = oracle.dates(years: 6)
      guard let last = expected.last else { continue }
      let comment: Comment = "seed \(random.seed), \(oracle.text), \(oracle.anchor)"
      let rule = try RecurrenceRule(oracle.text, anchor: oracle.anchor)
      var found: [CivilDate] = []
      var date = oracle.anchor.adding(days: -1)
      while let next = rule.next(after: date), next <= last {
        found.append(next)
        date = next
      }
      #expect(found == expected, comment)
      for _ in 0..<5 {
        let start = oracle.anchor.adding(days: Int.random(in: 0..<1500, using: &random))
        #expect(rule.contains(start) == expected.contains(start) || start > last, comment)
      }
      compared += 1
    }
    #expect(compared > 10)
  }

  @Test(
    "R5: COUNT and UNTIL end a rule where a look at every day ends",
    arguments: ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
  func ends(frequency: String) throws {
    var random = SeededGenerator()
    print("seed of \(frequency): \(random.seed)")
    var compared = 0
    for _ in 0..<40 {
      let oracle = Oracle.random(frequency, &random)
      let dates = oracle.dates(years: 6)
      guard !dates.isEmpty else { continue }
      let count = random.number(1...min(20, dates.count))
      let last = dates[count - 1]
      // Any day before the next date ends it there too.
      let room = count < dates.count ? dates[count].dayNumber - last.dayNumber - 1 : 0
      let until = last.adding(days: Int.random(in: 0...room, using: &random))
      let compact = until.description.replacing("-", with: "")
      for end in ["COUNT=\(count)", "UNTIL=\(compact)"] {
        let comment: Comment = "seed \(random.seed), \(oracle.text);\(end), \(oracle.anchor)"
        let rule = try RecurrenceRule("\(oracle.text);\(end)", anchor: oracle.anchor)
        // As it is read again, with the last date that it was resolved to.
        let again = try RecurrenceRule(rule.text, anchor: oracle.anchor, last: rule.last)
        for rule in [rule, again] {
          #expect(rule.next(after: last.adding(days: -1)) == last, comment)
          #expect(rule.next(after: last) == nil, comment)
          #expect(rule.last == (end.hasPrefix("C") ? last : until), comment)
        }
      }
      compared += 1
    }
    #expect(compared > 10)
  }
}

private struct Oracle {
  var frequency: String
  var interval: Int
  var byDay: [(ordinal: Int?, weekday: Weekday)] = []
  var byMonthDay: [Int] = []
  var byMonth: [Int] = []
  var bySetPos: [Int] = []
  var weekStart: Weekday
  var skip: String?
  var anchor: CivilDate

  static func random(_ frequency: String, _ random: inout SeededGenerator) -> Oracle {
    func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }
    func some(_ values: [Int]) -> [Int] {
      Array(values.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
    }
    var oracle = Oracle(
      frequency: frequency, interval: Int.random(in: 1...4, using: &random),
      weekStart: Weekday.allCases.randomElement(using: &random) ?? .monday,
      anchor: CivilDate(dayNumber: Int.random(in: 19_700...20_900, using: &random)))
    let canNumber = frequency == "MONTHLY" || frequency == "YEARLY"
    if chance(3) { oracle.byMonth = some(Array(1...12)) }
    if frequency != "WEEKLY", chance(3) { oracle.byMonthDay = some(Array(1...31) + [29, 30, 31, 31, -1, -2, -28]) }
    if chance(2) {
      let ordinals =
        frequency == "YEARLY" && oracle.byMonth.isEmpty ? [1, 10, 20, 53, -1, -10, -53] : [1, 2, 4, 5, -1, -2, -5]
      oracle.byDay = some(Array(1...7)).map {
        (canNumber && chance(2) ? ordinals.randomElement(using: &random) : nil, Weekday(rawValue: $0) ?? .monday)
      }
    }
    if !oracle.byDay.isEmpty || !oracle.byMonthDay.isEmpty || !oracle.byMonth.isEmpty, chance(3) {
      oracle.bySetPos = some([1, 2, 3, -1, -2])
    }
    if chance(2) { oracle.skip = ["OMIT", "BACKWARD", "FORWARD"].randomElement(using: &random) }
    return oracle
  }

  var text: String {
    var parts = ["FREQ=\(frequency)", "INTERVAL=\(interval)", "WKST=\(Self.letters(weekStart))"]
    func list(_ name: String, _ values: [String]) {
      if !values.isEmpty { parts.append("\(name)=\(values.joined(separator: ","))") }
    }
    list("BYMONTH", byMonth.map(String.init))
    list("BYMONTHDAY", byMonthDay.map(String.init))
    list("BYDAY", byDay.map { "\($0.ordinal.map(String.init) ?? "")\(Self.letters($0.weekday))" })
    list("BYSETPOS", bySetPos.map(String.init))
    list("SKIP", [skip].compactMap(\.self))
    return parts.joined(separator: ";")
  }

  private static func letters(_ weekday: Weekday) -> String { weekday.name.prefix(2).uppercased() }

  /// The dates on or after the anchor, up to the end of a year some years later.
  func dates(years: Int) -> [CivilDate] {
    var periods: [Int: Set<CivilDate>] = [:]
    // A week may begin in the year before; what follows the last year's end is left out.
    for year in anchor.year - 1...anchor.year + years {
      for month in 1...12 {
        for day in 1...31 where nominal(year, month, day) {
          guard let date = real(year, month, day), limited(date) else { continue }
          guard let period = period(year, month, date) else { continue }
          periods[period, default: []].insert(date)
        }
      }
    }
    let end = anchor.year + years - 1
    let chosen = periods.values.flatMap { set -> [CivilDate] in
      let sorted = set.sorted()
      guard !bySetPos.isEmpty else { return sorted }
      return bySetPos.map { $0 > 0 ? $0 - 1 : sorted.count + $0 }.filter(sorted.indices.contains).map { sorted[$0] }
    }
    return Set(chosen).filter { $0 >= anchor && $0.year <= end }.sorted()
  }

  private var expandsDays: Bool { frequency == "MONTHLY" || frequency == "YEARLY" }

  /// Whether the rule means this day of this month, be there such a day or not.
  private func nominal(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    let length = CivilDate.daysInMonth(year: year, month: month)
    if !byMonth.isEmpty, !byMonth.contains(month) { return false }
    if !byMonthDay.isEmpty {
      return byMonthDay.contains { $0 > 0 ? $0 == day : length + 1 + $0 == day }
    }
    guard expandsDays, byDay.isEmpty else { return day <= length }
    if frequency == "YEARLY", byMonth.isEmpty, month != anchor.month { return false }
    return day == anchor.day
  }

  private func real(_ year: Int, _ month: Int, _ day: Int) -> CivilDate? {
    if let date = CivilDate(year: year, month: month, day: day) { return date }
    guard expandsDays else { return nil }
    let clamps = byDay.isEmpty && byMonthDay.isEmpty && bySetPos.isEmpty
    switch skip ?? (clamps ? "BACKWARD" : "OMIT") {
    case "BACKWARD": return CivilDate(year: year, month: month, day: CivilDate.daysInMonth(year: year, month: month))
    case "FORWARD": return CivilDate(year: year, month: month + 1, day: 1)
    default: return nil
    }
  }

  private func limited(_ date: CivilDate) -> Bool {
    if byDay.isEmpty { return frequency != "WEEKLY" || date.weekday == anchor.weekday }
    return byDay.contains { day in
      guard date.weekday == day.weekday else { return false }
      guard let ordinal = day.ordinal else { return true }
      // Counted one by one: how many days of this weekday precede or follow it in its month or year.
      let step = ordinal > 0 ? -7 : 7
      var count = 1
      var other = date.adding(days: step)
      while other.year == date.year, frequency == "YEARLY" && byMonth.isEmpty || other.month == date.month {
        count += 1
        other = other.adding(days: step)
      }
      return count == abs(ordinal)
    }
  }

  /// Which period the day was meant in; nil between the periods of the interval, and before the anchor's.
  private func period(_ year: Int, _ month: Int, _ date: CivilDate) -> Int? {
    var distance: Int
    switch frequency {
    case "DAILY": distance = date.dayNumber - anchor.dayNumber
    case "WEEKLY":
      func week(_ date: CivilDate) -> Int {
        var day = date
        while day.weekday != weekStart { day = day.adding(days: -1) }
        return day.dayNumber
      }
      distance = (week(date) - week(anchor)) / 7
    case "MONTHLY": distance = (year - anchor.year) * 12 + month - anchor.month
    default: distance = year - anchor.year
    }
    return distance >= 0 && distance % interval == 0 ? distance : nil
  }
}
