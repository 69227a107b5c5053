import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// Timed events that are no reminders.
@Suite struct DeadlineTests {
  private static func escalating(_ settings: inout Settings) {
    settings.plans["surgery"]?.escalation = Escalation(after: .literal("-1d 12:00"), to: .role("nurse"))
    settings.plans["visit"]?.escalation = Escalation(after: .literal("-1d 12:00"), to: .role("nurse"))
  }

  @Test("A visit that nobody confirmed becomes the owner's task; routine ones only where the plan says so")
  func escalates() async throws {
    let clinic = try SendingClinic(Self.escalating)
    try clinic.patient()
    try clinic.followUp(plan: "surgery")
    try clinic.followUp("p1", "2026-12-08 16:00")
    #expect(try await clinic.query("SELECT kind, subject FROM deadline") == ["escalation|F-1@2026-12-08"])
    try await clinic.run()
    try await clinic.advance(to: "2026-12-07T18:59:59Z")
    #expect(try await clinic.tasks().isEmpty)
    try await clinic.advance(by: 1)
    #expect(try await clinic.tasks() == ["unconfirmed|F-1@2026-12-08"])
    #expect(try await clinic.query("SELECT owner, priority FROM task") == ["role:nurse|1"])
  }

  @Test("R14: an answer takes the escalation away, a move by the clinic sets it anew")
  func answered() async throws {
    let clinic = try SendingClinic(Self.escalating)
    try clinic.patient()
    try clinic.followUp(plan: "surgery")
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    #expect(try await clinic.query("SELECT kind FROM deadline").isEmpty)
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-18 14:30"))
    let due = try #require(Instant("2026-12-17T19:00:00Z"))
    #expect(try await clinic.query("SELECT kind, due_at FROM deadline") == ["escalation|\(due.seconds)"])
  }

  @Test("R14: an answer closes the unconfirmed task; one that somebody took is flagged")
  func closesTask() async throws {
    let clinic = try SendingClinic(Self.escalating)
    try clinic.patient()
    try clinic.followUp(plan: "surgery")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "surgery")
    try await clinic.run()
    try await clinic.advance(to: "2026-12-07T19:00:00Z")
    try await clinic.edit("UPDATE task SET state = 'taken', taken_by = 'ana' WHERE id = 2")
    for id in ["F-1", "F-2"] { try clinic.call(RecordAnswer.self, .init(id: id, answer: "yes")) }
    #expect(try await clinic.query("SELECT state, flagged FROM task ORDER BY id") == ["closed|0", "taken|1"])
  }

  @Test("A hold with an end is released by itself, and what it parked leaves")
  func holdEnds() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(AddHold.self, .init(kind: "all", until: "2026-12-05 09:30", reason: "a test"))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.query("SELECT released_by FROM hold") == ["followupd"])

    try clinic.call(AddHold.self, .init(kind: "plan", subject: "visit", until: "2026-12-07 10:05", reason: "a test"))
    try await clinic.advance(to: "2026-12-07T17:04:59Z")
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(to: "2026-12-07T17:05:00Z")
    #expect(clinic.email.sent.count == 2)
  }

  @Test("What is parked does not wake the daemon, but for its expiry")
  func parked() async throws {
    let clinic = try SendingClinic { $0.plans["visit"]?.steps.removeLast() }
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(AddHold.self, .init(kind: "all", reason: "a test"))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.secondDue)
    let anchor = try #require(Instant("2026-12-08T21:30:00Z"))
    #expect(clinic.clock.armedFor == anchor)
    try await clinic.advance(to: anchor)
    #expect(try await clinic.reminders("day-before") == ["expired|expired"])
    #expect(clinic.clock.armedFor == nil)
  }

  @Test("R14: a missed step waits for the mark; if nobody marks the visit it expires, and nothing spins")
  func waitsForMark() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.patient("p2")
    try clinic.followUp()
    try clinic.followUp("p2")
    try await clinic.run()
    try await clinic.advance(to: "2026-12-09T18:00:00Z")
    #expect(try await clinic.reminders("missed") == ["deferred|open", "deferred|open"])
    let sent = clinic.email.sent.count
    try clinic.call(MissFollowUps.self, .init(ids: ["F-1"]))
    try await clinic.settle()
    #expect(clinic.email.sent.count == sent + 1)
    #expect(try await clinic.reminders("missed") == ["sent", "deferred|open"])
    // Past its 48 hours; `advance` fails if the timer spins.
    try await clinic.advance(to: "2026-12-20T18:00:00Z")
    #expect(try await clinic.reminders("missed") == ["sent", "expired|expired"])
  }

  @Test("R22: bodies and addresses go thirty days after their message's final state, whatever that was")
  func retention() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.always(.rejected(Fault(code: "550", detail: "no such person")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(try await clinic.messages() == ["rejected|delivery-failed"])
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    try await clinic.advance(by: 30 * 86_400 - 1)
    #expect(try await clinic.query("SELECT count(*) FROM message_body") == ["1"])
    try await clinic.advance(by: 2)
    #expect(try await clinic.query("SELECT count(*) FROM message_body") == ["0"])
    #expect(try await clinic.query("SELECT address IS NULL FROM message") == ["1"])
    #expect(try await clinic.query("SELECT detail IS NULL, code FROM attempt") == ["1|550"])
    #expect(try await clinic.messages() == ["rejected|delivery-failed"])
  }
}
