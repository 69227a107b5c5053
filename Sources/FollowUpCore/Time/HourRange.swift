/// Hours of a day: `09:00-19:00`, the start inclusive, the end exclusive. `22:00-06:00` passes midnight and belongs to the
/// day on which it starts (R7).
package struct HourRange: Hashable, Sendable {
  /// Minutes from the day's midnight, 0 to 1439.
  package let start: Int
  /// Minutes from the day's midnight, past `start`; more than 1440 where it passes midnight.
  package let end: Int

  /// nil unless `0 ≤ start < 1440` and `0 < end ≤ 1440`; an end before the start is on the next day.
  package init?(start: Int, end: Int) {
    guard (0..<1440).contains(start), (0...1440).contains(end), start != end else { return nil }
    self.start = start
    self.end = end > start ? end : end + 1440
    guard self.end > self.start, end != 0 || start != 0 else { return nil }
  }

  /// Whether a time of the day on which it starts lies in it.
  package func contains(_ time: CivilTime) -> Bool { (start..<end).contains(time.minuteOfDay) }
}

extension HourRange: TextCodable {
  /// `09:00-19:00`, `00:00-24:00`, `22:00-06:00`.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    guard let start = Self.minute(&scanner), scanner.take("-"), let end = Self.minute(&scanner), scanner.isAtEnd else {
      return nil
    }
    self.init(start: start, end: end)
  }

  package var description: String { "\(Self.text(start))-\(Self.text(end > 1440 ? end - 1440 : end))" }

  private static func minute(_ scanner: inout TextScanner) -> Int? {
    guard let hour = scanner.digits(1, 2), scanner.take(":"), let minute = scanner.digits(2), minute < 60,
      hour < 24 || hour == 24 && minute == 0
    else { return nil }
    return hour * 60 + minute
  }

  private static func text(_ minute: Int) -> String { "\(padded(minute / 60, 2)):\(padded(minute % 60, 2))" }
}
