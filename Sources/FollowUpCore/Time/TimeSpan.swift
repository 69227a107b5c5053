/// A length of elapsed time, as the configuration writes it: `90m`, `2h`, `3d`, `2w`. A day is 24 hours.
package struct TimeSpan: Hashable, Sendable, Comparable {
  /// Never negative.
  package let seconds: Int64

  /// The longest that can be written: a hundred years.
  static let longest: Int64 = 36_525 * 86_400

  /// nil for what cannot be written: less than nothing, parts of a minute, more than a hundred years.
  package init?(seconds: Int64) {
    guard seconds % 60 == 0, (0...Self.longest).contains(seconds) else { return nil }
    self.seconds = seconds
  }

  package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.seconds < b.seconds }

  /// Seconds of a unit, the longest first.
  static let units: [(letter: Character, seconds: Int64)] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)]
}

extension TimeSpan: TextCodable {
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    guard let count = scanner.digits(1, 9) else { return nil }
    guard let unit = Self.units.first(where: { scanner.take($0.letter) }), scanner.isAtEnd else { return nil }
    self.init(seconds: Int64(count) * unit.seconds)
  }

  /// In the longest unit that leaves no rest.
  package var description: String {
    guard seconds > 0, let unit = Self.units.first(where: { seconds % $0.seconds == 0 }) else { return "0m" }
    return "\(seconds / unit.seconds)\(unit.letter)"
  }
}
