internal import Glibc

/// Instants and civil times as people read them: `Tue 1 Dec 2026 14:30 MST`. It reads the system's zone files, as the
/// daemon does (R3), through the C library.
enum LocalTime {
  /// A civil time beside its zone; `instant` (RFC 3339) tells which of two, and the name of the offset.
  static func civil(_ due: String?, zone: String?, instant: String?) -> String {
    guard let due, let time = Civil(due) else { return due ?? "" }
    let name = zone ?? ""
    if let instant, let seconds = seconds(instant), let there = local(seconds, zone: zone), there.time == time {
      return time.text + " " + there.zone
    }
    return time.text + (name.isEmpty ? "" : " " + name)
  }

  /// An instant (RFC 3339) in `zone`, or in the zone of this machine; in UTC where the zone's file cannot be read.
  static func text(_ instant: String?, zone: String? = nil) -> String {
    guard let instant else { return "" }
    guard let seconds = seconds(instant), let there = local(seconds, zone: zone) ?? local(seconds, zone: "UTC") else {
      return instant
    }
    return there.time.text + " " + there.zone
  }

  /// Seconds since 1970 of an RFC 3339 text; nil if it is none.
  static func seconds(_ instant: String) -> Int? {
    guard let time = Civil(instant) else { return nil }
    let rest = instant.utf8.dropFirst(16).drop { $0 == UInt8(ascii: ":") || (0x30...0x39).contains($0) }
    let second = Int(instant.dropFirst(17).prefix(2)) ?? 0
    var offset = 0
    if let sign = rest.first, sign != UInt8(ascii: "Z") {
      let digits = String(decoding: rest.dropFirst(), as: UTF8.self).split(separator: ":").compactMap { Int($0) }
      guard digits.count == 2 else { return nil }
      offset = (digits[0] * 60 + digits[1]) * 60 * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    var fields = tm()
    fields.tm_year = Int32(time.year - 1900)
    fields.tm_mon = Int32(time.month - 1)
    fields.tm_mday = Int32(time.day)
    fields.tm_hour = Int32(time.hour)
    fields.tm_min = Int32(time.minute)
    return timegm(&fields) + second - offset
  }

  /// Nil where the zone's file cannot be read.
  private static func local(_ seconds: Int, zone: String?) -> (time: Civil, zone: String)? {
    let before = getenv("TZ").map { String(cString: $0) }
    if let zone { setenv("TZ", ":" + zone, 1) }
    defer {
      if zone != nil {
        if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
        tzset()
      }
    }
    tzset()
    var instant = seconds
    var fields = tm()
    guard localtime_r(&instant, &fields) != nil else { return nil }
    let name = fields.tm_zone.map { String(cString: $0) } ?? ""
    if let zone, isMadeUp(name, offset: fields.tm_gmtoff, of: zone) { return nil }
    let time = Civil(
      year: Int(fields.tm_year) + 1900, month: Int(fields.tm_mon) + 1, day: Int(fields.tm_mday),
      hour: Int(fields.tm_hour), minute: Int(fields.tm_min))
    return (time, name)
  }
}

extension LocalTime {
  /// The C library takes a name whose file it cannot read for a rule of its own: UTC, under the name's first letters
  /// (`America`), which no zone with a `/` in its name has as its abbreviation.
  private static func isMadeUp(_ abbreviation: String, offset: Int, of zone: String) -> Bool {
    offset == 0 && zone.contains("/") && zone.hasPrefix(abbreviation)
  }
}

/// A civil date and time, to the minute.
struct Civil: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour: Int
  var minute: Int

  /// `Tue 1 Dec 2026 14:30`.
  var text: String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let clock = [hour, minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return "\(weekday) \(day) \(months[month - 1]) \(year) \(clock)"
  }

  /// Sakamoto's rule.
  private var weekday: String {
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    let year = month < 3 ? year - 1 : year
    let index = (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7
    return ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][index]
  }
}

extension Civil {
  /// The first 16 characters of `2026-12-01T14:30…`; nil if they are none.
  init?(_ text: String) {
    let parts = text.prefix(16).split { "-T:".contains($0) }
    let numbers = parts.compactMap { Int($0) }
    guard parts.count == 5, numbers.count == 5, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
      (0...23).contains(numbers[3]), (0...59).contains(numbers[4])
    else { return nil }
    self.init(year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4])
  }
}
