internal import FollowUpCore

/// A visit as a text/calendar part (RFC 5545; RFC 5546 3.2.1, PUBLISH).
enum CalendarPart {
  /// The text with LF line ends; folded at 75 octets between characters.
  static func text(_ entry: CalendarEntry, organizer: Mailbox, clinicName: String, stamp: Instant) -> String {
    let name = clinicName.isEmpty ? organizer.displayName : clinicName
    let commonName = name.isEmpty ? "" : ";CN=\"\(parameter(name))\""
    let lines = [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//followupd//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
      "UID:\(escaped(entry.uid))", "SEQUENCE:\(max(0, entry.sequence))", "DTSTAMP:\(MailDate.calendar(stamp))",
      "DTSTART:\(MailDate.calendar(entry.start))", "SUMMARY:\(escaped(entry.summary))",
      "ORGANIZER\(commonName):mailto:\(organizer.address.text)", "END:VEVENT", "END:VCALENDAR",
    ]
    return lines.map(folded).joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ";", ",": output += "\\\(scalar)"
      case "\n": output += "\\n"
      default: if !scalar.isControl { output.unicodeScalars.append(scalar) }
      }
    }
    return output
  }

  /// A quoted parameter value can hold no quote of its own (RFC 5545 3.2).
  private static func parameter(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars where !scalar.isControl {
      output.unicodeScalars.append(scalar == "\"" ? "'" : scalar)
    }
    return output
  }

  private static func folded(_ line: String) -> String {
    var output = ""
    var width = 0
    for scalar in line.unicodeScalars {
      let octets = UTF8.width(scalar)
      if width + octets > 75 {
        output += "\n "
        width = 1
      }
      output.unicodeScalars.append(scalar)
      width += octets
    }
    return output
  }
}
