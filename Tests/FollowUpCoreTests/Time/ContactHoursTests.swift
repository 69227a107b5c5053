import FollowUpCore
import Testing

@Suite struct ContactHoursTests {
  @Test(
    "R7: hours are read, and written in one canonical form",
    arguments: [
      ("09:00-19:00", "09:00-19:00"),
      ("9:00-19:00", "09:00-19:00"),
      ("daily 09:00-19:00", "09:00-19:00"),
      ("09:00-12:00, 14:00-18:00", "09:00-12:00 14:00-18:00"),
      ("14:00-18:00 09:00-12:00", "09:00-12:00 14:00-18:00"),
      ("mon-fri 09:00-17:00, sat 10:00-12:00", "mon-fri 09:00-17:00, sat 10:00-12:00"),
      ("Mon-Fri 09:00-17:00,Saturday 10:00-12:00", "mon-fri 09:00-17:00, sat 10:00-12:00"),
      ("mon wed fri 09:00-12:00", "mon 09:00-12:00, wed 09:00-12:00, fri 09:00-12:00"),
      ("mon, wed 09:00-12:00 13:00-14:00", "mon 09:00-12:00 13:00-14:00, wed 09:00-12:00 13:00-14:00"),
      ("09:00-19:00, sun closed", "mon-sat 09:00-19:00"),
      ("09:00-19:00, sun 10:00-12:00", "mon-sat 09:00-19:00, sun 10:00-12:00"),
      ("sat-mon 22:00-06:00", "mon 22:00-06:00, sat-sun 22:00-06:00"),
      ("00:00-24:00", "00:00-24:00"),
      ("closed", "closed"),
    ])
  func texts(text: String, canonical: String) throws {
    let hours = try ContactHours(text: text)
    #expect(hours.description == canonical)
    #expect(try ContactHours(text: canonical) == hours)
  }

  @Test(
    "R7: what is no hours is refused, naming the part",
    arguments: [
      ("", ""), ("always", "always"), ("09:00", "09:00"), ("09:00-09:00", "09:00-09:00"),
      ("25:00-26:00", "25:00-26:00"),
      ("09:60-10:00", "09:60-10:00"), ("24:00-06:00", "24:00-06:00"), ("00:00-00:00", "00:00-00:00"), ("mon", "mon"),
      ("09:00-19:00, sun", "sun"), ("mon-wed-fri 09:00-10:00", "mon-wed-fri"), ("mon-xyz 09:00-10:00", "mon-xyz"),
      ("mon 09:00-10:00 closed", "closed"), ("9-17", "9-17"), ("09:00–19:00", "09:00–19:00"),
    ])
  func refusals(text: String, part: String) {
    let error = #expect(throws: ContactHoursError.self) { try ContactHours(text: text) }
    #expect(error?.part == part)
    #expect(error?.sentence.contains("write") == true)
  }

  @Test("R7: the default is 09:00-19:00 each day")
  func standard() throws {
    #expect(try ContactHours(text: "09:00-19:00") == .standard)
  }

  @Test(
    "R7: a range's start is allowed, its end is not",
    arguments: [
      ("2026-06-01T08:59:59Z", false), ("2026-06-01T09:00:00Z", true), ("2026-06-01T18:59:59Z", true),
      ("2026-06-01T19:00:00Z", false),
    ])
  func bounds(text: String, allowed: Bool) throws {
    #expect(ContactHours.standard.allows(try instant(text), in: .utc) == allowed)
  }

  @Test(
    "R7: a range past midnight belongs to the weekday on which it starts",
    arguments: [
      // 2026-06-05 is a Friday.
      ("2026-06-05T05:59:00Z", false), ("2026-06-05T21:59:00Z", false), ("2026-06-05T22:00:00Z", true),
      ("2026-06-06T05:59:00Z", true), ("2026-06-06T06:00:00Z", false), ("2026-06-06T22:00:00Z", false),
    ])
  func pastMidnight(text: String, allowed: Bool) throws {
    let hours = try ContactHours(text: "fri 22:00-06:00")
    #expect(hours.allows(try instant(text), in: .utc) == allowed)
  }

  @Test("R7: a Sunday's range goes on into Monday")
  func pastTheWeek() throws {
    let hours = try ContactHours(text: "sun 22:00-06:00")
    #expect(hours.allows(try instant("2026-06-08T05:59:00Z"), in: .utc))
    #expect(
      hours.endOfRange(containing: try instant("2026-06-07T23:00:00Z"), in: .utc)
        == (try instant("2026-06-08T06:00:00Z")))
  }

  @Test("R12: a range ends where nothing adjoins it")
  func ends() throws {
    let hours = try ContactHours(text: "mon-fri 09:00-12:00 12:00-17:00, sat 00:00-24:00, sun 00:00-06:00")
    let noon = try instant("2026-06-05T11:00:00Z")
    #expect(hours.endOfRange(containing: noon, in: .utc) == (try instant("2026-06-05T17:00:00Z")))
    #expect(
      hours.endOfRange(containing: try instant("2026-06-06T11:00:00Z"), in: .utc)
        == (try instant("2026-06-07T06:00:00Z")))
    #expect(hours.endOfRange(containing: try instant("2026-06-07T11:00:00Z"), in: .utc) == nil)
  }

  @Test("R12: hours without an end are cut off after eight days")
  func endless() throws {
    let start = try instant("2026-06-05T11:00:00Z")
    #expect(try ContactHours(text: "00:00-24:00").endOfRange(containing: start, in: .utc) == start + 8 * 86_400)
  }

  @Test("R7: a clinic without hours has no allowed minute in either direction")
  func closed() throws {
    let hours = try ContactHours(text: "closed")
    let start = try instant("2026-06-05T11:00:00Z")
    #expect(hours.firstAllowed(atOrAfter: start, before: .distantFuture, in: .utc) == nil)
    #expect(hours.lastAllowed(before: start, after: .distantPast, in: .utc) == nil)
  }

  @Test("R7: a weekly range that a change of the clocks skips is found a week later")
  func skippedRange() throws {
    // The clocks of Berlin go from 02:00 to 03:00 on Sunday 2026-03-29.
    let hours = try ContactHours(text: "sun 02:00-03:00")
    let found = hours.firstAllowed(
      atOrAfter: try instant("2026-03-28T12:00:00Z"), before: .distantFuture, in: try zone("Europe/Berlin"))
    #expect(found == (try instant("2026-04-05T00:00:00Z")))
  }

  @Test("R8: Monday's visit with Sunday closed is recalled on Saturday, not an hour before")
  func recalledOnSaturday() throws {
    let vancouver = try zone("America/Vancouver")
    let hours = try ContactHours(text: "mon-sat 09:00-19:00")
    let planned = vancouver.instant(of: try civil("2026-12-06T10:00"))
    let anchor = vancouver.instant(of: try civil("2026-12-07T09:30"))
    let placement = place(
      planned: planned, forwardLimit: vancouver.instant(of: try civil("2026-12-06T15:52")), expires: anchor,
      now: vancouver.instant(of: try civil("2026-11-20T12:00")), hours: hours, zone: vancouver)
    #expect(placement == .back(vancouver.instant(of: try civil("2026-12-05T18:59"))))
  }
}
