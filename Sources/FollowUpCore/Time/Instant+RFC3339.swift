extension Instant: TextCodable {
  /// `2027-12-09T16:00:00Z`, or with a numeric offset; a fraction of a second is cut off. nil for anything else, and for
  /// years outside 1 to 9999.
  package init?(rfc3339 text: String) {
    var scanner = TextScanner(text)
    guard let date = CivilDate(reading: &scanner), scanner.take("T") || scanner.take("t"),
      let time = CivilTime(reading: &scanner), scanner.take(":"), let second = scanner.digits(2), second < 60
    else { return nil }
    if scanner.take(".") {
      guard scanner.digits(1, 18) != nil else { return nil }
    }
    var offset = 0
    if !scanner.take("Z") && !scanner.take("z") {
      let east = scanner.take("+")
      guard east || scanner.take("-"), let distance = CivilTime(reading: &scanner) else { return nil }
      offset = distance.minuteOfDay * (east ? 60 : -60)
    }
    guard scanner.isAtEnd else { return nil }
    let civil = CivilDateTime(date: date, time: time)
    self.init(civil.localSeconds + Int64(second) - Int64(offset))
    guard self >= Self.earliestSpelled, self <= .distantFuture else { return nil }
  }

  package init?(_ description: String) { self.init(rfc3339: description) }

  /// In UTC: `2027-12-09T16:00:00Z`. What RFC 3339 cannot spell shows as the nearest instant that it can.
  package var rfc3339: String { Self.spelled(localSeconds: spellable.seconds) + "Z" }

  /// On the zone's clock with its offset: `2027-12-09T09:00:00-07:00`; in UTC where the offset is no whole minute.
  package func rfc3339(in zone: Zone) -> String {
    let offset = zone.offset(at: self)
    let local = Instant(spellable.seconds + Int64(offset))
    guard offset != 0, offset % 60 == 0, local == local.spellable else { return rfc3339 }
    let distance = CivilTime(secondOfDay: abs(offset) % 86_400)
    return Self.spelled(localSeconds: local.seconds) + (offset < 0 ? "-" : "+") + distance.description
  }

  package var description: String { rfc3339 }

  /// The civil time in UTC, to the minute.
  package var utc: CivilDateTime { CivilDateTime(localSeconds: spellable.seconds) }

  /// 0001-01-01T00:00:00Z.
  static let earliestSpelled = Instant(-62_135_596_800)

  /// Within the years 1 to 9999.
  var spellable: Instant { min(max(self, Self.earliestSpelled), .distantFuture) }

  private static func spelled(localSeconds: Int64) -> String {
    let second = localSeconds - floorDivide(localSeconds, 60) * 60
    return "\(CivilDateTime(localSeconds: localSeconds)):\(padded(Int(second), 2))"
  }
}
