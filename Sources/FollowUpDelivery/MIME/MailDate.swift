internal import FollowUpCore

/// Instants as mail and calendars spell them, always in UTC.
enum MailDate {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `Tue, 1 Dec 2026 14:30:00 +0000` (RFC 5322 3.3).
  static func header(_ instant: Instant) -> String {
    let civil = Civil(instant)
    return "\(weekdays[civil.weekday]), \(civil.day) \(months[civil.month - 1]) \(pad(civil.year, 4)) "
      + "\(pad(civil.hour)):\(pad(civil.minute)):\(pad(civil.second)) +0000"
  }

  /// `20261201T143000Z` (RFC 5545 3.3.5, form 2).
  static func calendar(_ instant: Instant) -> String {
    let civil = Civil(instant)
    return "\(pad(civil.year, 4))\(pad(civil.month))\(pad(civil.day))T"
      + "\(pad(civil.hour))\(pad(civil.minute))\(pad(civil.second))Z"
  }

  /// The days since 1970-01-01 of a date in the Gregorian calendar.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func pad(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private struct Civil {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    /// 0 is Thursday, as 1970-01-01 was.
    let weekday: Int

    init(_ instant: Instant) {
      let seconds = Int(instant.seconds)
      let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
      let rest = seconds - days * 86_400
      let shifted = days + 719_468
      let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
      let dayOfEra = shifted - era * 146_097
      let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
      let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let monthIndex = (5 * dayOfYear + 2) / 153
      day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
      month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
      year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
      hour = rest / 3600
      minute = rest / 60 % 60
      second = rest % 60
      weekday = ((days % 7) + 7) % 7
    }
  }
}
