import Foundation

/// When a visit of a test is: a WHEN in UTC, relative to the minute that runs.
package enum Visit {
  /// `2026-12-01T14:30`, this many minutes after the minute that runs now.
  ///
  /// - Parameter seconds: what is left of this minute at least; with less it counts from the next one.
  package static func minutesAhead(_ minutes: Int, leaving seconds: Int = 0) -> String {
    var now = time(nil) + seconds
    now -= now % 60
    return civil(now + 60 * minutes)
  }

  /// In an hour: the reminder of `ClinicFile.dueNow` is due since a moment, and not late.
  package static var inAnHour: String { minutesAhead(60) }

  private static func civil(_ seconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let numbers = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min]
    let text = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(parts.tm_year + 1900)-\(text[0])-\(text[1])T\(text[2]):\(text[3])"
  }
}

extension Visit {
  /// Whether an RFC 3339 text names the same instant as `other`.
  package static func sameInstant(as other: String) -> (String) -> Bool {
    { text in
      guard let left = instant(text), let right = instant(other) else { return false }
      return left == right
    }
  }

  private static func instant(_ text: String) -> Date? {
    try? Date(text, strategy: .iso8601)
  }
}
