/// How a language writes dates and times in a message. A language is data here: its words and the order of them.
package struct Wording: Sendable, Hashable {
  /// When a clock of twelve hours is what people read.
  package enum Clock: Sendable, Hashable {
    case twentyFour
    /// In the named countries (ISO 3166), and `24` elsewhere.
    case twelveIn(Set<String>)
  }

  /// The primary subtag of its language; empty for what any reader understands.
  package var language: String
  /// Monday first.
  package var weekdays: [String]
  /// January first.
  package var months: [String]
  /// With `{weekday}`, `{day}`, `{month}`, `{year}`, and `{iso}` for 2026-12-01.
  package var date: String
  /// As `date`, for a day that needs no year.
  package var day: String
  /// Around a date or day that is not near: `on {date}`.
  package var on: String
  /// nil: the language's words for near days are not known, and it says the date.
  package var today: String?
  package var tomorrow: String?
  package var clock: Clock
  package var beforeNoon: String
  package var afterNoon: String
  /// A time of another zone than the patient's, with `{time}` and `{place}` (R4).
  package var elsewhere: String
  /// What stands for a phone number where none is configured.
  package var noPhone: String

  /// The wording for a BCP 47 tag; ISO dates for a language that has none yet, since an English date in it would be worse.
  package static func of(language tag: String) -> Wording {
    LanguageTag.lookup(tag).last == "en" ? .english : .neutral
  }

  package static let english = Wording(
    language: "en",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    date: "{weekday} {day} {month} {year}",
    day: "{weekday} {day} {month}",
    on: "on {date}",
    today: "today",
    tomorrow: "tomorrow",
    // Where English is written with am and pm (CLDR, timeData).
    clock: .twelveIn(["AU", "BD", "CA", "IN", "JM", "MY", "NZ", "PH", "PK", "PR", "SG", "TT", "US"]),
    beforeNoon: "am",
    afterNoon: "pm",
    elsewhere: "{time} ({place} time)",
    noPhone: "the clinic")

  package static let neutral = Wording(
    language: "", weekdays: [], months: [], date: "{iso}", day: "{iso}", on: "{date}", today: nil, tomorrow: nil,
    clock: .twentyFour, beforeNoon: "", afterNoon: "", elsewhere: "{time} ({place})", noPhone: "")
}
