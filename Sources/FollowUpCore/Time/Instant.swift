/// A moment, in whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Instant: Comparable, Hashable, Sendable {
  package var seconds: Int64

  package init(_ seconds: Int64) { self.seconds = seconds }

  package static let distantPast = Instant(0)
  /// 9999-12-31T23:59:59Z, the last that RFC 3339 can spell.
  package static let distantFuture = Instant(253_402_300_799)

  package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }
  package static func + (a: Instant, seconds: Int64) -> Instant { Instant(a.seconds + seconds) }
  package static func - (a: Instant, seconds: Int64) -> Instant { Instant(a.seconds - seconds) }
  /// Elapsed seconds from `b` to `a`.
  package static func - (a: Instant, b: Instant) -> Int64 { a.seconds - b.seconds }
}
