import FollowUpCore
import Testing

@Suite struct RecurrenceWordsTests {
  @Test(
    "R5: a rule is read back in plain words",
    arguments: [
      ("FREQ=DAILY", "2026-12-08", "every day"),
      ("FREQ=DAILY;INTERVAL=3;COUNT=5", "2026-12-08", "every 3 days, 5 times"),
      ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-12-08", "every day from Monday to Friday"),
      ("FREQ=DAILY;INTERVAL=2;BYDAY=SA,SU", "2026-12-12", "every 2 days, where that is a Saturday or Sunday"),
      ("FREQ=DAILY;BYMONTHDAY=1,-1", "2026-12-01", "every day that is the 1st or last day"),
      ("FREQ=WEEKLY", "2026-12-08", "every week on Tuesday"),
      ("FREQ=WEEKLY;COUNT=1", "2026-12-08", "every week on Tuesday, once"),
      (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO;COUNT=10", "2026-12-07",
        "every 2 weeks on Monday and Thursday, 10 times"
      ),
      ("FREQ=WEEKLY;BYDAY=FR,MO,TU,WE,TH", "2026-12-08", "every week from Monday to Friday"),
      ("FREQ=WEEKLY;BYMONTH=6,7", "2026-06-02", "every week on Tuesday in June and July"),
      ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "every month on the last Friday"),
      (
        "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231", "2026-11-27",
        "every month on the last Friday, until 31 Dec 2027"
      ),
      ("FREQ=MONTHLY;BYDAY=1TU,3TU", "2026-12-01", "every month on the first and third Tuesday"),
      ("FREQ=MONTHLY;BYDAY=1MO,-1FR", "2026-12-07", "every month on the first Monday and the last Friday"),
      ("FREQ=MONTHLY;BYDAY=MO", "2026-12-07", "every month on every Monday"),
      (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-12-31",
        "every month on the last day from Monday to Friday"
      ),
      ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "2026-12-05", "every month on the first Saturday or Sunday"),
      ("FREQ=MONTHLY", "2026-12-08", "every month on the 8th"),
      ("FREQ=MONTHLY", "2026-12-31", "every month on the 31st or the month's last day"),
      ("FREQ=MONTHLY;SKIP=OMIT", "2026-12-31", "every month on the 31st, in months that have it"),
      ("FREQ=MONTHLY;SKIP=FORWARD", "2026-12-30", "every month on the 30th or the day after the month's end"),
      ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31", "every month on the 31st, in months that have it"),
      ("FREQ=MONTHLY;BYMONTH=1,3;BYMONTHDAY=31", "2027-01-31", "every month on the 31st in January and March"),
      ("FREQ=MONTHLY;BYMONTHDAY=15,1", "2026-12-01", "every month on the 1st and 15th"),
      ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31", "every month on the last day"),
      ("FREQ=MONTHLY;BYMONTHDAY=-2,12", "2026-12-12", "every month on the 12th and second last day"),
      ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "2027-08-13", "every month on the 13th, where that is a Friday"),
      (
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,11,21;BYSETPOS=2", "2026-12-11",
        "every 3 months on the 1st, 11th and 21st, only the second of these"
      ),
      ("FREQ=YEARLY", "2026-12-08", "every year on 8 December"),
      ("FREQ=YEARLY", "2027-01-31", "every year on 31 January"),
      ("FREQ=YEARLY", "2028-02-29", "every year on 29 February (28 in other years)"),
      ("FREQ=YEARLY;SKIP=FORWARD", "2028-02-29", "every year on 29 February (1 March in other years)"),
      ("FREQ=YEARLY;SKIP=OMIT", "2028-02-29", "every year on 29 February, in years that have it"),
      (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29", "every year on the 29th of February, in years that have it"
      ),
      ("FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1", "2027-03-01", "every year on the 1st of March and September"),
      ("FREQ=YEARLY;BYMONTH=6,12", "2026-12-31", "every year on the 31st of June and December or the month's last day"),
      ("FREQ=YEARLY;BYMONTHDAY=1", "2026-12-01", "every year on the 1st of every month"),
      ("FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR", "2026-11-27", "every year on the last Friday of November"),
      ("FREQ=YEARLY;BYDAY=20MO", "2027-05-17", "every year on the 20th Monday of the year"),
      ("FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TH", "2026-11-26", "every 2 years on every Thursday of November"),
    ])
  func words(text: String, anchor: String, words: String) throws {
    let rule = try RecurrenceRule(text, anchor: try #require(CivilDate(anchor)))
    try rule.requireAnchor()
    #expect(rule.words == words)
  }

  @Test(
    "R5: a rule that ends earlier says so, whatever end it had",
    arguments: ["FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=10", "FREQ=WEEKLY;UNTIL=20300101"])
  func earlierEnd(text: String) throws {
    let anchor = try #require(CivilDate("2026-12-08"))
    let last = try #require(CivilDate("2026-12-22"))
    let ended = try RecurrenceRule(RecurrenceRule(text, anchor: anchor).text(until: last), anchor: anchor)
    #expect(ended.words == "every week on Tuesday, until 22 Dec 2026")
    #expect(ended.next(after: last.adding(days: -1)) == last)
    #expect(ended.next(after: last) == nil)
  }
}
