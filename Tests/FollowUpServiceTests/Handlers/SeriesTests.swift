import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

extension Clinic {
  /// A series of a patient; on Tuesdays from 8 December on, unless told otherwise.
  @discardableResult
  func series(
    _ rule: String = "FREQ=WEEKLY", _ when: String = "2026-12-08 14:30", allowPast: Bool? = nil
  ) throws -> Changed<FollowUpView> {
    if try call(ListPatients.self, ListPatients.Request()).total == 0 { try patient() }
    return try call(AddFollowUp.self, .init(who: "p1", when: when, repeat: rule, allowPast: allowPast))
  }

  /// KEY STATUS of each date, `KEY STATUS` without the word for those that are open.
  func dates(_ id: String = "F-1") throws -> [String] {
    try show(id).occurrences.map { $0.status == "open" ? $0.key : "\($0.key) \($0.status)" }
  }

  /// Agrees to what is shown.
  @discardableResult
  func edit(_ id: String = "F-1", _ rule: String) throws -> Changed<FollowUpView> {
    var request = EditFollowUp.Request(id: id, repeat: rule)
    request.confirmed = true
    return try call(EditFollowUp.self, request)
  }

  @discardableResult
  func cancel(_ id: String, _ scope: String?) throws -> ChangedList<FollowUpView> {
    var request = CancelFollowUps.Request(ids: [id], scope: scope)
    request.confirmed = true
    return try call(CancelFollowUps.self, request)
  }
}

/// The Tuesdays whose first step is at most 60 days ahead.
private let tuesdays = [
  "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29", "2027-01-05", "2027-01-12", "2027-01-19",
]

@Suite struct AddSeriesTests {
  @Test("R5: what repeats is read back in words with the next date; the first exists at once, and the next")
  func add() async throws {
    let clinic = try Clinic()
    let reply = try clinic.series("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27 14:30")
    #expect(
      reply.said
        == "F-1 for Maria Álvarez: Fri 27 Nov 2026 14:30 MST, in 4 days; 2 reminders, the first Tue 24 Nov 10:00 by email; every month on the last Friday; next: Fri 25 Dec 2026"
    )
    #expect(reply.thing.repeat == "FREQ=MONTHLY;BYDAY=-1FR")
    #expect(reply.thing.repeatText == "every month on the last Friday")
    #expect(reply.thing.due == "2026-11-27T14:30")
    #expect(try clinic.dates() == ["2026-11-27", "2026-12-25"])
    // Sixty days before 26 January at ten, the first step of 29 January.
    let due = try #require(Instant("2026-11-27T17:00:00Z"))
    #expect(
      try await clinic.query("SELECT subject, wake_at FROM deadline WHERE kind = 'horizon'") == ["F-1|\(due.seconds)"])
  }

  @Test(
    "R5: dates are made as far as their first step is at most 60 days ahead, but the next one always",
    arguments: [
      ("FREQ=WEEKLY", "2026-12-08", tuesdays),
      ("FREQ=MONTHLY", "2026-12-31", ["2026-12-31", "2027-01-31"]),
      ("FREQ=YEARLY", "2028-02-29", ["2028-02-29", "2029-02-28"]),
      ("FREQ=WEEKLY;COUNT=3", "2026-12-08", Array(tuesdays.prefix(3))),
      ("FREQ=WEEKLY;COUNT=1", "2026-12-08", Array(tuesdays.prefix(1))),
      ("FREQ=WEEKLY;UNTIL=20261222", "2026-12-08", Array(tuesdays.prefix(3))),
      ("rrule:freq=weekly;until=20261222", "2026-12-08", Array(tuesdays.prefix(3))),
    ])
  func horizon(rule: String, first: String, keys: [String]) throws {
    let clinic = try Clinic()
    try clinic.series(rule, first + " 14:30")
    #expect(try clinic.dates() == keys)
  }

  @Test("R5: COUNT is resolved to a last date when it is accepted")
  func count() async throws {
    let clinic = try Clinic()
    try clinic.series("FREQ=MONTHLY;COUNT=12", "2026-12-31 14:30")
    #expect(try await clinic.query("SELECT last_date FROM follow_up") == ["2027-11-30"])
  }

  @Test("R5: a series that began long ago has its first date, then those from today on")
  func longAgo() throws {
    let clinic = try Clinic()
    let reply = try clinic.series("FREQ=WEEKLY;INTERVAL=2", "2016-03-14 14:30", allowPast: true)
    #expect(reply.said.hasSuffix("; every 2 weeks on Monday; next: Mon 23 Nov 2026"))
    #expect(
      try clinic.dates() == ["2016-03-14", "2026-11-23", "2026-12-07", "2026-12-21", "2027-01-04", "2027-01-18"])
  }

  @Test(
    "R5: what a rule cannot do is refused by name, with what to write instead",
    arguments: [
      ("FREQ=HOURLY", "'FREQ=HOURLY' is not supported", "FREQ=DAILY"),
      ("nonsense", "'NONSENSE' is no part of a recurrence", "FREQ=MONTHLY"),
      ("FREQ=WEEKLY;BYDAY=FR", "no date on 2026-12-08", "begin on 2026-12-11"),
      ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no date in 28 years", "correct"),
      ("FREQ=WEEKLY;UNTIL=20261201", "ends on 2026-12-01", "later UNTIL"),
    ])
  func refused(rule: String, why: String, hint: String) async throws {
    let clinic = try Clinic()
    try clinic.patient()
    let before = try await clinic.rows()
    let error = try #require(controlError { try clinic.series(rule) })
    #expect(error.kind == .invalid)
    #expect(error.field == "repeat")
    #expect(error.why.contains(why), "\(error.why)")
    #expect(error.hint.contains(hint), "\(error.hint)")
    #expect(try await clinic.rows() == before)
  }

  @Test("R5: the same series given again changes nothing; another rule under the same id changes its dates")
  func upsert() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = AddFollowUp.Request(
      who: "p1", when: "2026-12-08 14:30", repeat: "FREQ=WEEKLY;COUNT=5", source: "pms", externalId: "7", upsert: true)
    try clinic.call(AddFollowUp.self, request)
    // The first is over; what is given is where the series begins, not the date that is next.
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
    let before = try await clinic.rows()
    #expect(try !clinic.call(AddFollowUp.self, request).changed)
    #expect(try await clinic.rows() == before)
    request.repeat = "FREQ=WEEKLY;INTERVAL=2;COUNT=3"
    #expect(try clinic.call(AddFollowUp.self, request).changed)
    #expect(
      try clinic.dates() == [
        "2026-12-08 completed", "2026-12-15", "2026-12-22 cancelled", "2026-12-29", "2027-01-05 cancelled",
        "2027-01-12",
      ])
    request.when = "2026-12-15 16:00"
    request.repeat = "FREQ=WEEKLY;COUNT=2"
    try clinic.call(AddFollowUp.self, request)
    let found = try clinic.show("F-1")
    #expect(found.occurrences.filter { $0.status == "open" }.map(\.due) == ["2026-12-15T16:00", "2026-12-22T16:00"])
    #expect(found.id == "F-1")
  }

  @Test("A single follow-up that is given again with a rule repeats from its date on")
  func becomesSeries() throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = AddFollowUp.Request(
      who: "p1", when: "2026-12-08 14:30", source: "pms", externalId: "7", upsert: true)
    try clinic.call(AddFollowUp.self, request)
    request.when = "2026-12-15 14:30"
    request.repeat = "FREQ=WEEKLY;COUNT=3"
    try clinic.call(AddFollowUp.self, request)
    let found = try clinic.show("F-1")
    #expect(found.occurrences.map(\.key) == ["2026-12-08", "2026-12-22", "2026-12-29"], "moves do not change a key")
    #expect(found.occurrences.map(\.due) == ["2026-12-15T14:30", "2026-12-22T14:30", "2026-12-29T14:30"])
  }
}

@Suite struct OneDateTests {
  @Test("R14: an act on one date of a series leaves the others alone, and its line names the date")
  func oneDate() throws {
    let clinic = try Clinic()
    try clinic.series("FREQ=WEEKLY;COUNT=6")
    let acts: [(String, (String) throws -> String, String)] = [
      ("2026-12-15", { try clinic.call(RecordAnswer.self, .init(id: $0, answer: "yes")).said }, "confirmed"),
      ("2026-12-22", { try clinic.call(RecordAnswer.self, .init(id: $0, answer: "no")).said }, "open"),
      ("2026-12-29", { try clinic.call(MissFollowUps.self, .init(ids: [$0])).said[0] }, "missed"),
      ("2027-01-05", { try clinic.call(CompleteFollowUps.self, .init(ids: [$0])).said[0] }, "completed"),
      ("2027-01-12", { try clinic.call(CancelFollowUps.self, .init(ids: [$0])).said[0] }, "cancelled"),
    ]
    for (key, act, _) in acts {
      let before = try clinic.show("F-1").occurrences
      let said = try act("F-1@\(key)")
      #expect(said.contains("F-1@\(key)"), "\(said)")
      let after = try clinic.show("F-1").occurrences
      #expect(after.filter { $0.key != key } == before.filter { $0.key != key })
    }
    let last = try clinic.call(MoveFollowUp.self, .init(id: "F-1@2026-12-08", when: "2026-12-09 10:00"))
    #expect(last.said.hasPrefix("F-1@2026-12-08 for Maria Álvarez: Wed 9 Dec 2026 10:00 MST"))
    #expect(
      try clinic.dates() == [
        "2026-12-08", "2026-12-15 confirmed", "2026-12-22", "2026-12-29 missed", "2027-01-05 completed",
        "2027-01-12 cancelled",
      ])
    #expect(try clinic.show("F-1").occurrences.map(\.revision) == [2, 1, 1, 1, 1, 1])
  }

  @Test("F-12 means the earliest date that is not over; F-12@DATE is shown and explained by itself")
  func meant() throws {
    let clinic = try Clinic()
    try clinic.series()
    #expect(try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"])).said[0].hasSuffix("; next: Tue 15 Dec 2026"))
    #expect(try clinic.show("F-1").due == "2026-12-15T14:30")
    let shown = try clinic.show("F-1@2026-12-29")
    #expect(shown.id == "F-1")
    #expect(shown.due == "2026-12-29T14:30")
    #expect(shown.occurrences.map(\.id) == ["F-1@2026-12-29"])
    #expect(Set(shown.reminders.map(\.occurrence)) == ["F-1@2026-12-29"])
    let explained = try clinic.call(Explain.self, .init(subject: "F-1@2026-12-29"))
    #expect(Set(explained.items.map(\.reminder.occurrence)) == ["F-1@2026-12-29"])
    #expect(controlError { try clinic.show("F-1@2026-12-30") }?.kind == .notFound)
  }

  @Test("R5: when the last open date ends, the next one is there; a series that has come to its end is over")
  func nextAlways() throws {
    let clinic = try Clinic()
    try clinic.series("FREQ=YEARLY;COUNT=3")
    #expect(try clinic.dates() == ["2026-12-08", "2027-12-08"])
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
    #expect(try clinic.dates() == ["2026-12-08 completed", "2027-12-08", "2028-12-08"])
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    try clinic.call(MissFollowUps.self, .init(ids: ["F-1"]))
    #expect(try clinic.show("F-1").status == "ended")
    #expect(try clinic.dates() == ["2026-12-08 completed", "2027-12-08 cancelled", "2028-12-08 missed"])
  }
}

@Suite struct CancelScopeTests {
  @Test("--this, and no scope, cancels one date and the series lives", arguments: [nil, "this"])
  func this(scope: String?) throws {
    let clinic = try Clinic()
    try clinic.series("FREQ=YEARLY")
    for year in 2026...2028 {
      #expect(try clinic.cancel("F-1", scope).changed == 1)
      #expect(try clinic.dates().contains("\(year)-12-08 cancelled"))
    }
    #expect(try clinic.show("F-1").status == "active")
    #expect(try clinic.show("F-1").due == "2029-12-08T14:30")
  }

  @Test("--following cancels a date and those after it, and no more are made; it shows and asks first")
  func following() async throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.call(MoveFollowUp.self, .init(id: "F-1@2026-12-15", when: "2027-01-04 10:00"))
    let before = try await clinic.rows()
    let request = CancelFollowUps.Request(ids: ["F-1@2026-12-29"], scope: "following")
    let preview = try clinic.call(CancelFollowUps.self, request)
    #expect(preview.changed == 0)
    #expect(preview.preview?.count == 4)
    #expect(
      preview.preview?.lines.first
        == "F-1@2026-12-29 for Maria Álvarez, Tue 29 Dec 2026 14:30 MST, in 36 days: cancelled")
    #expect(preview.preview?.lines.last == "F-1 repeats no more from Tue 29 Dec 2026 on")
    #expect(try await clinic.rows() == before)
    let done = try clinic.cancel("F-1@2026-12-29", "following")
    #expect(done.changed == 4)
    #expect(
      try clinic.show("F-1").occurrences.sorted { $0.key < $1.key }.map { "\($0.key) \($0.status)" } == [
        "2026-12-08 open", "2026-12-15 open", "2026-12-22 open", "2026-12-29 cancelled", "2027-01-05 cancelled",
        "2027-01-12 cancelled", "2027-01-19 cancelled",
      ], "a date that was moved behind it is still one before it")
    #expect(done.items[0].repeat == "FREQ=WEEKLY;UNTIL=20261228")
    #expect(done.items[0].status == "active")
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'horizon'") == ["0"])
    for _ in 0..<3 { try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"])) }
    #expect(try clinic.show("F-1").status == "ended")
    #expect(try clinic.show("F-1").occurrences.count == 7)
  }

  @Test(
    "--following from the first date on, and --series, end everything that is open", arguments: ["following", "series"])
  func series(scope: String) throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
    #expect(try clinic.cancel(scope == "series" ? "F-1@2026-12-29" : "F-1", scope).changed == 6)
    #expect(try clinic.dates() == ["2026-12-08 completed"] + tuesdays.dropFirst().map { $0 + " cancelled" })
    let found = try clinic.show("F-1")
    #expect(found.status == "ended")
    #expect(found.reminders.allSatisfy { $0.state == "cancelled" })
    #expect(try clinic.cancel("F-1", scope).changed == 0, "nothing to change")
  }

  @Test("--series before the first date leaves a rule that yields nothing")
  func beforeFirst() throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.cancel("F-1", "series")
    let found = try clinic.show("F-1")
    #expect(found.status == "ended")
    #expect(found.occurrences.allSatisfy { $0.status == "cancelled" })
  }
}

@Suite struct EditTests {
  @Test("An edit says what changed, reaches reminders and tasks, and asks for nothing")
  func fields() async throws {
    let clinic = try Clinic()
    try clinic.series("FREQ=WEEKLY;COUNT=2")
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "call-me"))
    let reply = try clinic.call(
      EditFollowUp.self,
      .init(id: "F-1", priority: "soon", with: "dr-lee", owner: "user:ana", note: "Bring the old report"))
    #expect(reply.changed)
    #expect(
      reply.said
        == "F-1 for Maria Álvarez: the priority is soon; user:ana is the owner; with dr-lee; the note is changed")
    #expect(reply.thing.priority == "soon")
    #expect(reply.thing.owner == "user:ana")
    #expect(reply.thing.with == "dr-lee")
    #expect(reply.thing.note == "Bring the old report")
    #expect(
      try await clinic.query("SELECT DISTINCT priority FROM reminder WHERE state IN ('planned', 'deferred')") == ["1"])
    #expect(try await clinic.query("SELECT reason, priority, owner FROM task") == ["call-me|1|user:ana"])
    #expect(
      try await clinic.query("SELECT verb, subject FROM audit ORDER BY seq DESC LIMIT 1") == [
        "EditFollowUp|F-1@2026-12-08"
      ])
    let cleared = try clinic.call(EditFollowUp.self, .init(id: "F-1", with: "", note: ""))
    #expect(cleared.said == "F-1 for Maria Álvarez: with no one in particular; the note is cleared")
    #expect(cleared.thing.note == nil)
    #expect(cleared.thing.with == nil)
  }

  @Test(
    "What is so already changes nothing", arguments: ["FREQ=WEEKLY;INTERVAL=1", "rrule:freq=weekly", "FREQ=WEEKLY"])
  func nothing(rule: String) async throws {
    let clinic = try Clinic()
    try clinic.series()
    let before = try await clinic.rows()
    let reply = try clinic.call(
      EditFollowUp.self, .init(id: "F-1", priority: "routine", plan: "visit", note: " ", repeat: rule))
    #expect(!reply.changed)
    #expect(reply.preview == nil)
    #expect(try await clinic.rows() == before)
    #expect(controlError { try clinic.call(EditFollowUp.self, .init(id: "F-1")) }?.kind == .usage)
  }

  /// Routine, with an escalation whose instant has passed for tomorrow's visit, and one for soon and above alone.
  private func escalating(_ when: String) throws -> Clinic {
    let clinic = try Clinic {
      $0.plans["visit"]?.escalation = Escalation(after: .literal("-1d 10:00"), to: .role("nurse"))
    }
    try clinic.patient()
    try clinic.followUp("p1", when)
    return clinic
  }

  @Test("A visit that becomes urgent after its escalation's instant is escalated at once, and only once")
  func escalatesAtOnce() async throws {
    let clinic = try escalating("2026-11-24 09:00")
    let query = "SELECT kind, due_at FROM deadline WHERE kind = 'escalation'"
    #expect(try await clinic.query(query).isEmpty)
    try clinic.call(EditFollowUp.self, .init(id: "F-1", priority: "urgent"))
    #expect(try await clinic.query(query) == ["escalation|\(clinic.clock.now().seconds)"])
    try clinic.call(EditFollowUp.self, .init(id: "F-1", priority: "soon"))
    #expect(try await clinic.query(query) == ["escalation|\(clinic.clock.now().seconds)"])
    try clinic.call(EditFollowUp.self, .init(id: "F-1", priority: "routine"))
    #expect(try await clinic.query(query).isEmpty)
  }

  @Test("A visit that becomes urgent before its escalation's instant is escalated then")
  func escalatesLater() async throws {
    let clinic = try escalating("2026-11-27 09:00")
    try clinic.call(EditFollowUp.self, .init(id: "F-1", priority: "urgent"))
    let at = try #require(Instant("2026-11-26T17:00:00Z")).seconds
    #expect(try await clinic.query("SELECT due_at FROM deadline WHERE kind = 'escalation'") == ["\(at)"])
  }

  @Test("R10: another plan plans what is ahead anew, of every date")
  func plan() throws {
    let clinic = try Clinic {
      $0.plans["other"] = Plan(
        name: "other", title: "Other", priority: .routine, taskOwner: .role("nurse"),
        steps: [
          Step(id: "day-before", at: .literal("-1d 15:00"), template: "visit"),
          Step(id: "week-before", at: .literal("-7d 15:00"), template: "visit"),
        ])
    }
    try clinic.series("FREQ=WEEKLY;COUNT=2", "2026-11-27 14:30")
    let reply = try clinic.call(EditFollowUp.self, .init(id: "F-1", plan: "other"))
    #expect(
      reply.thing.reminders.map { "\($0.occurrence.suffix(10)) \($0.step ?? "") \($0.state)" }.sorted() == [
        "2026-11-27 day-before planned", "2026-11-27 missed superseded", "2026-11-27 three-days superseded",
        "2026-11-27 week-before superseded", "2026-12-04 day-before planned", "2026-12-04 missed superseded",
        "2026-12-04 three-days superseded", "2026-12-04 week-before planned",
      ], "what would have been sent already is not sent in the past")
    #expect(reply.thing.reminders.first { $0.step == "day-before" }?.plannedAt == "2026-11-26T22:00:00Z")
  }

  @Test("R5: editing the rule keeps dates that are answered, makes others anew, and opens them again; it asks first")
  func rule() async throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.call(RecordAnswer.self, .init(id: "F-1@2026-12-15", answer: "yes"))
    let before = try await clinic.rows()
    let preview = try clinic.call(EditFollowUp.self, .init(id: "F-1", repeat: "FREQ=WEEKLY;INTERVAL=2"))
    #expect(!preview.changed)
    #expect(
      preview.preview?.lines == [
        "F-1 for Maria Álvarez: every 2 weeks on Tuesday; next: Tue 22 Dec 2026; cancelled: Tue 29 Dec 2026, Tue 12 Jan 2027; stays all the same: Tue 15 Dec 2026",
        "stays: F-1@2026-12-15, Tue 15 Dec 2026 14:30 MST, in 22 days",
        "cancelled: F-1@2026-12-29, Tue 29 Dec 2026 14:30 MST, in 36 days",
        "cancelled: F-1@2027-01-12, Tue 12 Jan 2027 14:30 MST, in 50 days",
      ])
    var dry = EditFollowUp.Request(id: "F-1", repeat: "FREQ=WEEKLY;INTERVAL=2")
    dry.dryRun = true
    dry.confirmed = true
    #expect(try clinic.call(EditFollowUp.self, dry).preview != nil)
    #expect(try await clinic.rows() == before)

    let unchanged = try clinic.show("F-1").occurrences
    let done = try clinic.edit("F-1", "FREQ=WEEKLY;INTERVAL=2")
    #expect(done.changed)
    #expect(
      try clinic.dates() == [
        "2026-12-08", "2026-12-15 confirmed", "2026-12-22", "2026-12-29 cancelled", "2027-01-05",
        "2027-01-12 cancelled", "2027-01-19",
      ])
    #expect(
      done.thing.occurrences.filter { $0.status != "cancelled" }
        == unchanged.filter { !["2026-12-29", "2027-01-12"].contains($0.key) })
    #expect(
      done.thing.reminders.filter { $0.occurrence == "F-1@2026-12-29" }.allSatisfy { $0.state == "cancelled" })

    try clinic.edit("F-1", "FREQ=WEEKLY")
    #expect(try clinic.dates() == tuesdays.map { $0 == "2026-12-15" ? $0 + " confirmed" : $0 })
    let again = try clinic.show("F-1@2026-12-29")
    #expect(again.occurrences[0].revision == 2)
    #expect(again.reminders.filter { $0.revision == 2 }.map(\.state) == ["planned", "planned", "planned"])
  }

  @Test("R5: dates that nobody was told of make room for other days; what staff cancelled stays cancelled")
  func otherDays() throws {
    let clinic = try Clinic()
    try clinic.series()
    try clinic.cancel("F-1@2026-12-22", nil)
    let reply = try clinic.edit("F-1", "FREQ=WEEKLY;BYDAY=TH;COUNT=3")
    #expect(reply.said.contains("F-1 for Maria Álvarez: every week on Thursday, 3 times; next: Thu 10 Dec 2026; "))
    #expect(
      try clinic.dates().filter { !$0.hasSuffix("cancelled") } == ["2026-12-10", "2026-12-17", "2026-12-24"])
    try clinic.edit("F-1", "FREQ=WEEKLY;BYDAY=TU")
    #expect(
      try clinic.dates().filter { !$0.hasSuffix("cancelled") }
        == tuesdays.filter { $0 != "2026-12-22" && $0 > "2026-12-10" })
  }

  @Test(
    "R5: a next date that is answered or told stays beside a rule that has none on it, and the rule begins after it",
    arguments: [true, false])
  func nextStays(isAnswered: Bool) throws {
    let clinic = try Clinic()
    try clinic.series()
    if isAnswered {
      try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    } else {
      try clinic.claim()
      clinic.withdrawing.begin(1)
    }
    let said = try clinic.edit("F-1", "FREQ=WEEKLY;BYDAY=TH;COUNT=2").said
    #expect(said.contains("; next: Thu 10 Dec 2026; "))
    #expect(said.hasSuffix("; stays all the same: Tue 8 Dec 2026"), "\(said)")
    let first = "2026-12-08" + (isAnswered ? " confirmed" : "")
    let kept = try clinic.dates().filter { !$0.hasSuffix("cancelled") }
    #expect(kept == [first, "2026-12-10", "2026-12-17"])
    // The next edit goes by the rule, not by the date beside it.
    try clinic.edit("F-1", "FREQ=WEEKLY;INTERVAL=2;COUNT=2")
    #expect(try clinic.dates().filter { !$0.hasSuffix("cancelled") } == [first, "2026-12-10", "2026-12-24"])
  }

  @Test("R5: a follow-up begins to repeat at its date, and stops after the present one")
  func singles() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    #expect(controlError { try clinic.edit("F-1", "FREQ=WEEKLY;BYDAY=FR") }?.hint.contains("2026-12-11") == true)
    let reply = try clinic.edit("F-1", "FREQ=WEEKLY")
    #expect(
      reply.said == """
        F-1 for Maria Álvarez: every week on Tuesday; next: Tue 15 Dec 2026; \
        new: Tue 15 Dec 2026, Tue 22 Dec 2026, Tue 29 Dec 2026 and 3 more
        """)
    #expect(try clinic.dates() == tuesdays)
    try clinic.call(RecordAnswer.self, .init(id: "F-1@2026-12-29", answer: "yes"))
    try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
    let ended = try clinic.edit("F-1", "none")
    #expect(ended.said.hasPrefix("F-1 for Maria Álvarez: it repeats no more after Tue 15 Dec 2026; cancelled: "))
    #expect(ended.thing.repeat == nil)
    #expect(ended.thing.status == "active")
    #expect(
      try clinic.dates().filter { !$0.hasSuffix("cancelled") } == [
        "2026-12-08 completed", "2026-12-15", "2026-12-29 confirmed",
      ])
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'horizon'") == ["0"])
    for _ in 0..<2 { try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"])) }
    #expect(try clinic.show("F-1").status == "ended")
    #expect(controlError { try clinic.edit("F-1", "FREQ=WEEKLY") }?.kind == .conflict)
    #expect(try clinic.call(EditFollowUp.self, .init(id: "F-1", note: "all went well")).changed)
  }

  @Test("A routine follow-up that becomes soon escalates, and no more once it is routine again")
  func escalation() async throws {
    let clinic = try Clinic {
      $0.plans["visit"]?.escalation = Escalation(after: .literal("-1d 12:00"), to: .role("nurse"))
    }
    try clinic.patient()
    try clinic.followUp()
    for (priority, count) in [("soon", "1"), ("routine", "0"), ("urgent", "1")] {
      try clinic.call(EditFollowUp.self, .init(id: "F-1", priority: priority))
      #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'escalation'") == [count])
    }
  }
}
