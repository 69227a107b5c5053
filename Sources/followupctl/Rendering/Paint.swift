/// Colours, beside the words and never instead of them.
struct Paint {
  let on: Bool

  func state(_ word: String, padded: String) -> String {
    let code: String? =
      switch word {
      case "failing", "failed", "urgent", "uncertain", "doubtful", "rejected", "wrong", "bounced", "stopped", "no": "31"
      case "degraded", "held", "paused", "opening", "waiting", "deferred", "soon", "missed", "handed", "defer", "staff":
        "33"
      case "ok", "sent", "confirmed", "completed", "delivered", "granted", "send", "yes": "32"
      default: nil
      }
    guard on, let code else { return padded }
    return "\u{1B}[\(code)m\(padded)\u{1B}[0m"
  }

  func heading(_ text: String) -> String { on ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}
