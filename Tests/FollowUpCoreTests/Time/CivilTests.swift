import FollowUpCore
import FoundationEssentials
import Testing

@Suite struct CivilTests {
  @Test(
    "A day's number, weekday and text agree",
    arguments: [
      ("1970-01-01", 0, Weekday.thursday), ("1969-12-31", -1, .wednesday), ("2000-02-29", 11_016, .tuesday),
      ("2026-12-01", 20_788, .tuesday), ("0001-01-01", -719_162, .monday), ("9999-12-31", 2_932_896, .friday),
    ])
  func days(text: String, number: Int, weekday: Weekday) throws {
    let date = try #require(CivilDate(text))
    #expect(date.dayNumber == number)
    #expect(date.weekday == weekday)
    #expect(date.description == text)
    #expect(CivilDate(dayNumber: number) == date)
  }

  @Test("Every day of eight centuries follows the one before")
  func everyDay() throws {
    let first = try #require(CivilDate("1600-01-01"))
    let last = try #require(CivilDate("2400-12-31"))
    var date = first
    while date < last {
      let next = date.adding(days: 1)
      let sameMonth = next.year == date.year && next.month == date.month && next.day == date.day + 1
      let monthEnds = date.day == CivilDate.daysInMonth(year: date.year, month: date.month)
      let newMonth = next.day == 1 && next.year * 12 + next.month == date.year * 12 + date.month + 1
      guard monthEnds ? newMonth : sameMonth, next.weekday == date.weekday.adding(days: 1) else {
        Issue.record("\(date) is followed by \(next)")
        return
      }
      date = next
    }
  }

  @Test(
    "What is no civil date, time or both is nil",
    arguments: [
      "2026-02-29", "2026-00-01", "2026-13-01", "2026-01-00", "0000-01-01", "2026-1-1", "26-01-01", "2026-01-01 ",
      "2026/01/01",
      "+2026-01-01", "", "24:00", "9:30", "09:60", "-1:00", "09:30:00", "2026-12-01 14:30", "2026-12-01T24:00",
      "2026-12-01T14:30:00", "2026-12-01T14:30Z",
    ])
  func refusals(text: String) {
    #expect(CivilDate(text) == nil)
    #expect(CivilTime(text) == nil)
    #expect(CivilDateTime(text) == nil)
  }

  @Test("They order as time does, and are their texts in JSON")
  func orderAndJSON() throws {
    let values = ["2026-11-30T23:59", "2026-12-01T00:00", "2026-12-01T14:30", "2027-01-01T00:00"]
    let times = try values.map { try civil($0) }
    #expect(times.shuffled().sorted() == times)
    let json = try JSONEncoder().encode(times)
    #expect(String(decoding: json, as: UTF8.self) == "[\(values.map { "\"\($0)\"" }.joined(separator: ","))]")
    #expect(try JSONDecoder().decode([CivilDateTime].self, from: json) == times)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CivilDate].self, from: Data(#"["2026-02-30"]"#.utf8))
    }
  }

  @Test("A weekday is known by its name and its first three letters")
  func weekdays() {
    for day in Weekday.allCases {
      #expect(Weekday(name: day.name) == day)
      #expect(Weekday(name: day.shortName.uppercased()) == day)
    }
    #expect(Weekday(name: "tues") == nil)
    #expect(Weekday(name: "") == nil)
    #expect(Weekday.sunday.adding(days: -8) == .saturday)
  }

  @Test(
    "An instant is read from RFC 3339 and written in UTC",
    arguments: [
      ("2027-12-09T16:00:00Z", "2027-12-09T16:00:00Z"), ("2027-12-09T09:00:00-07:00", "2027-12-09T16:00:00Z"),
      ("2027-12-09t16:00:00z", "2027-12-09T16:00:00Z"), ("2027-12-09T16:00:00.999Z", "2027-12-09T16:00:00Z"),
      ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"), ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
      ("2026-01-01T05:45:00+05:45", "2026-01-01T00:00:00Z"),
    ])
  func instants(text: String, utc: String) throws {
    #expect(try instant(text).rfc3339 == utc)
    #expect(try JSONDecoder().decode(Instant.self, from: Data("\"\(text)\"".utf8)) == (try instant(utc)))
  }

  @Test(
    "What is no RFC 3339 instant is nil",
    arguments: [
      "", "2027-12-09", "2027-12-09T16:00Z", "2027-12-09T16:00:00", "2027-12-09T16:00:60Z", "2027-02-30T16:00:00Z",
      "2027-12-09T16:00:00+0100", "2027-12-09T16:00:00+25:00", "2027-12-09T16:00:00.Z", "2027-12-09 16:00:00Z",
      "2027-12-09T16:00:00ZZ", "9999-12-31T23:59:59-01:00",
    ])
  func noInstants(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test("An instant is written on a zone's clock with its offset")
  func inZone() throws {
    let time = try instant("2027-12-09T16:00:00Z")
    #expect(time.rfc3339(in: try zone("America/Vancouver")) == "2027-12-09T09:00:00-07:00")
    #expect(time.rfc3339(in: try zone("Asia/Kathmandu")) == "2027-12-09T21:45:00+05:45")
    #expect(time.rfc3339(in: .utc) == "2027-12-09T16:00:00Z")
    #expect(Instant(.max).rfc3339(in: try zone("Asia/Tokyo")) == "9999-12-31T23:59:59Z")
    #expect(Instant(.min).rfc3339 == "0001-01-01T00:00:00Z")
  }

  @Test(
    "A span of time is read, and written in its longest unit",
    arguments: [
      ("90m", 5400, "90m"), ("2h", 7200, "2h"), ("120m", 7200, "2h"), ("3d", 259_200, "3d"), ("48h", 172_800, "2d"),
      ("2w", 1_209_600, "2w"), ("0m", 0, "0m"), ("0d", 0, "0m"),
    ] as [(String, Int64, String)])
  func spans(text: String, seconds: Int64, canonical: String) throws {
    let span = try #require(TimeSpan(text))
    #expect(span.seconds == seconds)
    #expect(span.description == canonical)
  }

  @Test(
    "What is no span of time is nil",
    arguments: ["", "90", "m", "-2h", "+2h", "2 h", "1.5h", "2h30m", "2s", "2y", "99999999w", "9999999999m"])
  func noSpans(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test("Hours of a day pass midnight where the end is not after the start")
  func hourRanges() throws {
    let night = try #require(HourRange("22:00-06:00"))
    #expect(night.start == 1320 && night.end == 1800 && night.description == "22:00-06:00")
    #expect(try #require(HourRange("22:00-24:00")).end == 1440)
    #expect(try #require(HourRange("22:00-00:00")).end == 1440)
    #expect(HourRange(start: 0, end: 0) == nil)
    #expect(HourRange(start: 1440, end: 60) == nil)
  }
}
