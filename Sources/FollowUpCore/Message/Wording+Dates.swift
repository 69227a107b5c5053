extension Wording {
  /// `Tuesday 1 December 2026`.
  package func text(of date: CivilDate) -> String { fill(self.date, date) }

  /// `Tuesday`.
  package func weekday(of date: CivilDate) -> String {
    weekdays.isEmpty ? date.description : weekdays[date.weekday.rawValue - 1]
  }

  /// `2:30 pm` or `14:30`, as the region reads it.
  package func text(of time: CivilTime, region: String) -> String {
    guard case .twelveIn(let countries) = clock, countries.contains(region.uppercased()) else {
      return time.description
    }
    let hour = (time.hour + 11) % 12 + 1
    let minute = time.minute < 10 ? "0\(time.minute)" : "\(time.minute)"
    return "\(hour):\(minute) \(time.hour < 12 ? beforeNoon : afterNoon)"
  }

  /// `today`, `tomorrow`, `on Monday 7 December`; with the year once it could be mistaken (M13).
  ///
  /// - Parameter words: false where the patient's calendar shows another date, so that "tomorrow" could be a lie.
  package func relative(_ date: CivilDate, today: CivilDate, words: Bool) -> String {
    let distance = date.dayNumber - today.dayNumber
    if words, distance == 0, let word = self.today { return word }
    if words, distance == 1, let word = tomorrow { return word }
    return on.replacing("{date}", with: abs(distance) < 180 ? fill(day, date) : fill(self.date, date))
  }

  /// `9:00 am (Vancouver time)`: the last part of the zone's name.
  package func text(of time: String, in zone: Zone) -> String {
    let place = zone.name.split(separator: "/").last.map { String($0).replacing("_", with: " ") } ?? zone.name
    return elsewhere.replacing("{time}", with: time).replacing("{place}", with: place)
  }

  private func fill(_ pattern: String, _ date: CivilDate) -> String {
    pattern
      .replacing("{iso}", with: date.description)
      .replacing("{weekday}", with: weekday(of: date))
      .replacing("{day}", with: String(date.day))
      .replacing("{month}", with: months.isEmpty ? String(date.month) : months[date.month - 1])
      .replacing("{year}", with: String(date.year))
  }
}
