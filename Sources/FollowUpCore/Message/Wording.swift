/// How a language writes dates and times in a message. A language is data here: its words and the order of them.
///
/// Patterns hold `{weekday}`, `{day}`, `{month}`, `{year}`, and `{iso}` for 2026-12-01; those of times `{H}` (9), `{HH}`
/// (09), `{h}` and `{half}` of the clock of twelve hours, and `{mm}`.
package struct Wording: Sendable, Hashable {
  /// The primary subtag of its language; empty for what any reader understands.
  package var language: String
  /// Monday first.
  package var weekdays: [String]
  /// January first.
  package var months: [String]
  /// What the first day of a month is written as, where it has a form of its own: `1er`.
  package var firstDay: String?
  /// `{{due.date}}`: the texts put what it takes before it (`on`, `am`, `le`, `el`).
  package var date: String
  /// `{{due.relative}}` for a day that is not near and needs no year; with all that it takes: `on Monday 7 December`.
  package var onDay: String
  /// As `onDay`, with the year.
  package var onDate: String
  /// nil: the language's words for near days are not known, and it says the date.
  package var today: String?
  package var tomorrow: String?
  package var time: String
  /// Where minutes are left out on the hour: `14h`.
  package var fullHour: String?
  /// How the clock of twelve hours is written.
  package var time12: String
  /// Where that is what people read (ISO 3166).
  package var twelveIn: Set<String>
  package var beforeNoon: String
  package var afterNoon: String
  /// The article before a time, and what it becomes before one o'clock: `a las 2:30`, `a la 1:30`.
  package var article: Article?
  /// A time of another zone than the patient's, with `{time}` and `{place}` (R4).
  package var elsewhere: String
  /// What stands for a phone number where none is configured.
  package var noPhone: String
  /// Other correct spellings that a short text may be sent in at half the cost: letters that GSM-7 has (M6).
  package var shortSpellings: [String: String] = [:]

  package struct Article: Sendable, Hashable {
    package var before: String
    package var beforeOne: String
  }

  /// The wording for a BCP 47 tag; ISO dates for a language that has none yet, since an English date in it would be worse.
  ///
  /// - Parameter region: ISO 3166, where it matters: the tag's own, else the clinic's country.
  package static func of(language tag: String, region: String = "") -> Wording {
    let region = LanguageTag.region(of: tag) ?? region.uppercased()
    switch LanguageTag.lookup(tag).last {
    case "en": return .english
    case "de":
      var german = Wording.german
      if region == "AT" { german.months[0] = "Jänner" }
      return german
    case "fr":
      var french = Wording.french
      if region == "CA" {
        // Office québécois de la langue française: « 14 h 30 »; in the others « 14h30 » is what people write.
        french.time = "{H} h {mm}"
        french.fullHour = "{H} h"
      }
      return french
    case "es": return .spanish
    default: return .neutral
    }
  }
}
