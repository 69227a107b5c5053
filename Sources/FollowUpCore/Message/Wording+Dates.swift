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
    return
      pattern
      .replacing("{HH}", with: Self.twoDigits(time.hour))
      .replacing("{H}", with: String(time.hour))
      .replacing("{h}", with: String((time.hour + 11) % 12 + 1))
      .replacing("{mm}", with: Self.twoDigits(time.minute))
      .replacing("{half}", with: time.hour < 12 ? beforeNoon : afterNoon)
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
    pattern
      .replacing("{iso}", with: date.description)
      .replacing("{weekday}", with: weekday(of: date))
      .replacing("{day}", with: date.day == 1 ? firstDay ?? "1" : String(date.day))
      .replacing("{month}", with: months.isEmpty ? String(date.month) : months[date.month - 1])
      .replacing("{year}", with: String(date.year))
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
