/// A minute of a day's clock face, in no zone.
package struct CivilTime: Hashable, Sendable {
  /// 0 to 1439.
  package let minuteOfDay: Int

  package init?(minuteOfDay: Int) {
    guard (0..<1440).contains(minuteOfDay) else { return nil }
    self.minuteOfDay = minuteOfDay
  }

  package init?(hour: Int, minute: Int) {
    guard (0..<24).contains(hour), (0..<60).contains(minute) else { return nil }
    self.init(minuteOfDay: hour * 60 + minute)
  }

  /// The minute in which a second of the day lies.
  init(secondOfDay: Int) { minuteOfDay = secondOfDay / 60 }

  package static let midnight = CivilTime(secondOfDay: 0)

  package var hour: Int { minuteOfDay / 60 }
  package var minute: Int { minuteOfDay % 60 }
}

extension CivilTime: Comparable {
  package static func < (a: CivilTime, b: CivilTime) -> Bool { a.minuteOfDay < b.minuteOfDay }
}

extension CivilTime: TextCodable {
  /// `14:30`, two digits each.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    self.init(reading: &scanner)
    guard scanner.isAtEnd else { return nil }
  }

  init?(reading scanner: inout TextScanner) {
    guard let hour = scanner.digits(2), scanner.take(":"), let minute = scanner.digits(2) else { return nil }
    self.init(hour: hour, minute: minute)
  }

  package var description: String { "\(padded(hour, 2)):\(padded(minute, 2))" }
}
