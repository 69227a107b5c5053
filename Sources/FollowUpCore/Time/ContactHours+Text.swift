/// What is wrong with a text of contact hours.
package struct ContactHoursError: Error, Hashable, Sendable {
  /// The part that is no hours.
  package let part: String

  package var code: String { "bad-hours" }
  package var sentence: String {
    "'\(part)' is no hours; write '09:00-19:00', or days with their hours, 'mon-fri 09:00-17:00, sat 10:00-12:00', or 'closed'"
  }
}

extension ContactHours: TextCodable {
  /// Reads `09:00-19:00` (each day), `mon-fri 09:00-12:00 14:00-17:00, sat 10:00-12:00` (days not named are without hours),
  /// `09:00-19:00, sun closed` (each day, but for Sunday), `closed`.
  ///
  /// Words stand apart by spaces or commas. Days before hours say to which days these belong; no day, or `daily`, means all.
  /// Hours of a day that is named again replace the earlier ones.
  package init(text: String) throws(ContactHoursError) {
    let words = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }).map(String.init)
    var days: [Weekday: [HourRange]] = [:]
    var group: [Weekday] = []
    var pending = words.isEmpty ? text : nil
    var hasHours = true
    for word in words {
      if let named = Self.days(word) {
        group = hasHours ? named : group + named
        hasHours = false
        pending = word
        continue
      }
      if group.isEmpty { (group, hasHours) = (Weekday.allCases, false) }
      if word == "closed" {
        guard !hasHours else { throw ContactHoursError(part: word) }
        for day in group { days[day] = [] }
      } else {
        guard let range = HourRange(word) else { throw ContactHoursError(part: word) }
        for day in group { days[day] = hasHours ? (days[day] ?? []) + [range] : [range] }
      }
      hasHours = true
      pending = nil
    }
    if let pending { throw ContactHoursError(part: pending) }
    self.init(daily: [], overrides: days)
  }

  package init?(_ description: String) {
    do { try self.init(text: description) } catch { return nil }
  }

  /// The shortest text of this form that reads back as the same hours.
  package var description: String {
    var groups: [(first: Weekday, last: Weekday, ranges: [HourRange])] = []
    for day in Weekday.allCases {
      let ranges = ranges(on: day)
      if let last = groups.last, last.ranges == ranges {
        groups[groups.count - 1].last = day
      } else {
        groups.append((day, day, ranges))
      }
    }
    if groups.count == 1 { return groups[0].ranges.isEmpty ? "closed" : Self.text(groups[0].ranges) }
    return groups.filter { !$0.ranges.isEmpty }.map { group in
      let days = group.first == group.last ? group.first.shortName : "\(group.first.shortName)-\(group.last.shortName)"
      return "\(days) \(Self.text(group.ranges))"
    }.joined(separator: ", ")
  }

  private static func text(_ ranges: [HourRange]) -> String { ranges.map(\.description).joined(separator: " ") }

  /// `mon`, `monday`, `mon-fri`, `sat-mon` (over the week's end), `daily`.
  private static func days(_ word: String) -> [Weekday]? {
    if word == "daily" { return Weekday.allCases }
    let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Weekday(name: String($0)) }
    guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
    return (0...(last.rawValue - first.rawValue + 7) % 7).map { first.adding(days: $0) }
  }
}
