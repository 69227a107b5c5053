import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// R11: a backlog is a human decision.
@Suite struct BacklogTests {
  /// Four reminders of routine visits, one of a soon one and one of an urgent one, all due at ten, Vancouver's time; three
  /// are too many at once.
  private func clinic(
    limit: Int = 3, _ adjust: (inout Settings) -> Void = { _ in }
  ) throws -> SendingClinic {
    let clinic = try SendingClinic { settings in
      settings.delivery.backlogLimit = limit
      settings.channels["email"]?.perMinute = 0
      settings.plans["biopsy"] = Plan(
        name: "biopsy", title: "A result", priority: .urgent,
        steps: [Step(id: "three-days", at: .literal("-3d 10:00"), template: "visit")])
      adjust(&settings)
    }
    for (ref, time) in [("r1", "15:00"), ("r2", "14:00"), ("r3", "16:00"), ("r4", "13:00")] {
      try clinic.patient(ref)
      try clinic.followUp(ref, "2026-12-08 \(time)")
    }
    for (ref, plan) in [("s1", "surgery"), ("u1", "biopsy")] {
      try clinic.patient(ref)
      try clinic.followUp(ref, "2026-12-08 17:00", plan: plan)
    }
    return clinic
  }

  /// Nobody was there to send until `seconds` after they were due.
  private func runLate(_ clinic: SendingClinic, by seconds: Int64) async throws {
    let due = try #require(Instant(SendingClinic.firstDue))
    clinic.clock.advance(to: due + seconds)
    try await clinic.run()
  }

  private func addresses(_ clinic: SendingClinic) -> [String] {
    clinic.email.sent.map { String($0.address.prefix { $0 != "@" }) }
  }

  private let held = ["held|backlog", "held|backlog", "held|backlog", "held|backlog", "held|backlog"]

  @Test("R11: more than the limit overdue at once are held but for the urgent; what is timely goes on")
  func heldForStaff() async throws {
    let clinic = try clinic()
    try clinic.patient("t1")
    try clinic.followUp("t1", "2026-12-09 09:00")
    try await runLate(clinic, by: 3601)
    #expect(addresses(clinic) == ["u1"])
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|backlog" } == held)
    #expect(try await clinic.query("SELECT kind FROM hold WHERE released_at IS NULL") == ["backlog"])
    #expect(try await clinic.tasks() == ["backlog|clinic"])
    #expect(try await clinic.query("SELECT priority FROM task") == ["0"])
    #expect(try await clinic.query("SELECT DISTINCT answers FROM reminder WHERE state = 'held'") == ["5:backlog"])
    #expect(clinic.log.all.filter { $0.contains("COUNT=5") && $0.contains("HOLD_ID=H-1") }.count == 1)
    try await clinic.advance(to: "2026-12-06T17:00:00Z")
    #expect(addresses(clinic) == ["u1", "t1"])
  }

  @Test("R11: an hour is not overdue yet, and as many as the limit are no backlog", arguments: [(3600, 3), (7200, 6)])
  func noBacklog(late: Int64, limit: Int) async throws {
    let clinic = try clinic(limit: limit)
    try await runLate(clinic, by: late)
    #expect(addresses(clinic) == ["u1", "s1", "r4", "r2", "r1", "r3"])
    #expect(try await clinic.query("SELECT count(*) FROM hold") == ["0"])
  }

  @Test("R11: status shows what would go out, and what to type")
  func shown() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    let item = try #require(
      try clinic.call(GetStatus.self, .init()).attention.first {
        $0.what.contains("backlog") && $0.what.contains("H-1")
      })
    #expect(item.what.contains("1 soon and 4 routine reminders"))
    #expect(item.action.contains("followupctl release backlog"))
    #expect(item.action.contains("--drop"))
  }

  @Test(
    "R11, R17: released by staff after they agreed, exactly that set goes, in triage order, and is never held again")
  func released() async throws {
    let clinic = try clinic { $0.channels["email"]?.perMinute = 1 }
    try await runLate(clinic, by: 7200)
    #expect(addresses(clinic) == ["u1"])
    let asked = try clinic.call(ReleaseHolds.self, .init(what: "backlog"), as: 50)
    #expect(asked.changed == 0)
    #expect(asked.preview?.lines.joined().contains("1 soon and 4 routine reminders") == true)
    #expect(asked.preview?.count == 5)
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|backlog" } == held)
    try clinic.release("backlog")
    #expect(try await clinic.tasks() == [])
    // One a minute: all day they are overdue, and go nevertheless.
    try await clinic.advance(by: 600)
    #expect(addresses(clinic) == ["u1", "s1", "r4", "r2", "r1", "r3"])
    #expect(try await clinic.query("SELECT count(*) FROM hold") == ["1"])
  }

  @Test("R11: dropped, what is soon becomes a task and what is routine a recorded reason")
  func dropped() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    var request = ReleaseHolds.Request(what: "backlog", reason: "too late to help")
    request.drop = true
    #expect(try clinic.call(ReleaseHolds.self, request, as: 50).preview != nil)
    request.confirmed = true
    try clinic.call(ReleaseHolds.self, request, as: 50)
    #expect(
      try await clinic.query(
        "SELECT priority, state, reason, count(*) FROM reminder WHERE step = 'three-days' GROUP BY 1")
        == ["0|sent||1", "1|handed|dropped-by-staff|1", "2|dropped|dropped-by-staff|4"])
    #expect(try await clinic.tasks() == ["backlog|F-5@2026-12-08"])
    try await clinic.advance(by: 3600)
    #expect(addresses(clinic) == ["u1"])
    #expect(try await clinic.query("SELECT count(*) FROM hold WHERE released_at IS NULL") == ["0"])
  }

  @Test("R11: a message that was composed and never tried ends with the backlog that is dropped")
  func droppedMessages() async throws {
    let clinic = try clinic()
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    clinic.email.flow()
    #expect(Set(try await clinic.messages()) == ["waiting"])
    try await clinic.advance(by: 7200)
    try clinic.release("all")
    try await clinic.settle()
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|backlog" } == held)
    var request = ReleaseHolds.Request(what: "backlog", reason: "too late to help")
    (request.drop, request.confirmed) = (true, true)
    try clinic.call(ReleaseHolds.self, request, as: 50)
    #expect(try await clinic.messages().sorted() == Array(repeating: "cancelled", count: 5) + ["sent"])
  }

  @Test("R10, R11: what planning anew moves ahead is held by a backlog no more, and leaves at its new instant")
  func movedAhead() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    try clinic.reload { $0.plans["visit"]?.steps[0].at = .literal("-2d 10:00") }
    try await clinic.settle()
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|backlog" } == ["held|backlog"])
    try clinic.release("backlog")
    try await clinic.advance(to: "2026-12-06T16:59:59Z")
    #expect(addresses(clinic) == ["u1", "s1"])
    try await clinic.advance(by: 1)
    #expect(addresses(clinic) == ["u1", "s1", "r4", "r2", "r1", "r3"])
  }

  @Test("R11: what staff release leaves no sooner than it is planned for")
  func releasedAhead() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    try await clinic.edit(
      "UPDATE reminder SET planned_at = planned_at + 10800 WHERE occurrence_id = 1 AND state = 'held'")
    try clinic.release("backlog")
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1", "s1", "r4", "r2", "r3"])
    try await clinic.advance(by: 3600)
    #expect(addresses(clinic) == ["u1", "s1", "r4", "r2", "r3", "r1"])
  }

  @Test("R11: what is added after its instant can be sent since then only, and is overdue an hour later")
  func addedLate() async throws {
    let clinic = try SendingClinic { settings in
      settings.delivery.backlogLimit = 3
      settings.channels["email"]?.perMinute = 0
    }
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)) + 7200)
    for number in 1...5 {
      try clinic.patient("x\(number)")
      try clinic.followUp("x\(number)")
    }
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    try await clinic.run()
    try await clinic.advance(by: 3600)
    try clinic.release("all")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 5)
    #expect(try await clinic.query("SELECT count(*) FROM hold WHERE kind = 'backlog'") == ["0"])
  }

  @Test("R10: what is added late is late from the instant that it was planned for")
  func addedLateIsLate() async throws {
    let clinic = try SendingClinic { $0.plans["visit"]?.steps[0].late = .skip }
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)) + 7200)
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    #expect(try await clinic.reminders("three-days") == ["dropped|late"])
  }

  @Test("R10: what contact hours deferred is not late, through a hold too")
  func deferredIsNotLate() async throws {
    let clinic = try SendingClinic { $0.plans["visit"]?.steps[0].late = .skip }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit("UPDATE patient SET hours = '16:00-19:00'")
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T22:59:00Z")
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    try await clinic.advance(to: "2026-12-05T23:10:00Z")
    #expect(try await clinic.reminders("three-days") == ["held|held"])
    try clinic.release("all")
    try await clinic.settle()
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }

  @Test("R11: while the hold is open, what becomes overdue joins it, however little it is")
  func joins() async throws {
    let first = try clinic()
    try first.patient("j1")
    try first.followUp("j1", "2026-12-09 09:00")
    try await runLate(first, by: 7200)
    let clinic = try first.afterKill()
    clinic.clock.advance(to: try #require(Instant("2026-12-06T19:00:00Z")))
    try await clinic.run()
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|backlog" }.count == 6)
    #expect(try await clinic.query("SELECT count(*) FROM hold") == ["1"])
  }

  @Test("R9, R11: what a backlog holds still expires; a soon one of which nothing was sent is a task")
  func expires() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    try await clinic.edit("UPDATE reminder SET state = 'cancelled', wake_at = NULL WHERE step = 'day-before'")
    try await clinic.advance(to: "2026-12-09T00:00:01Z")
    #expect(try await clinic.reminders("three-days").filter { $0 == "expired|expired" }.count == 5)
    // There is nothing left to decide.
    #expect(try await clinic.tasks() == ["expired|F-5@2026-12-08"])
    #expect(try await clinic.query("SELECT count(*) FROM hold WHERE released_at IS NULL") == ["0"])
  }

  @Test("R11, R14: once all that a backlog held is answered its hold and task end; what is late later is no part of it")
  func answered() async throws {
    let clinic = try clinic()
    try clinic.patient("j1")
    try clinic.followUp("j1", "2026-12-09 09:00")
    try await runLate(clinic, by: 7200)
    #expect(try await clinic.tasks() == ["backlog|clinic"])
    for number in 1...4 { try clinic.call(RecordAnswer.self, .init(id: "F-\(number)", answer: "yes")) }
    try await clinic.settle()
    #expect(try await clinic.tasks() == ["backlog|clinic"])
    try clinic.call(RecordAnswer.self, .init(id: "F-5", answer: "yes"))
    try await clinic.settle()
    #expect(try await clinic.tasks() == [])
    #expect(try await clinic.query("SELECT released_by FROM hold") == ["followupd"])
    #expect(clinic.log.all.contains { $0.contains("HOLD_ID=H-1") && $0.contains("released") })
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    try await clinic.advance(to: "2026-12-06T19:00:00Z")
    try clinic.release("all")
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1", "j1"])
  }

  @Test(
    "R11: a hold shifts nothing: what it kept for more than an hour is overdue", arguments: [3500, 3700] as [Int64])
  func afterHold(seconds: Int64) async throws {
    let clinic = try clinic { $0.contactHours.week = ContactHours(daily: [.literal("00:00-24:00")]) }
    let hold = AddHold.Request(kind: "all", reason: "works")
    try clinic.call(AddHold.self, hold)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|held" }.count == 6)
    try await clinic.advance(by: seconds)
    try clinic.release("all")
    try await clinic.settle()
    #expect(clinic.email.sent.count == (seconds > 3600 ? 1 : 6))
  }

  @Test("R11: while everything is on hold there is nothing to decide; once that ends what it kept too long is held")
  func underHold() async throws {
    let clinic = try clinic()
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    try await runLate(clinic, by: 7200)
    #expect(try await clinic.query("SELECT kind FROM hold") == ["all"])
    #expect(try await clinic.tasks() == [])
    #expect(!clinic.log.all.contains { $0.contains("overdue reminders") })
    try clinic.release("all")
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1"])
    let attention = try clinic.call(GetStatus.self, .init()).attention
    #expect(attention.contains { $0.what == "H-2 backlog: 1 soon and 4 routine reminders would go out" })
  }

  @Test("R11: what becomes urgent is held no more, and the others stay")
  func becomesUrgent() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    #expect(addresses(clinic) == ["u1"])
    try clinic.call(EditFollowUp.self, .init(id: "F-2", priority: "urgent"))
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1", "r2"])
    #expect(try await clinic.query("SELECT count(*) FROM reminder WHERE reason = 'backlog'") == ["4"])
  }

  @Test("R11: what one hold still keeps is no backlog when another ends, and what that kept leaves")
  func besideHold() async throws {
    let clinic = try clinic()
    try clinic.call(AddHold.self, .init(kind: "plan", subject: "visit", reason: "new text"))
    try clinic.call(AddHold.self, .init(kind: "patient", subject: "s1", reason: "in hospital"))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(addresses(clinic) == ["u1"])
    try await clinic.advance(by: 7200)
    try clinic.release("H-2")
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1", "s1"])
    #expect(try await clinic.query("SELECT count(*) FROM hold WHERE kind = 'backlog'") == ["0"])
    #expect(try await clinic.tasks() == [])
    try clinic.release("H-1")
    try await clinic.settle()
    #expect(try await clinic.tasks() == ["backlog|clinic"])
  }

  @Test("R11: of a backlog that is released while all is on hold it is told when it goes out")
  func releasedUnderHold() async throws {
    let clinic = try clinic()
    try await runLate(clinic, by: 7200)
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    let item = try #require(
      try clinic.call(GetStatus.self, .init()).attention.first { $0.what.contains("H-1 backlog") })
    #expect(item.what.contains("1 soon and 4 routine reminders would go out"))
    #expect(item.why.hasSuffix("; H-2 keeps everything back meanwhile"))
    let asked = try clinic.call(ReleaseHolds.self, .init(what: "backlog"), as: 50)
    #expect(asked.preview?.lines.joined().contains("to go out once H-2 is released, in triage order") == true)
    try clinic.release("backlog")
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1"])
    try clinic.release("all")
    try await clinic.settle()
    #expect(addresses(clinic) == ["u1", "s1", "r4", "r2", "r1", "r3"])
  }

  @Test("R11: what contact hours deferred is sendable since then, through a hold too")
  func deferred() async throws {
    let clinic = try clinic()
    try await clinic.edit("UPDATE patient SET hours = '16:00-19:00'")
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T22:59:00Z")
    #expect(try await clinic.reminders("three-days").filter { $0 == "deferred|outside-hours" }.count == 6)
    try clinic.call(AddHold.self, .init(kind: "all", reason: "works"))
    try await clinic.advance(to: "2026-12-05T23:50:00Z")
    #expect(try await clinic.reminders("three-days").filter { $0 == "held|held" }.count == 6)
    try clinic.release("all")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 6)
    #expect(try await clinic.query("SELECT count(*) FROM hold WHERE kind = 'backlog'") == ["0"])
  }

  @Test("R11: what steps aside for its channel's pace was looked at in time")
  func paced() async throws {
    let clinic = try clinic(limit: 1) { $0.channels["email"]?.perMinute = 1 }
    for number in 1...65 {
      try clinic.patient("x\(number)")
      try clinic.followUp("x\(number)", "2026-12-08 17:30")
    }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 75 * 60)
    #expect(clinic.email.sent.count == 71)
    #expect(try await clinic.query("SELECT count(*) FROM hold") == ["0"])
    #expect(Array(addresses(clinic).prefix(6)) == ["u1", "s1", "r4", "r2", "r1", "r3"])
  }

  @Test(
    "Promise 50: 300 visits of a morning behind a relay that greylists for 61 minutes are no backlog, and go in order")
  func greylisting() async throws {
    let clinic = try SendingClinic { settings in
      settings.delivery.backlogLimit = 200
      settings.channels["email"]?.perMinute = 600
    }
    for number in 0..<300 {
      try clinic.patient("g\(number)")
      let (hour, minute) = (8 + number / 60, number % 60)
      try clinic.followUp("g\(number)", "2026-12-08 \(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)")
    }
    clinic.email.always(.retry(after: nil, Fault(code: "451")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 61 * 60)
    #expect(Set(clinic.email.sent.map(\.address)).count == 300)
    let tried = clinic.email.sent.count
    clinic.email.always(.delivered(code: "250", gatewayID: nil))
    try await clinic.advance(by: 2 * 3600)
    #expect(
      try await clinic.query("SELECT state, count(*) FROM reminder WHERE step = 'three-days' GROUP BY 1") == [
        "sent|300"
      ])
    #expect(try await clinic.query("SELECT count(*) FROM hold") == ["0"])
    #expect(try await clinic.tasks() == [])
    let after = clinic.email.sent.dropFirst(tried)
    #expect(after.count == 300)
    #expect(Set(clinic.email.identities).count == 300)
  }

  @Test("Promise 19: after three days down, of each visit the latest step goes, and what is over is recorded")
  func threeDaysDown() async throws {
    let clinic = try clinic(limit: 200)
    try clinic.patient("gone")
    try clinic.followUp("gone", "2026-12-06 11:00", plan: "surgery")
    clinic.clock.advance(to: try #require(Instant("2026-12-07T20:00:00Z")))
    try await clinic.run()
    #expect(addresses(clinic).sorted() == ["r1", "r2", "r3", "r4", "s1", "u1"])
    #expect(try await clinic.reminders("day-before").filter { $0 == "sent" }.count == 5)
    #expect(try await clinic.reminders("three-days").filter { $0 == "superseded|later" }.count == 5)
    #expect(try await clinic.reminders("three-days").filter { $0 == "expired|expired" }.count == 1)
    #expect(try await clinic.tasks() == ["expired|F-7@2026-12-06"])
  }
}
