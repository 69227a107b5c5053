import FollowUpCore
import Support
import Testing

/// It is Monday, 23 November 2026, 11:20:30 in Vancouver, where a clinic's default time is 09:00.
@Suite struct WhenParserTests {
  static let now = Instant(rfc3339: "2026-11-23T18:20:30Z") ?? .distantPast
  static let defaultTime = CivilTime("09:00")

  static func parse(_ text: String, defaultTime: CivilTime? = defaultTime) throws -> CivilDateTime {
    try WhenParser.parse(text, now: now, zone: try zone("America/Vancouver"), defaultTime: defaultTime)
  }

  @Test(
    "Every spelling of a WHEN is understood",
    arguments: [
      ("2026-12-01 14:30", "2026-12-01T14:30"), ("2026-12-01T14:30", "2026-12-01T14:30"),
      ("2026-12-01T14:30:00", "2026-12-01T14:30"), ("2026-12-01 14:30:00", "2026-12-01T14:30"),
      ("2026-12-01t14:30", "2026-12-01T14:30"), ("2026-12-1 14:30", "2026-12-01T14:30"),
      ("2026-12-01", "2026-12-01T09:00"), ("2026-12-01 2:30pm", "2026-12-01T14:30"),
      ("2026-12-01 at 14:30", "2026-12-01T14:30"), ("  2026-12-01   14:30 ", "2026-12-01T14:30"),
      ("tue 2:30pm", "2026-11-24T14:30"), ("Tuesday 14:30", "2026-11-24T14:30"), ("tue at 2 pm", "2026-11-24T14:00"),
      ("mon 9:30", "2026-11-30T09:30"), ("sun", "2026-11-29T09:00"), ("tue 24 nov 10:00", "2026-11-24T10:00"),
      ("tue 2026-12-01 14:30", "2026-12-01T14:30"), ("Tue, 1 Dec 2026, 14:30", "2026-12-01T14:30"),
      ("today 15:00", "2026-11-23T15:00"), ("TODAY 15:00", "2026-11-23T15:00"), ("tomorrow 9:30", "2026-11-24T09:30"),
      ("tomorrow", "2026-11-24T09:00"), ("tomorrow noon", "2026-11-24T12:00"),
      ("tomorrow 12am", "2026-11-24T00:00"), ("tomorrow 12pm", "2026-11-24T12:00"),
      ("tomorrow 12:15 am", "2026-11-24T00:15"),
      ("tomorrow 0:00", "2026-11-24T00:00"), ("tomorrow 23:59", "2026-11-24T23:59"),
      ("1 dec 14:30", "2026-12-01T14:30"), ("1 December 14:30", "2026-12-01T14:30"),
      ("dec 1 14:30", "2026-12-01T14:30"),
      ("1st dec 14:30", "2026-12-01T14:30"), ("8th dec", "2026-12-08T09:00"), ("1 dec 2027 14:30", "2027-12-01T14:30"),
      ("1 dec 2027", "2027-12-01T09:00"), ("4 sept 8:00", "2027-09-04T08:00"), ("23 nov 15:00", "2026-11-23T15:00"),
      ("22 nov 15:00", "2027-11-22T15:00"), ("29 feb 2028 10:00", "2028-02-29T10:00"),
      ("+3d 14:00", "2026-11-26T14:00"), ("+3d", "2026-11-26T09:00"), ("+0d 15:00", "2026-11-23T15:00"),
      ("+2w", "2026-12-07T09:00"), ("+2w 10:15", "2026-12-07T10:15"), ("+2h", "2026-11-23T13:21"),
      ("+90m", "2026-11-23T12:51"), ("+0m", "2026-11-23T11:21"),
    ])
  func understood(text: String, expected: String) throws {
    #expect(try Self.parse(text).description == expected)
  }

  @Test(
    "What is impossible, ambiguous or unclear is refused with what was understood and what to write",
    arguments: [
      ("", "when-empty", "no date or time is given"), ("  ", "when-empty", "no date or time is given"),
      (
        "12/01/2026", "when-ambiguous",
        "'12/01/2026' could be 1 Dec 2026 or 12 Jan 2026; write 2026-12-01 or 2026-01-12"
      ),
      ("12/01/2026 14:30", "when-ambiguous", "1 Dec 2026 or 12 Jan 2026"),
      ("01.12.26", "when-ambiguous", "12 Jan 2026 or 1 Dec 2026"), ("13/01/2026", "when-ambiguous", "write 2026-01-13"),
      ("12-12-2026", "when-ambiguous", "write 2026-12-12"), ("31/31/2026", "when-impossible", "no such day and month"),
      ("2026-02-30", "when-impossible", "February 2026 has 28 days"),
      ("30 feb 10:00", "when-impossible", "'30 feb' is not possible: February 2027 has 28 days"),
      ("29 feb", "when-impossible", "February 2027 has 28 days"),
      ("31 apr 2027", "when-impossible", "April 2027 has 30 days"),
      ("0 dec", "when-impossible", "none of them 0"), ("2026-13-01", "when-impossible", "no month 13"),
      ("2026-13-01T10:00", "when-impossible", "no month 13"), ("0000-01-01", "when-impossible", "no year 0"),
      ("tomorrow 25:00", "when-impossible", "from 00:00 to 23:59"),
      ("tomorrow 24:00", "when-impossible", "00:00 to 23:59"),
      ("tomorrow 14:60", "when-impossible", "'14:60'"),
      ("tomorrow 14:30pm", "when-impossible", "am and pm go from 1 to 12"),
      ("tomorrow 0am", "when-impossible", "1 to 12"), ("tomorrow 14:30:15", "when-impossible", "a whole minute"),
      ("mon 1 dec 2026 10:00", "when-impossible", "'mon 1 dec 2026' is not possible: 1 Dec 2026 is a Tuesday"),
      ("-3d 10:00", "when-impossible", "in the past; write +3d"), ("-2h", "when-impossible", "in the past"),
      ("+999999999w", "when-impossible", "a hundred years"), ("+40000d", "when-impossible", "a hundred years"),
      ("9:30", "when-no-date", "'9:30' has no date; write 'today 9:30'"), ("2pm", "when-no-date", "'2pm' has no date"),
      ("14:30 tomorrow", "when-no-date", "'14:30 tomorrow' has no date"),
      ("2026-12-01T14:30Z", "when-has-offset", "--zone"), ("2026-12-01T14:30:00+01:00", "when-has-offset", "--zone"),
      ("2026-12-01 14:30-08:00", "when-has-offset", "--zone"),
      ("next tue", "when-unclear", "'next' is not understood"), ("dec", "when-unclear", "'dec'"),
      ("12", "when-unclear", "'12'"),
      ("soon", "when-unclear", "'soon' is not understood as a date or a time"),
      ("tomorrow soon", "when-unclear", "'soon'"),
      ("tomorrow 9.30", "when-unclear", "write a time as 14:30"), ("tomorrow 9", "when-unclear", "'9'"),
      ("tomorrow 14:30 sharp", "when-unclear", "14:30 sharp"), ("1 dec 27 10:00", "when-unclear", "'27 10:00'"),
      ("2026/12/01", "when-unclear", "write the date as 2026-12-01"), ("12/1", "when-unclear", "2026-12-01 or 1 dec"),
      ("20261201", "when-unclear", "'20261201'"), ("+3", "when-unclear", "+2h, +3d"), ("+3y", "when-unclear", "'+3y'"),
      ("+ 3d", "when-unclear", "'+'"), ("+2h 14:00", "when-unclear", "'14:00'"), ("+2d +2h", "when-unclear", "'+2h'"),
      ("2026-12-01T", "when-unclear", "''"), ("tuesday's", "when-unclear", "'tuesday's'"),
      ("明日", "when-unclear", "'明日'"),
    ])
  func refused(text: String, code: String, part: String) throws {
    let error = try #require(throws: WhenError.self) { try Self.parse(text) }
    #expect(error.code == code)
    #expect(error.sentence.contains(part), "\(error.sentence)")
    #expect(!error.hint.isEmpty)
  }

  @Test(
    "A day needs a time where no plan says one", arguments: ["2026-12-01", "tue", "tomorrow", "1 dec", "+3d", "+2w"])
  func noTime(text: String) throws {
    #expect(throws: WhenError.noTime(text)) { try Self.parse(text, defaultTime: nil) }
  }

  @Test("Hours and minutes from now need none", arguments: ["+2h", "+90m"])
  func exact(text: String) throws {
    #expect(try Self.parse(text, defaultTime: nil) == Self.parse(text))
  }

  @Test("An ambiguous day names its readings as candidates")
  func candidates() throws {
    let error = try #require(throws: WhenError.self) { try Self.parse("12/01/2026") }
    #expect(error.candidates == ["2026-12-01", "2026-01-12"])
  }

  @Test(
    "Each weekday is the next one after today",
    arguments: [
      ("mon", 7), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6),
    ])
  func weekdays(name: String, days: Int) throws {
    let today = try civil("2026-11-23T00:00").date
    #expect(try Self.parse(name).date == today.adding(days: days))
  }

  @Test("R1: days are those of the zone, not of UTC")
  func zones() throws {
    let late = try instant("2026-11-24T05:00:00Z")
    let inVancouver = try WhenParser.parse(
      "tomorrow 9:00", now: late, zone: try zone("America/Vancouver"), defaultTime: nil)
    let inUTC = try WhenParser.parse("tomorrow 9:00", now: late, zone: .utc, defaultTime: nil)
    #expect(inVancouver.description == "2026-11-24T09:00")
    #expect(inUTC.description == "2026-11-25T09:00")
  }

  @Test(
    "What was understood is echoed in full",
    arguments: [
      ("2026-12-01T14:30", "Tue 1 Dec 2026 14:30 MST, in 8 days"),
      ("2026-11-23T15:00", "Mon 23 Nov 2026 15:00 MST, today"),
      ("2026-11-24T09:05", "Tue 24 Nov 2026 09:05 MST, tomorrow"),
      ("2026-11-22T09:05", "Sun 22 Nov 2026 09:05 MST, yesterday"),
      ("2026-11-01T09:05", "Sun 1 Nov 2026 09:05 MST, 22 days ago"),
    ])
  func echoes(text: String, expected: String) throws {
    #expect(WhenParser.echo(try civil(text), zone: try zone("America/Vancouver"), now: Self.now) == expected)
  }

  @Test("R2: a time that a change of the clocks skips is echoed as what it becomes")
  func echoOfGap() throws {
    let echo = WhenParser.echo(try civil("2027-03-28T02:30"), zone: try zone("Europe/Berlin"), now: Self.now)
    #expect(echo == "Sun 28 Mar 2027 03:30 CEST, in 125 days")
  }

  @Test(
    "A day alone is understood for --from and --to",
    arguments: [
      ("2026-12-01", "2026-12-01"), ("today", "2026-11-23"), ("yesterday", "2026-11-22"), ("tomorrow", "2026-11-24"),
      ("fri", "2026-11-27"), ("1 dec", "2026-12-01"), ("1 dec 2025", "2025-12-01"), ("+3d", "2026-11-26"),
      ("-7d", "2026-11-16"), ("-2w", "2026-11-09"),
    ])
  func days(text: String, expected: String) throws {
    let day = try WhenParser.parseDay(text, now: Self.now, zone: try zone("America/Vancouver"))
    #expect(day.description == expected)
  }

  @Test(
    "A day with a time, and what is no day, is refused for --from and --to",
    arguments: [
      ("2026-12-01 14:30", "when-unclear"), ("2026-12-01T14:30", "when-unclear"), ("+2h", "when-unclear"),
      ("14:30", "when-no-date"), ("2026-02-30", "when-impossible"), ("12/01/2026", "when-ambiguous"),
      ("", "when-empty"),
    ])
  func refusedDays(text: String, code: String) throws {
    let error = try #require(throws: WhenError.self) {
      try WhenParser.parseDay(text, now: Self.now, zone: try zone("America/Vancouver"))
    }
    #expect(error.code == code)
  }

  @Test("No text whatever makes the parser trap")
  func noise() throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    let parts = [
      "2026", "-", "12", "01", "T", ":", "30", "pm", "tue", "dec", "+", "3", "d", "w", "h", " ", "/", ".", "Z",
      "tomorrow",
      "99999999999999999999", "é", "\u{202e}", "\0", "st",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
        .joined()
      do {
        let day = try Self.parse(text)
        #expect(CivilDateTime(day.description) == day, "\(text)")
      } catch let error as WhenError {
        #expect(!error.sentence.isEmpty)
      }
    }
  }
}
