/// A day of the week, as ISO 8601 numbers them.
package enum Weekday: Int, CaseIterable, Codable, Sendable, Comparable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday

  /// The whole English word or its first three letters, in any case: `tuesday`, `Tue`.
  package init?(name: String) {
    let name = name.lowercased()
    guard let day = Self.allCases.first(where: { $0.name == name || $0.shortName == name }) else { return nil }
    self = day
  }

  /// The lower-case English word, as the configuration spells it: `monday`.
  package var name: String { "\(self)" }
  /// `mon`.
  package var shortName: String { String(name.prefix(3)) }

  package func adding(days: Int) -> Weekday {
    let index = (rawValue - 1 + days % 7 + 7) % 7
    return Self.allCases[index]
  }

  package static func < (a: Weekday, b: Weekday) -> Bool { a.rawValue < b.rawValue }
}
