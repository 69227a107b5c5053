/// When a message is tried again (`delivery.md`, Retry).
package enum RetrySchedule: Sendable, Equatable {
  /// max(5 min, time since the first try), at most 4000 s apart.
  case mail
  /// 5 s, 5 min, 30 min, 2 h, 5 h, then 10 h.
  case webhook

  private static let webhookDelays: [Int64] = [5, 300, 1800, 7200, 18_000, 36_000]
  private static let mailFloor: Int64 = 300
  private static let mailCeiling: Int64 = 4000

  /// Seconds to wait after the `tries`-th try (from 1), without jitter.
  package func delay(tries: Int, sinceFirst: Int64) -> Int64 {
    switch self {
    case .mail: min(max(Self.mailFloor, sinceFirst), Self.mailCeiling)
    case .webhook: Self.webhookDelays[min(max(tries, 1), Self.webhookDelays.count) - 1]
    }
  }

  /// The instant of the next try: the delay with ±20 % jitter, seeded by the message's identity so that it is the same
  /// however often it is computed; a pause that the peer asked for is honoured within [delay, 2 × delay].
  package func next(after now: Instant, tries: Int, firstTry: Instant, asked: Int64?, identity: String) -> Instant {
    let delay = delay(tries: tries, sinceFirst: max(0, now - firstTry))
    if let asked { return now + min(max(asked, delay), 2 * delay) }
    let span = max(1, delay * 4 / 10)
    let jitter = Int64(stableHash("\(identity)/\(tries)") % UInt64(span)) - span / 2
    return now + max(1, delay + jitter)
  }
}
