/// What a calendar and a clock on the wall show: the truth of an anchor, beside the name of its zone (R1).
package struct CivilDateTime: Hashable, Sendable {
  package let date: CivilDate
  package let time: CivilTime

  package init(date: CivilDate, time: CivilTime) {
    self.date = date
    self.time = time
  }

  /// The minute in which a count of seconds since 1970-01-01T00:00 of the same clock face lies.
  init(localSeconds: Int64) {
    let days = floorDivide(localSeconds, 86_400)
    date = CivilDate(dayNumber: Int(days))
    time = CivilTime(secondOfDay: Int(localSeconds - days * 86_400))
  }

  /// Seconds since 1970-01-01T00:00 of the same clock face.
  var localSeconds: Int64 { Int64(date.dayNumber) * 86_400 + Int64(time.minuteOfDay) * 60 }
}

extension CivilDateTime: Comparable {
  package static func < (a: CivilDateTime, b: CivilDateTime) -> Bool { (a.date, a.time) < (b.date, b.time) }
}

extension CivilDateTime: TextCodable {
  /// `2026-12-01T14:30`.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    guard let date = CivilDate(reading: &scanner), scanner.take("T"), let time = CivilTime(reading: &scanner),
      scanner.isAtEnd
    else { return nil }
    self.init(date: date, time: time)
  }

  package var description: String { "\(date)T\(time)" }
}
