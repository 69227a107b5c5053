import FollowUpCore

/// R2, R4, R7, R8 and R9 read word for word, by walking over minutes. Shared with the program are what a zone calls one
/// instant (which recorded cases prove elsewhere), how hours and offsets are spelled, and the hash by which R8 spreads,
/// for any would do.
struct MinuteWalk {
  /// Where a step is placed in time.
  struct Placed {
    var intendedAt: Instant
    var plannedAt: Instant
    var expiresAt: Instant
    var isPermitted: Bool
  }

  let zone: Zone
  let hours: ContactHours

  // MARK: Civil time

  /// R2: the first instant that a zone calls so; where there is none, as far past the gap's end as it lies in the gap.
  /// Every offset from UTC and every time of these tests is a multiple of a quarter of an hour.
  static func instant(of wanted: CivilDateTime, in zone: Zone) -> Instant {
    precondition(wanted.time.minuteOfDay % 15 == 0)
    let asIfUTC = Int64(wanted.date.dayNumber) * 86_400 + Int64(wanted.time.minuteOfDay) * 60
    var before = Instant(asIfUTC - 16 * 3600)
    for seconds in stride(from: asIfUTC - 16 * 3600, through: asIfUTC + 16 * 3600, by: 900) {
      let civil = zone.civil(at: Instant(seconds))
      if civil == wanted { return Instant(seconds) }
      if civil < wanted { before = Instant(seconds) }
    }
    let last = zone.civil(at: before)
    let days = wanted.date.dayNumber - last.date.dayNumber
    return before + Int64(days * 1440 + wanted.time.minuteOfDay - last.time.minuteOfDay) * 60
  }

  /// R4
  func intended(_ offset: StepOffset, anchor: Instant) -> Instant {
    switch offset.amount {
    case .elapsed(let seconds): return anchor + seconds
    case .days(let days, let time):
      let date = zone.civil(at: anchor).date.adding(days: days)
      return Self.instant(of: CivilDateTime(date: date, time: time), in: zone)
    }
  }

  /// R4: "Steps written `-…` or `0d` are before-steps, whatever the instant."
  static func isBefore(_ offset: StepOffset) -> Bool {
    switch offset.amount {
    case .elapsed(let seconds): seconds < 0
    case .days(let days, _): days <= 0
    }
  }

  // MARK: Contact hours

  /// R7: a range includes its start, not its end, and belongs to the weekday on which it starts.
  func allows(_ instant: Instant) -> Bool {
    let civil = zone.civil(at: instant)
    let minute = civil.time.minuteOfDay
    return hours.ranges(on: civil.date.weekday).contains { $0.start <= minute && minute < $0.end }
      || hours.ranges(on: civil.date.weekday.adding(days: -1)).contains {
        $0.start <= minute + 1440 && minute + 1440 < $0.end
      }
  }

  /// The instant itself, or the next whole minute that is allowed.
  func firstAllowed(from instant: Instant, before end: Instant) -> Instant? {
    if instant < end, allows(instant) { return instant }
    let next = (instant.seconds / 60 + 1) * 60
    return stride(from: next, to: end.seconds, by: 60).lazy.map { Instant($0) }.first(where: allows)
  }

  private func lastAllowed(before instant: Instant, after bound: Instant) -> Instant? {
    stride(from: instant.seconds - 60, to: bound.seconds, by: -60).lazy.map { Instant($0) }.first(where: allows)
  }

  // MARK: A step

  /// Where a step of a visit is planned, by who plans it at `now`; `key` seeds the spread.
  func place(_ step: Step, anchor: Instant, key: String, now: Instant) -> Placed {
    let intended = intended(step.at, anchor: anchor)
    let isBefore = Self.isBefore(step.at)
    // R9
    var expires = isBefore ? anchor : intended + 48 * 3600
    if let useful = step.useful {
      expires = isBefore ? min(anchor, intended + useful.seconds) : intended + useful.seconds
    }
    func placed(_ instant: Instant?) -> Placed {
      Placed(
        intendedAt: intended, plannedAt: instant ?? intended, expiresAt: expires, isPermitted: instant != nil)
    }
    if allows(intended) { return placed(intended) }
    let next = firstAllowed(from: intended, before: expires)
    // R8: "forward to the next allowed minute, if that is less than a quarter of its lead later and, where it was planned
    // for a day before the anchor's, still before that day"
    func isNear(_ instant: Instant) -> Bool {
      guard isBefore else { return true }
      guard (instant - intended) * 4 < anchor - intended else { return false }
      let day = zone.civil(at: anchor).date
      return zone.civil(at: intended).date >= day || zone.civil(at: instant).date < day
    }
    func spread(_ first: Instant, _ isAllowed: (Instant) -> Bool) -> Instant {
      // In the middle of a range nothing piles up.
      guard !allows(first - 60) else { return first }
      let later = first + Int64(stableHash("\(key)/\(step.id)") % 30) * 60
      return later < expires && allows(later) && isAllowed(later) ? later : first
    }
    if let next, isNear(next) { return placed(spread(next, isNear)) }
    if isBefore, let last = lastAllowed(before: intended, after: now) { return placed(last) }
    return placed(next.map { spread($0) { _ in true } })
  }
}
