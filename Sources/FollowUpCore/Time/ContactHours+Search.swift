extension ContactHours {
  /// The first allowed instant at or after `earliest`: that instant itself, or the first minute of a range. nil if there
  /// is none before `limit`.
  package func firstAllowed(atOrAfter earliest: Instant, before limit: Instant, in zone: Zone) -> Instant? {
    var time = earliest.spellable.seconds
    let limit = limit.spellable.seconds
    while time < limit {
      let stretch = zone.stretch(at: Instant(time))
      guard let local = nextAllowed(localSecond: time + stretch.offset) else { return nil }
      let found = local - stretch.offset
      if found < stretch.end { return found < limit ? Instant(found) : nil }
      time = stretch.end
    }
    return nil
  }

  /// The last allowed minute that begins before `latest`. nil if there is none after `bound`.
  package func lastAllowed(before latest: Instant, after bound: Instant, in zone: Zone) -> Instant? {
    var limit = latest.spellable.seconds
    let bound = bound.spellable.seconds
    while limit > bound + 1 {
      let stretch = zone.stretch(at: Instant(limit - 1))
      // The last whole minute of the civil clock before the limit, as a count since 1970.
      let last = floorDivide(limit - 1 + stretch.offset, 60)
      guard let minute = previousAllowed(localMinute: last) else { return nil }
      let found = minute * 60 - stretch.offset
      if found >= stretch.start { return found > bound ? Instant(found) : nil }
      limit = stretch.start
    }
    return nil
  }

  /// The first instant from `instant` on that is not allowed any more, ranges that adjoin taken as one; at most eight days
  /// ahead, where hours have no end. nil if `instant` itself is not allowed.
  package func endOfRange(containing instant: Instant, in zone: Zone) -> Instant? {
    guard allows(instant, in: zone) else { return nil }
    var time = instant.spellable.seconds
    let limit = time + 8 * 86_400
    while time < limit {
      let stretch = zone.stretch(at: Instant(time))
      let minute = floorDivide(time + stretch.offset, 60)
      guard let window = window(ofLocalMinute: minute) else { return Instant(time) }
      let end = window.upperBound * 60 - stretch.offset
      // Where the window ends within the stretch, the next turn looks at what follows it, which may be the next week's.
      time = min(end, stretch.end)
    }
    return Instant(limit)
  }

  /// The allowed window in which a minute since 1970-01-01T00:00 of a local clock lies, in the same count.
  func window(ofLocalMinute minute: Int64) -> Range<Int64>? {
    let (monday, inWeek) = Self.split(minute)
    guard let found = week.first(where: { $0.contains(inWeek) }) else { return nil }
    return monday + Int64(found.lowerBound)..<monday + Int64(found.upperBound)
  }

  /// The second itself if its minute is allowed, else the first of the next window; nil if there are no hours at all.
  private func nextAllowed(localSecond second: Int64) -> Int64? {
    let (monday, inWeek) = Self.split(floorDivide(second, 60))
    if let window = week.first(where: { $0.upperBound > inWeek }) {
      return max(second, (monday + Int64(window.lowerBound)) * 60)
    }
    guard let first = week.first else { return nil }
    return (monday + Int64(Self.minutesPerWeek + first.lowerBound)) * 60
  }

  /// The minute itself if it is allowed, else the last of the window before.
  private func previousAllowed(localMinute minute: Int64) -> Int64? {
    let (monday, inWeek) = Self.split(minute)
    if let window = week.last(where: { $0.lowerBound <= inWeek }) {
      return min(minute, monday + Int64(window.upperBound) - 1)
    }
    guard let last = week.last else { return nil }
    return monday + Int64(last.upperBound - Self.minutesPerWeek) - 1
  }

  /// The Monday's midnight before a minute since 1970-01-01, a Thursday, and the minutes since.
  private static func split(_ minute: Int64) -> (monday: Int64, inWeek: Int) {
    let firstMonday: Int64 = 4 * 1440
    let monday = firstMonday + floorDivide(minute - firstMonday, Int64(minutesPerWeek)) * Int64(minutesPerWeek)
    return (monday, Int(minute - monday))
  }
}
