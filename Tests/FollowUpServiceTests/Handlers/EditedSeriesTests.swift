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

  /// KEY DUE of the dates that are not over.
  private func due(_ clinic: Clinic) throws -> [String] {
    try clinic.show("F-1").occurrences.filter { ["open", "confirmed"].contains($0.status) }
      .map { "\($0.key) \($0.due.prefix(10))" }
  }

  @Test(
    "R5: a visit that was moved before it repeated stands for the rule's first date, at each edit of the rule",
    arguments: [
      ("2026-12-10", ["2026-12-08 2026-12-10", "2026-12-24 2026-12-24", "2027-01-07 2027-01-07"]),
      ("2026-12-15", ["2026-12-08 2026-12-15", "2026-12-29 2026-12-29", "2027-01-12 2027-01-12"]),
    ])
  func movedBefore(to day: String, dates: [String]) throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: day + " 14:30"))
    try clinic.edit("F-1", "FREQ=WEEKLY")
    try clinic.edit("F-1", "FREQ=WEEKLY;INTERVAL=2;COUNT=3")
    #expect(try due(clinic) == dates)
    // Another move changes nothing of where the rule runs.
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-09 14:30"))
    try clinic.edit("F-1", "FREQ=WEEKLY;INTERVAL=2;COUNT=2")
    #expect(try due(clinic) == ["2026-12-08 2026-12-09", dates[1]])
  }

  @Test("R5: a visit that was told, moved and made to repeat takes a rule by the weekday that it was moved to")
  func movedAndTold() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-10 14:30"))
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    try clinic.edit("F-1", "FREQ=WEEKLY")
    let said = try clinic.edit("F-1", "FREQ=WEEKLY;BYDAY=TH;COUNT=2").said
    #expect(!said.contains("stays all the same"), "\(said)")
    #expect(try due(clinic) == ["2026-12-08 2026-12-10", "2026-12-17 2026-12-17"])
  }

  @Test("A series that a moved visit began keeps that date when the other program gives it another time")
  func restartedAtStandIn() throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = AddFollowUp.Request(
      who: "p1", when: "2026-12-08 14:30", source: "pms", externalId: "7", upsert: true)
    try clinic.call(AddFollowUp.self, request)
    request.when = "2026-12-17 14:30"
    request.repeat = "FREQ=WEEKLY;COUNT=2"
    try clinic.call(AddFollowUp.self, request)
    request.when = "2026-12-17 16:00"
    try clinic.call(AddFollowUp.self, request)
    #expect(try due(clinic) == ["2026-12-08 2026-12-17", "2026-12-24 2026-12-24"])
    #expect(try clinic.show("F-1").occurrences.allSatisfy { $0.due.hasSuffix("T16:00") })
  }

  @Test(
    "R5: a series keeps its day when only something else of its rule changes in a month that has none",
    arguments: [
      (
        "FREQ=MONTHLY", "2027-01-31", "FREQ=MONTHLY;COUNT=3",
        ["2027-01-31 completed", "2027-02-28", "2027-03-31", "2027-04-30"]
      ),
      (
        "FREQ=MONTHLY", "2027-01-31", "FREQ=MONTHLY;UNTIL=20270401",
        ["2027-01-31 completed", "2027-02-28", "2027-03-31"]
      ),
      (
        "FREQ=MONTHLY;SKIP=FORWARD", "2027-01-31", "FREQ=MONTHLY;SKIP=FORWARD;COUNT=3",
        ["2027-01-31 completed", "2027-03-01", "2027-03-31", "2027-05-01"]
      ),
      (
        "FREQ=YEARLY", "2024-02-29", "FREQ=YEARLY;COUNT=3",
        ["2024-02-29 completed", "2027-02-28", "2028-02-29", "2029-02-28"]
      ),
      // Its last date is the series' own, whatever the day.
      (
        "FREQ=MONTHLY", "2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=28;COUNT=2",
        ["2027-01-31 completed", "2027-02-28", "2027-03-28"]
      ),
    ])
  func keepsItsDay(rule: String, first: String, edited: String, dates: [String]) throws {
    let clinic = try Clinic()
    try clinic.series(rule, first + " 14:30", allowPast: true)
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
    let said = try clinic.edit("F-1", edited).said
    #expect(said.contains("next: "), "\(said)")
    for date in dates.dropFirst() {
      let shown = try clinic.show("F-1@\(date)").occurrences
      #expect(shown.map(\.status) == ["open"])
      if date != dates.last { try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1@\(date)"])) }
    }
    #expect(
      try clinic.dates().filter { !$0.hasSuffix("cancelled") }.map { $0.prefix(10) } == dates.map { $0.prefix(10) })
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
    #expect(try clinic.show("F-1").status == "ended")
  }

  @Test(
    "R5: dates that staff cancelled stay so under a rule that yields them again, and are named",
    arguments: [true, false])
  func staysCancelled(hasReason: Bool) throws {
    let clinic = try Clinic()
    try clinic.series()
    var request = CancelFollowUps.Request(
      ids: ["F-1@2026-12-29"], scope: "following", reason: hasReason ? " the recurrence was changed" : nil)
    request.confirmed = true
    try clinic.call(CancelFollowUps.self, request)
    let edit = EditFollowUp.Request(id: "F-1", repeat: "FREQ=WEEKLY")
    let preview = try #require(try clinic.call(EditFollowUp.self, edit).preview)
    #expect(preview.lines.filter { $0.hasPrefix("stays cancelled: F-1@") }.count == 4, "\(preview.lines)")
    #expect(
      try clinic.edit("F-1", "FREQ=WEEKLY").said.hasSuffix(
        "; stays cancelled: Tue 29 Dec 2026, Tue 5 Jan 2027, Tue 12 Jan 2027 and 1 more"))
    #expect(try clinic.show("F-1@2026-12-29").occurrences[0].status == "cancelled")
  }

  @Test("A rule is not given to one date of a series; the hint names the follow-up")
  func notOfOneDate() async throws {
    let clinic = try Clinic()
    try clinic.series()
    let before = try await clinic.rows()
    let error = try #require(controlError { try clinic.edit("F-1@2026-12-15", "FREQ=WEEKLY;INTERVAL=2") })
    #expect(error.kind == .usage)
    #expect(error.hint == "name the follow-up without a date: F-1")
    #expect(try await clinic.rows() == before)
    #expect(try clinic.edit("F-1@2026-12-15", "none").said.contains("repeats no more after Tue 15 Dec 2026"))
  }

  @Test(
    "The dates of one follow-up are shown before they change, but a script need not agree; to an end of many it must")
  func optional() throws {
    let clinic = try Clinic()
    try clinic.series()
    let edit = EditFollowUp.Request(id: "F-1", repeat: "FREQ=WEEKLY;INTERVAL=2")
    #expect(try clinic.call(EditFollowUp.self, edit).preview?.optional == true)
    let cancel = CancelFollowUps.Request(ids: ["F-1"], scope: "series")
    let preview = try #require(try clinic.call(CancelFollowUps.self, cancel).preview)
    #expect(preview.optional == nil)
  }

  @Test(
    "A series that is cancelled leaves alone what has passed and nobody marked, unless it is named",
    arguments: ["following", "series"])
  func pastStays(scope: String) throws {
    let clinic = try Clinic()
    try clinic.series()
    clinic.clock.advance(by: 23 * 86_400)
    let two = "F-1: 2 past dates stay unmarked: mark them completed or missed"
    var request = CancelFollowUps.Request(ids: ["F-1"], scope: scope)
    let preview = try #require(try clinic.call(CancelFollowUps.self, request).preview)
    #expect(preview.lines.suffix(2) == ["F-1 repeats no more from Tue 22 Dec 2026 on", two])
    request.confirmed = true
    let done = try clinic.call(CancelFollowUps.self, request)
    #expect(done.said.last == two)
    #expect(try clinic.dates().filter { !$0.hasSuffix("cancelled") } == ["2026-12-08", "2026-12-15"])
    #expect(try clinic.show("F-1").status == "active")
    // Nothing is left to cancel.
    let again = try clinic.call(CancelFollowUps.self, request)
    #expect(again.changed == 0)
    #expect(again.said == [two])
    request.ids = ["F-1@2026-12-15"]
    let named = try clinic.call(CancelFollowUps.self, request)
    #expect(named.changed == 1)
    let isBefore = scope == "series"
    #expect(
      (named.said.last == "F-1: 1 past date stays unmarked: mark it completed or missed") == isBefore, "\(named.said)")
    #expect(try clinic.show("F-1@2026-12-15").occurrences[0].status == "cancelled")
    #expect(try clinic.show("F-1@2026-12-08").occurrences[0].status == "open")
  }

  @Test("A single visit that has passed is cancelled with any scope: there is no other that could be meant")
  func pastSingle() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.clock.advance(by: 23 * 86_400)
    #expect(try clinic.cancel("F-1", "series").changed == 1)
  }
}
