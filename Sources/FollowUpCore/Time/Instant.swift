/// A moment, in whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Instant: Comparable, Hashable, Sendable {
  package var seconds: Int64

  package init(_ seconds: Int64) { self.seconds = seconds }

  package static let distantPast = Instant(0)
  /// 9999-12-31T23:59:59Z, the last that RFC 3339 can spell.
  package static let distantFuture = Instant(253_402_300_799)

  package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }
  // A sum that 64 bits cannot hold stays at their end: a nonsense row must not stop the program (promise 33).
  package static func + (a: Instant, seconds: Int64) -> Instant {
    let (sum, overflow) = a.seconds.addingReportingOverflow(seconds)
    return Instant(overflow ? (seconds < 0 ? .min : .max) : sum)
  }
  package static func - (a: Instant, seconds: Int64) -> Instant {
    let (rest, overflow) = a.seconds.subtractingReportingOverflow(seconds)
    return Instant(overflow ? (seconds < 0 ? .max : .min) : rest)
  }
  /// Elapsed seconds from `b` to `a`.
  package static func - (a: Instant, b: Instant) -> Int64 { (a - b.seconds).seconds }

  /// Whether it lies in the years 1970 to 9999: what a clinic's row can mean.
  package var isPlausible: Bool { self >= .distantPast && self <= .distantFuture }
}
