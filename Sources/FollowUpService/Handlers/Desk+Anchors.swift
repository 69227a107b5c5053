internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// A WHEN that a visit can be at.
extension Desk {
  /// A WHEN that can be promised: ahead, within 28 years, in the clinic's hours.
  func anchor(
    _ text: String, zone: Zone, defaultTime: CivilTime, allowPast: Bool?, anyHour: Bool?
  ) throws -> CivilDateTime {
    let anchor = try understood(text, zone: zone, defaultTime: defaultTime)
    var isTimeGiven = true
    if case .some(.noTime) = whenFault(text, zone: zone) { isTimeGiven = false }
    let instant = zone.instant(of: anchor)
    let understood = "understood as \(echo(anchor, zone))"
    guard instant >= now || allowPast == true else {
      throw ControlError.invalid(
        verb, "when", "'\(text.shown)' is in the past, \(understood)", "correct it, or use --allow-past")
    }
    let years = zone.civil(at: instant).date.year - zone.civil(at: now).date.year
    guard abs(years) <= Self.furthestYears else {
      throw ControlError.invalid(
        verb, "when", "'\(text.shown)' is more than \(Self.furthestYears) years away, \(understood)", "correct the year"
      )
    }
    let hours = settings.clinic.hours
    let minute = anchor.time.minuteOfDay
    let isOpen = (hours.start..<hours.end).contains(minute) || (hours.start..<hours.end).contains(minute + 1440)
    guard isOpen || anyHour == true || !isTimeGiven else {
      throw ControlError.invalid(
        verb, "when", "'\(text.shown)' is outside the clinic's hours \(hours), \(understood)",
        "correct it, or use --any-hour")
    }
    return anchor
  }

  /// As far as a recurrence is looked ahead (R5), and any promise is worth making.
  private static let furthestYears = 28

  private func understood(_ text: String, zone: Zone, defaultTime: CivilTime) throws -> CivilDateTime {
    do {
      return try WhenParser.parse(text, now: now, zone: zone, defaultTime: defaultTime)
    } catch { throw refused(error, "when") }
  }

  private func whenFault(_ text: String, zone: Zone) -> WhenError? {
    do {
      _ = try WhenParser.parse(text, now: now, zone: zone, defaultTime: nil)
      return nil
    } catch { return error }
  }
}
