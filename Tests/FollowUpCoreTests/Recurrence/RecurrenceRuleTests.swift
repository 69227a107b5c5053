import FollowUpCore
import Testing

@Suite struct RecurrenceRuleTests {
  static func dates(_ text: String, from anchor: String, count: Int) throws -> [String] {
    let anchor = try #require(CivilDate(anchor))
    let rule = try RecurrenceRule(text, anchor: anchor)
    var dates: [CivilDate] = []
    while dates.count < count, let date = rule.next(after: dates.last ?? anchor.adding(days: -1)) { dates.append(date) }
    return dates.map(\.description)
  }

  @Test(
    "R5: rules of the kind that clinics write",
    arguments: [
      ("FREQ=MONTHLY", "2026-01-31", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"),
      ("FREQ=MONTHLY;SKIP=OMIT", "2026-01-31", "2026-01-31 2026-03-31 2026-05-31 2026-07-31"),
      ("FREQ=MONTHLY;SKIP=FORWARD", "2026-01-31", "2026-01-31 2026-03-01 2026-03-31 2026-05-01"),
      ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", "2026-01-31 2026-03-31 2026-05-31 2026-07-31"),
      ("FREQ=MONTHLY;BYMONTH=2,3", "2026-01-31", "2026-02-28 2026-03-31 2027-02-28 2027-03-31"),
      ("FREQ=YEARLY", "2024-02-29", "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
      ("FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2", "2024-02-29", "2024-02-29 2028-02-29 2032-02-29"),
      ("FREQ=YEARLY;BYMONTH=2,8", "2026-01-31", "2026-02-28 2026-08-31 2027-02-28"),
      ("FREQ=YEARLY;BYDAY=-1FR", "2026-01-01", "2026-12-25 2027-12-31 2028-12-29"),
      ("FREQ=YEARLY;BYDAY=20MO", "2026-01-01", "2026-05-18 2027-05-17 2028-05-15"),
      ("FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", "2026-01-01", "2026-02-13 2026-03-13 2026-11-13 2027-08-13"),
      ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-01-01", "2026-02-13 2026-03-13 2026-11-13 2027-08-13"),
      ("FREQ=MONTHLY;BYDAY=MO,2TU", "2026-06-01", "2026-06-01 2026-06-08 2026-06-09 2026-06-15"),
      ("FREQ=MONTHLY;BYDAY=5MO", "2026-01-01", "2026-03-30 2026-06-29 2026-08-31 2026-11-30"),
      ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01", "2026-01-30 2026-02-27 2026-03-31"),
      ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-05 1997-08-10 1997-08-19 1997-08-24"),
      ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"),
      ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-01-01", "2026-01-07 2026-01-14 2026-01-21"),
      ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-01-02", "2026-01-02 2026-01-05 2026-01-06"),
      ("FREQ=DAILY;BYMONTHDAY=-1", "2026-01-02", "2026-01-31 2026-02-28 2026-03-31"),
      ("freq=daily;count=2", "2026-01-02", "2026-01-02 2026-01-03"),
      ("RRULE:FREQ=DAILY;UNTIL=20260103", "2026-01-02", "2026-01-02 2026-01-03"),
      // Moved forward onto a day that the next month yields too: one date.
      (
        "FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD", "2026-04-02",
        "2026-05-01 2026-05-31 2026-06-01 2026-07-01 2026-07-31"
      ),
    ])
  func rules(text: String, anchor: String, expected: String) throws {
    let dates = expected.split(separator: " ").map(String.init)
    #expect(try Self.dates(text, from: anchor, count: dates.count) == dates)
  }

  @Test(
    "R5: anything else is refused by name",
    arguments: [
      ("FREQ=HOURLY", "FREQ=HOURLY"), ("FREQ=MINUTELY", "FREQ=MINUTELY"), ("FREQ=SECONDLY", "FREQ=SECONDLY"),
      ("FREQ=DAILY;BYHOUR=9", "BYHOUR"), ("FREQ=DAILY;BYMINUTE=9", "BYMINUTE"), ("FREQ=DAILY;BYSECOND=9", "BYSECOND"),
      ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"), ("FREQ=YEARLY;BYYEARDAY=100", "BYYEARDAY"),
      ("RSCALE=CHINESE;FREQ=YEARLY", "RSCALE=CHINESE"), ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=FORWARD", "BYMONTHDAY=-31"),
    ])
  func unsupported(text: String, part: String) throws {
    let error = try #require(throws: RecurrenceError.self) { try Self.dates(text, from: "2026-01-01", count: 1) }
    #expect(error.code == "repeat-unsupported")
    #expect(error.sentence.contains(part), "\(error.sentence)")
  }

  @Test(
    "R5: what is no rule is refused, naming the part",
    arguments: [
      ("", "''"), ("DAILY", "'DAILY'"), ("FREQ=", "'FREQ='"), ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY"),
      ("INTERVAL=2", "FREQ is missing"), ("FREQ=DAILY;FREQ=DAILY", "twice"), ("FREQ=DAILY;", "''"),
      ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"), ("FREQ=DAILY;INTERVAL=-1", "INTERVAL=-1"),
      ("FREQ=DAILY;INTERVAL=10000", "from 1 to 9999"), ("FREQ=DAILY;COUNT=0", "COUNT=0"),
      ("FREQ=DAILY;COUNT=1001", "from 1 to 1000"), ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "exclude each other"),
      ("FREQ=DAILY;UNTIL=2027-01-01", "UNTIL is a date"), ("FREQ=DAILY;UNTIL=20270101T090000Z", "UNTIL is a date"),
      ("FREQ=DAILY;UNTIL=20270230", "UNTIL=20270230"), ("FREQ=WEEKLY;BYDAY=1MO", "number the weekdays"),
      ("FREQ=DAILY;BYDAY=-1MO", "number the weekdays"), ("FREQ=MONTHLY;BYDAY=6MO", "weekday number 6"),
      ("FREQ=YEARLY;BYDAY=54MO", "'54MO'"), ("FREQ=YEARLY;BYMONTH=3;BYDAY=6MO", "weekday number 6"),
      ("FREQ=WEEKLY;BYDAY=XX", "'XX'"), ("FREQ=WEEKLY;BYDAY=MO,", "BYDAY=MO,"), ("FREQ=WEEKLY;BYDAY=0MO", "'0MO'"),
      ("FREQ=MONTHLY;BYMONTHDAY=32", "'32'"), ("FREQ=MONTHLY;BYMONTHDAY=0", "'0'"),
      ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
      ("FREQ=YEARLY;BYMONTH=13", "'13'"), ("FREQ=YEARLY;BYMONTH=-1", "'-1'"), ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
      ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "'0'"), ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "'367'"),
      ("FREQ=WEEKLY;WKST=XX", "WKST is"), ("FREQ=MONTHLY;SKIP=NONE", "OMIT, BACKWARD, FORWARD"),
      ("FREQ=DAILY;BYEASTER=0", "no part of that name"), ("FREQ=DAILY;X=Y=Z", "NAME=VALUE"),
      ("FREQ=DAILY INTERVAL=2", "NAME=VALUE"),
    ])
  func malformed(text: String, part: String) throws {
    let error = try #require(throws: RecurrenceError.self) { try Self.dates(text, from: "2026-01-01", count: 1) }
    #expect(error.code == "repeat-malformed")
    #expect(error.sentence.contains(part), "\(error.sentence)")
  }

  @Test(
    "R5: a rule without a date in 28 years is refused",
    arguments: [
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
      "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
    ])
  func withoutDates(text: String) throws {
    #expect(throws: RecurrenceError.noDate) { try Self.dates(text, from: "2026-03-01", count: 1) }
  }

  @Test("R5: a rule that ends before its first date is refused")
  func endsFirst() throws {
    let until = try #require(CivilDate("2026-02-27"))
    #expect(throws: RecurrenceError.endsBeforeFirst(until: until)) {
      try Self.dates("FREQ=MONTHLY;BYMONTHDAY=28;UNTIL=20260227", from: "2026-02-01", count: 1)
    }
  }

  @Test("R5: an anchor that the rule does not yield is refused, naming the first date that it does")
  func anchors() throws {
    let anchor = try #require(CivilDate("2026-03-04"))
    let first = try #require(CivilDate("2026-03-07"))
    let rule = try RecurrenceRule("FREQ=WEEKLY;BYDAY=SA", anchor: anchor)
    #expect(throws: RecurrenceError.anchorNotYielded(anchor: anchor, first: first)) { try rule.requireAnchor() }
    try RecurrenceRule("FREQ=WEEKLY;BYDAY=SA", anchor: first).requireAnchor()
  }

  @Test(
    "R5: COUNT is resolved to a last date",
    arguments: [
      ("FREQ=DAILY;COUNT=1", "2026-01-01"), ("FREQ=DAILY;COUNT=1000", "2028-09-26"),
      ("FREQ=WEEKLY;COUNT=3", "2026-01-15"),
      ("FREQ=MONTHLY;BYMONTHDAY=29;COUNT=3", "2026-04-29"), ("FREQ=YEARLY;INTERVAL=9999;COUNT=5", "2026-01-01"),
      ("FREQ=DAILY;UNTIL=20260110", "2026-01-10"),
    ])
  func counts(text: String, last: String) throws {
    #expect(try RecurrenceRule(text, anchor: try #require(CivilDate("2026-01-01"))).last?.description == last)
  }

  @Test("R5: the next date is found as fast after eight thousand years as after a day")
  func oldAnchor() throws {
    let rule = try RecurrenceRule("FREQ=DAILY", anchor: try #require(CivilDate("0001-01-01")))
    let monthly = try RecurrenceRule("FREQ=MONTHLY;INTERVAL=5", anchor: try #require(CivilDate("0001-01-31")))
    let late = try #require(CivilDate("9000-05-05"))
    // A walk from the anchor would take these two thousand searches past any patience.
    for days in 0..<1000 {
      #expect(rule.next(after: late.adding(days: days)) == late.adding(days: days + 1))
      let next = try #require(monthly.next(after: late.adding(days: days)))
      #expect((next.year * 12 + next.month - 13) % 5 == 0)
    }
  }

  @Test("R5: a series ends with the calendar of four-digit years")
  func endOfTime() throws {
    let rule = try RecurrenceRule("FREQ=YEARLY", anchor: try #require(CivilDate("9998-06-01")))
    #expect(rule.next(after: try #require(CivilDate("9999-06-01"))) == nil)
  }
}
