/// When a step is due, as a distance from the anchor (R4).
package struct StepOffset: Hashable, Sendable {
  package enum Amount: Hashable, Sendable {
    /// Calendar days from the anchor's date as the patient's zone sees the anchor, at a time in the patient's zone.
    case days(Int, CivilTime)
    /// Elapsed time from the anchor's instant.
    case elapsed(seconds: Int64)
  }

  package let amount: Amount
  /// A before-step: written `-…` or `0d`, whatever the instant that comes of it.
  package let isBefore: Bool

  private init(_ amount: Amount, isBefore: Bool) {
    self.amount = amount
    self.isBefore = isBefore
  }

  /// As if written `-3d 10:00`, `0d 10:00` or `+3d 10:00`.
  package static func days(_ days: Int, _ time: CivilTime) -> StepOffset {
    StepOffset(.days(days, time), isBefore: days <= 0)
  }

  /// As if written `-90m` or `+90m`; zero as `+0m`.
  package static func elapsed(seconds: Int64) -> StepOffset {
    StepOffset(.elapsed(seconds: seconds), isBefore: seconds < 0)
  }

  /// The instant in question: `anchor` is derived in the anchor's own zone, the days are the patient's.
  package func instant(anchor: Instant, in patientZone: Zone) -> Instant {
    switch amount {
    case .elapsed(let seconds):
      return anchor + seconds
    case .days(let days, let time):
      let date = patientZone.civil(at: anchor).date.adding(days: days)
      return patientZone.instant(of: CivilDateTime(date: date, time: time))
    }
  }
}

extension StepOffset: TextCodable {
  /// `-3d 10:00`, `0d 08:00`, `+1d 10:00`, `-2h`, `-90m`, `+0m`. Days need a time of day, hours and minutes have none.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    let minus = scanner.take("-")
    let plus = !minus && scanner.take("+")
    guard let count = scanner.digits(1, 9) else { return nil }
    let signed = minus ? -count : count
    if scanner.take("d") {
      guard plus || minus || count == 0, count <= 36_525, scanner.take(" "), let time = CivilTime(reading: &scanner),
        scanner.isAtEnd
      else { return nil }
      self.init(.days(signed, time), isBefore: !plus)
      return
    }
    let hours = scanner.take("h")
    guard plus || minus, hours || scanner.take("m"), scanner.isAtEnd else { return nil }
    let seconds = Int64(signed) * (hours ? 3600 : 60)
    guard abs(seconds) <= TimeSpan.longest else { return nil }
    self.init(.elapsed(seconds: seconds), isBefore: minus)
  }

  package var description: String {
    switch amount {
    case .days(let days, let time):
      let sign = days > 0 || !isBefore ? "+" : ""
      return "\(sign)\(days)d \(time)"
    case .elapsed(let seconds):
      let minutes = abs(seconds) / 60
      let sign = isBefore ? "-" : "+"
      return minutes > 0 && minutes % 60 == 0 ? "\(sign)\(minutes / 60)h" : "\(sign)\(minutes)m"
    }
  }
}
