internal import FollowUpCore

/// A channel's rate, as a bucket of one second's work that fills evenly (R11). Time is the boot clock's, so that a wall
/// clock that is set neither stops nor floods it.
struct Pace: Sendable {
  /// 0: no limit.
  private let perMinute: Int
  private var tokens: Double
  private var filledAt: Int64

  private var depth: Double { max(1, (Double(perMinute) / 60).rounded(.up)) }
  /// What is left over of one look is kept for the next: timers are never exactly a second apart.
  private var brim: Double { depth + 0.999 }

  init(perMinute: Int, now: Int64) {
    self.perMinute = perMinute
    filledAt = now
    tokens = 0
    tokens = depth
  }

  /// How many may be claimed now; `now` in nanoseconds since boot.
  mutating func room(now: Int64) -> Int {
    guard perMinute > 0 else { return .max }
    let elapsed = Double(max(0, now - filledAt)) / 1_000_000_000
    tokens = min(brim, tokens + elapsed * Double(perMinute) / 60)
    filledAt = now
    return Int(tokens)
  }

  /// How long until there is room for one more, in seconds, once what there is is taken.
  var nextIn: Double {
    guard perMinute > 0 else { return 0 }
    return (1 - tokens.truncatingRemainder(dividingBy: 1)) * 60 / Double(perMinute)
  }

  mutating func take(_ count: Int) {
    if perMinute > 0 { tokens -= Double(count) }
  }
}
