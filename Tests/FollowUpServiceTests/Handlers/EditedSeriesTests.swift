import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// What an edit of a rule says that it does, before and after.
@Suite struct EditedSeriesTests {
  @Test("R5: other days: each date that goes and each that comes is shown and counted, and the first of them are said")
  func otherDays() throws {
    let clinic = try Clinic()
    try clinic.series()
    let preview = try #require(
      try clinic.call(EditFollowUp.self, .init(id: "F-1", repeat: "FREQ=WEEKLY;BYDAY=TH")).preview)
    func lines(_ word: String) -> Int { preview.lines.filter { $0.hasPrefix("\(word): F-1@") }.count }
    #expect(lines("cancelled") == 7 && lines("new") == 7, "\(preview.lines)")
    #expect(preview.count == 14)
    #expect(
      try clinic.edit("F-1", "FREQ=WEEKLY;BYDAY=TH").said == """
        F-1 for Maria Álvarez: every week on Thursday; next: Thu 10 Dec 2026; \
        cancelled: Tue 8 Dec 2026, Tue 15 Dec 2026, Tue 22 Dec 2026 and 4 more; \
        new: Thu 10 Dec 2026, Thu 17 Dec 2026, Thu 24 Dec 2026 and 4 more
        """)
  }

  @Test("R5: the next date after an edit is one that the rule yields; one that stays beside it is said to")
  func next() throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.call(RecordAnswer.self, .init(id: "F-1@2026-12-15", answer: "yes"))
    #expect(
      try clinic.edit("F-1", "FREQ=WEEKLY;INTERVAL=2").said == """
        F-1 for Maria Álvarez: every 2 weeks on Tuesday; next: Tue 22 Dec 2026; \
        cancelled: Tue 29 Dec 2026, Tue 12 Jan 2027; stays all the same: Tue 15 Dec 2026
        """)
  }

  @Test("R5: an end of the rule shows and counts what it cancels, and says what stays")
  func ended() throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.call(RecordAnswer.self, .init(id: "F-1@2026-12-29", answer: "yes"))
    let preview = try #require(try clinic.call(EditFollowUp.self, .init(id: "F-1", repeat: "none")).preview)
    #expect(preview.count == 5)
    #expect(preview.lines.filter { $0.hasPrefix("cancelled: F-1@") }.count == 5)
    #expect(preview.lines.contains { $0.hasPrefix("stays: F-1@2026-12-29") })
    #expect(
      try clinic.edit("F-1", "none").said == """
        F-1 for Maria Álvarez: it repeats no more after Tue 8 Dec 2026; \
        cancelled: Tue 15 Dec 2026, Tue 22 Dec 2026, Tue 5 Jan 2027 and 2 more; stays all the same: Tue 29 Dec 2026
        """)
  }

  @Test("A date that was kept when its rule went is cancelled with what follows another one, and named by its day")
  func keptDate() throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.call(RecordAnswer.self, .init(id: "F-1@2026-12-29", answer: "yes"))
    try clinic.edit("F-1", "none")
    try clinic.cancel("F-1@2026-12-08", nil)
    let done = try clinic.cancel("F-1@2026-12-08", "following")
    #expect(done.changed == 1)
    #expect(done.said[0].hasPrefix("F-1@2026-12-29 for Maria Álvarez, Tue 29 Dec 2026 14:30 MST"), "\(done.said)")
    #expect(try clinic.dates().allSatisfy { $0.hasSuffix("cancelled") })
    #expect(try clinic.show("F-1").status == "ended")
    #expect(try clinic.cancel("F-1@2026-12-08", "series").said == ["F-1@2026-12-08 is cancelled already"])
  }
}
