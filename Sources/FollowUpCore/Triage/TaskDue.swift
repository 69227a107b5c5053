/// When a person is to have done a task (R19): urgent and soon now or at the next opening, routine by the end of the next
/// working day; never after the anchor where that is still ahead.
package func taskDue(
  _ priority: Priority, now: Instant, anchor: Instant?, settings: Settings, zones: any ZoneSource
) -> Instant {
  guard let zone = try? zones.zone(named: settings.clinic.zone) else { return now }
  let days = settings.clinic.workingDays
  let hours = settings.clinic.workingHours
  // By the clock on the wall (R1): minutes counted from midnight are an hour off on a day on which the clocks change.
  func instant(_ date: CivilDate, _ minute: Int) -> Instant {
    let time = CivilTime(minuteOfDay: minute % 1440) ?? .midnight
    return zone.instant(of: CivilDateTime(date: date.adding(days: minute / 1440), time: time))
  }
  let today = zone.civil(at: now).date
  // From yesterday on: its hours may pass midnight.
  let upcoming = (-1...13).map { today.adding(days: $0) }.filter { days.contains($0.weekday) }
  let due: Instant
  if priority == .routine {
    let next = upcoming.first { $0 > today } ?? today.adding(days: 1)
    due = instant(next, hours.end)
  } else {
    let opening = upcoming.first { instant($0, hours.end) > now }.map { instant($0, hours.start) }
    due = max(now, opening ?? now)
  }
  if let anchor, anchor > now { return min(due, anchor) }
  return due
}
