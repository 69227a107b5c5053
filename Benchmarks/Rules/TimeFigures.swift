import FollowUpCore
import FollowUpSystem
import Foundation

/// Recurrence beside Foundation's, and civil times to instants.
struct TimeFigures {
  private struct Pair {
    var name: String
    var text: String
    var foundation: Calendar.RecurrenceRule
  }

  private static let dates = 300
  private static let looks = 20_000
  private static let anchor = CivilDate.literal("2016-03-15")

  func measure(rounds: Int) throws -> [String: Double] {
    var watch = Stopwatch()
    let pairs = try Self.pairs()
    let zones = try Self.zones()
    let civils = Self.civils()
    for _ in 0..<rounds {
      for pair in pairs {
        let rule = try RecurrenceRule(pair.text, anchor: Self.anchor)
        watch.time("ours.\(pair.name)", count: Self.dates) {
          var date = Self.anchor.adding(days: -1)
          for _ in 0..<Self.dates { if let next = rule.next(after: date) { date = next } }
          use(date)
        }
        let start = Date(timeIntervalSince1970: Double(Self.anchor.dayNumber) * 86_400)
        watch.time("foundation.\(pair.name)", count: Self.dates) {
          var count = 0
          for date in pair.foundation.recurrences(of: start) {
            count += 1
            use(date)
            if count == Self.dates { break }
          }
        }
        for years in [1, 10, 100] {
          watch.time("years\(years).\(pair.name)", count: Self.looks) {
            for look in 0..<Self.looks {
              use(rule.next(after: Self.anchor.adding(days: years * 365 + look % 365)))
            }
          }
        }
      }
      watch.time("civil", count: civils.count * zones.count) {
        for zone in zones { for civil in civils { use(zone.instant(of: civil)) } }
      }
    }
    let medians = watch.medians
    var figures = ["civil": 1 / (medians["civil"] ?? .infinity)]
    for pair in pairs {
      let ours = medians["ours.\(pair.name)"] ?? .infinity
      figures["next.\(pair.name)"] = 1 / ours
      figures["foundation.\(pair.name)"] = (medians["foundation.\(pair.name)"] ?? 0) / ours
      let young = medians["years1.\(pair.name)"] ?? 0
      for years in [10, 100] {
        figures["age\(years).\(pair.name)"] = (medians["years\(years).\(pair.name)"] ?? .infinity) / young
      }
    }
    return figures
  }

  private static func pairs() throws -> [Pair] {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
    func rule(
      _ frequency: Calendar.RecurrenceRule.Frequency, interval: Int = 1,
      weekdays: [Calendar.RecurrenceRule.Weekday] = []
    ) -> Calendar.RecurrenceRule {
      Calendar.RecurrenceRule(calendar: calendar, frequency: frequency, interval: interval, weekdays: weekdays)
    }
    return [
      Pair(
        name: "twice a week", text: "FREQ=WEEKLY;BYDAY=MO,TH",
        foundation: rule(.weekly, weekdays: [.every(.monday), .every(.thursday)])),
      Pair(
        name: "last Friday", text: "FREQ=MONTHLY;BYDAY=-1FR", foundation: rule(.monthly, weekdays: [.nth(-1, .friday)])),
      Pair(name: "each quarter", text: "FREQ=MONTHLY;INTERVAL=3", foundation: rule(.monthly, interval: 3)),
      Pair(name: "each year", text: "FREQ=YEARLY", foundation: rule(.yearly)),
    ]
  }

  private static func zones() throws -> [Zone] {
    let system = SystemZones(environment: ["TZDIR": ""])
    return try ["America/Vancouver", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"].map {
      try system.zone(named: $0)
    }
  }

  /// Ten thousand minutes over twenty years, in no order.
  private static func civils() -> [CivilDateTime] {
    (0..<10_000).compactMap { number in
      let date = anchor.adding(days: number * 7919 % 7300)
      return CivilTime(minuteOfDay: number * 104_729 % 1440).map { CivilDateTime(date: date, time: $0) }
    }
  }
}
