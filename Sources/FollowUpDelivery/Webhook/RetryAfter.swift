internal import FollowUpCore

/// The header `Retry-After` (RFC 9110 10.2.3): a count of seconds or a date.
enum RetryAfter {
  /// What a server may ask for at most: a week.
  static let longest: Int64 = 7 * 86_400

  /// The pause in seconds, within 0 and `longest`; nil for anything that is neither form.
  static func seconds(_ value: String, now: Instant) -> Int64? {
    let text = value.trimmed
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // More digits than a number holds are still a number: a very long one.
      return min(Int64(text) ?? longest, longest)
    }
    return date(text).map { min(max(0, $0 - now), longest) }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that servers of our time send.
  private static func date(_ text: String) -> Instant? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", parts[0].hasSuffix(","), let day = Int(parts[1]), (1...31).contains(day),
      let month = MailDate.months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
      (1970...9999).contains(year)
    else { return nil }
    let time = parts[4].split(separator: ":", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else {
      return nil
    }
    let days = MailDate.days(year: year, month: month + 1, day: day)
    return Instant(Int64(days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]))
  }
}
