import FollowUpCore
import Testing

@Suite struct StepOffsetTests {
  @Test(
    "R4: each spelling is read, written back, and a before-step or not by how it is written",
    arguments: [
      ("-3d 10:00", "-3d 10:00", true), ("0d 08:00", "0d 08:00", true), ("-0d 08:00", "0d 08:00", true),
      ("+0d 08:00", "+0d 08:00", false), ("+1d 10:00", "+1d 10:00", false), ("-2h", "-2h", true),
      ("-90m", "-90m", true),
      ("-120m", "-2h", true), ("+0m", "+0m", false), ("-0m", "-0m", true), ("-0h", "-0m", true), ("+3h", "+3h", false),
      ("-48h", "-48h", true), ("+36525d 00:00", "+36525d 00:00", false),
    ])
  func spellings(text: String, canonical: String, isBefore: Bool) throws {
    let offset = try #require(StepOffset(text))
    #expect(offset.description == canonical)
    #expect(offset.isBefore == isBefore)
    #expect(StepOffset(canonical) == offset)
  }

  @Test(
    "R4: what is no offset is refused, days without a time among them",
    arguments: [
      "", "-", "3d", "-3d", "+1d", "0d", "2h", "90m", "0m", "3d 10:00", "-3d 25:00", "-3d 10:60", "-3d  10:00",
      "-3d 10:00 ",
      "-3d 9:00", "-2h 10:00", "-2w", "-1d-2h", "-1.5h", "- 2h", "−2h", "-36526d 10:00", "-9999999999m", "-999999999h",
      "+2s",
      "2h30m", "-2H",
    ])
  func refusals(text: String) {
    #expect(StepOffset(text) == nil)
  }

  @Test("R4: days are counted from the anchor's date as the patient's zone sees it")
  func patientsDays() throws {
    // 23:30 in Vancouver is the next day's 07:30 in Berlin... and there the day before is the anchor's own in Vancouver.
    let anchor = try zone("America/Vancouver").instant(of: try civil("2026-12-01T23:30"))
    let offset = try #require(StepOffset("-1d 10:00"))
    let berlin = try zone("Europe/Berlin")
    #expect(berlin.civil(at: offset.instant(anchor: anchor, in: berlin)) == (try civil("2026-12-01T10:00")))
  }

  @Test("R4: hours are elapsed time over a change of the clocks, days are calendar days")
  func overAChange() throws {
    let berlin = try zone("Europe/Berlin")
    let anchor = berlin.instant(of: try civil("2026-03-29T10:00"))
    let hours = try #require(StepOffset("-24h"))
    let days = try #require(StepOffset("-1d 10:00"))
    #expect(berlin.civil(at: hours.instant(anchor: anchor, in: berlin)) == (try civil("2026-03-28T09:00")))
    #expect(berlin.civil(at: days.instant(anchor: anchor, in: berlin)) == (try civil("2026-03-28T10:00")))
  }

  @Test("Promise 17: a step at a time that is skipped or comes twice has exactly one instant")
  func gapAndOverlap() throws {
    let berlin = try zone("Europe/Berlin")
    let step = try #require(StepOffset("-1d 02:30"))
    let inGap = step.instant(anchor: berlin.instant(of: try civil("2026-03-30T10:00")), in: berlin)
    let inOverlap = step.instant(anchor: berlin.instant(of: try civil("2026-10-26T10:00")), in: berlin)
    #expect(inGap == (try instant("2026-03-29T01:30:00Z")))
    #expect(inOverlap == (try instant("2026-10-25T00:30:00Z")))
  }
}
