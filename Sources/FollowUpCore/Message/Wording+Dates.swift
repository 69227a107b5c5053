extension Wording {
  /// `Tuesday 1 December 2026`.
  package func text(of date: CivilDate) -> String { fill(self.date, date) }

  /// `Tuesday`.
  package func weekday(of date: CivilDate) -> String {
    weekdays.isEmpty ? date.description : weekdays[date.weekday.rawValue - 1]
  }

  /// `2:30 pm`, `14:30` or `14 h 30`, as the region reads it.
  package func text(of time: CivilTime, region: String) -> String {
    let isTwelve = twelveIn.contains(region.uppercased())
    let pattern = isTwelve ? time12 : time.minute == 0 ? fullHour ?? self.time : self.time
    return Self.filled(pattern) { name in
      switch name {
      case "HH": Self.twoDigits(time.hour)
      case "H": String(time.hour)
      case "h": String((time.hour + 11) % 12 + 1)
      case "mm": Self.twoDigits(time.minute)
      case "half": time.hour < 12 ? beforeNoon : afterNoon
      default: nil
      }
    }
  }

  /// `today`, `tomorrow`, `on Monday 7 December`; with the year once it could be mistaken (M13).
  ///
  /// - Parameter words: false where the patient's calendar shows another date, so that "tomorrow" could be a lie.
  package func relative(_ date: CivilDate, today: CivilDate, words: Bool) -> String {
    let distance = date.dayNumber - today.dayNumber
    if words, distance == 0, let word = self.today { return word }
    if words, distance == 1, let word = tomorrow { return word }
    return fill(abs(distance) < 180 ? onDay : onDate, date)
  }

  /// `9:00 am (Vancouver time)`: the last part of the zone's name.
  package func text(of time: String, in zone: Zone) -> String {
    let place = zone.name.split(separator: "/").last.map { String($0).replacing("_", with: " ") } ?? zone.name
    return elsewhere.replacing("{time}", with: time).replacing("{place}", with: place)
  }

  /// The line before a time, with its article as the time takes it: "a la 1:30".
  package func agreeing(_ line: String, with time: String) -> String {
    guard let article, line.hasSuffix(article.before + " "),
      let hour = Int(time.prefix { $0.isASCII && $0.isNumber }), hour == 1
    else { return line }
    return line.dropLast(article.before.count + 1) + article.beforeOne + " "
  }

  /// A value as a short text is sent: in a spelling that costs less, where there is a correct one (M6).
  package func short(_ text: String) -> String {
    shortSpellings.reduce(text) { $0.replacing($1.key, with: $1.value) }
  }

  private func fill(_ pattern: String, _ date: CivilDate) -> String {
    Self.filled(pattern) { name in
      switch name {
      case "iso": date.description
      case "weekday": weekday(of: date)
      case "day": date.day == 1 ? firstDay ?? "1" : String(date.day)
      case "month": months.isEmpty ? String(date.month) : months[date.month - 1]
      case "year": String(date.year)
      default: nil
      }
    }
  }

  /// `pattern` with each `{name}` in the place of its value; a name that has none stays as it is.
  private static func filled(_ pattern: String, _ value: (Substring) -> String?) -> String {
    var output = ""
    var rest = pattern[...]
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
      let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      output += rest[..<open]
      let after = rest.utf8.index(after: close)
      if let text = value(rest[rest.utf8.index(after: open)..<close]) {
        output += text
      } else {
        output += rest[open..<after]
      }
      rest = rest[after...]
    }
    return output + rest
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
