/// When a patient may be written to: ranges for each weekday, on the clock of the patient's zone (R7).
package struct ContactHours: Sendable {
  /// Monday first, each day's ranges by their start.
  private let days: [[HourRange]]
  /// The allowed minutes of a week from Monday's midnight: ascending, apart from each other; those past Sunday's midnight
  /// are Monday's.
  let week: [Range<Int>]

  static let minutesPerWeek = 7 * 1440

  /// `daily` for every weekday that `overrides` does not name; an empty list is a day without hours.
  package init(daily: [HourRange], overrides: [Weekday: [HourRange]] = [:]) {
    days = Weekday.allCases.map { (overrides[$0] ?? daily).sorted { ($0.start, $0.end) < ($1.start, $1.end) } }
    week = Self.merged(days)
  }

  /// 09:00-19:00 each day, what holds where nobody wrote anything else.
  package static let standard = ContactHours(daily: [HourRange(start: 540, end: 1140)].compactMap(\.self))

  package func ranges(on weekday: Weekday) -> [HourRange] { days[weekday.rawValue - 1] }

  /// Whether the civil time there lies in a range.
  package func allows(_ instant: Instant, in zone: Zone) -> Bool {
    let offset = zone.stretch(at: instant).offset
    return window(ofLocalMinute: floorDivide(instant.spellable.seconds + offset, 60)) != nil
  }

  /// Ranges that overlap or adjoin become one, over midnight and the end of the week too.
  private static func merged(_ days: [[HourRange]]) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    for (day, ranges) in days.enumerated() {
      for range in ranges {
        let start = day * 1440 + range.start
        let end = day * 1440 + range.end
        pieces.append(start..<min(end, minutesPerWeek))
        if end > minutesPerWeek { pieces.append(0..<end - minutesPerWeek) }
      }
    }
    var merged: [Range<Int>] = []
    for piece in pieces.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, piece.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, piece.upperBound)
      } else {
        merged.append(piece)
      }
    }
    return merged
  }
}

extension ContactHours: Hashable {
  package static func == (a: ContactHours, b: ContactHours) -> Bool { a.days == b.days }
  package func hash(into hasher: inout Hasher) { hasher.combine(days) }
}
