extension WhenParser {
  /// What was understood, to be read out: `Tue 1 Dec 2026 14:30 MST, in 8 days`. A civil time that a change of the clocks
  /// skips is shown as what it becomes (R2).
  package static func echo(_ civil: CivilDateTime, zone: Zone, now: Instant) -> String {
    let instant = zone.instant(of: civil)
    let shown = zone.civil(at: instant)
    let days = shown.date.dayNumber - zone.civil(at: now).date.dayNumber
    let weekday = shown.date.weekday.shortName.capitalizedWord
    return "\(weekday) \(day(shown.date)) \(shown.time) \(zone.abbreviation(at: instant)), \(distance(days: days))"
  }

  /// `1 Dec 2026`.
  package static func day(_ date: CivilDate) -> String {
    "\(date.day) \(String(months[date.month - 1].prefix(3)).capitalizedWord) \(date.year)"
  }

  private static func distance(days: Int) -> String {
    switch days {
    case 0: "today"
    case 1: "tomorrow"
    case -1: "yesterday"
    case 2...: "in \(days) days"
    default: "\(-days) days ago"
    }
  }
}
