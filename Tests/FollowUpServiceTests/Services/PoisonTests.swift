import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// Rows that fail while the rest of the database works: each affects itself alone (promise 33).
@Suite struct PoisonTests {
  /// Two patients with a visit each on 8 December: `bad` is F-1, `good` is F-2.
  private func clinic(
    bad: String = "visit", good: String = "visit", _ adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try SendingClinic {
      $0.plans["later"] = Plan(
        name: "later", title: "A visit", steps: [Step(id: "three-days", at: .literal("-3d 10:10"), template: "visit")])
      $0.plans["earlier"] = Plan(
        name: "earlier", title: "A visit",
        steps: [Step(id: "three-days", at: .literal("-3d 09:50"), template: "visit")])
      adjust(&$0)
    }
    for (who, plan) in [("bad", bad), ("good", good)] {
      try clinic.patient(who)
      try clinic.followUp(who, plan: plan)
    }
    return clinic
  }

  /// The first reminder of `bad` cannot be claimed.
  private static let unclaimable = """
    CREATE TRIGGER t BEFORE INSERT ON message_reminder WHEN NEW.reminder_id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END
    """

  @Test(
    "Promise 33: a series whose row means nothing becomes a person's task; other series and all that is sent go on",
    arguments: [
      "civil = '2026-02-30T10:00'", "last_date = 'never'", "next_date = '2026-02-30'",
      "rule = 'FREQ=WEEKLY;INTERVAL=0'", "zone = 'Mars/Olympus'",
    ])
  func series(column: String) async throws {
    let clinic = try SendingClinic()
    for who in ["bad", "good"] {
      try clinic.patient(who)
      try clinic.call(AddFollowUp.self, .init(who: who, when: "2026-12-08 14:30", repeat: "FREQ=WEEKLY"))
    }
    try await clinic.edit("UPDATE follow_up SET \(column) WHERE id = 1")
    try await clinic.run()
    try await clinic.advance(by: 14 * 86_400)
    #expect(clinic.dispatcher.trouble == nil)
    #expect(
      try await clinic.query("SELECT count(*) FROM occurrence GROUP BY follow_up_id") == ["7", "9"])
    #expect(try await clinic.tasks() == ["manual|F-1"])
    #expect(clinic.email.sent.contains { $0.address == "good@example.org" })
  }

  @Test("Promise 33: a date of a series that cannot be read whole stops no series, its own neither")
  func date() async throws {
    let clinic = try SendingClinic()
    for who in ["bad", "good"] {
      try clinic.patient(who)
      try clinic.call(AddFollowUp.self, .init(who: who, when: "2026-12-08 14:30", repeat: "FREQ=WEEKLY"))
    }
    try await clinic.edit(
      """
      UPDATE occurrence SET told_civil = 'soon' WHERE follow_up_id = 1 AND key = '2026-12-15';
      UPDATE follow_up SET next_date = '2026-12-15', owner = 'nobody' WHERE id = 1;
      UPDATE deadline SET wake_at = 0 WHERE subject = 'F-1'
      """)
    try await clinic.run()
    try await clinic.advance(by: 14 * 86_400)
    #expect(clinic.dispatcher.trouble == nil)
    #expect(try await clinic.query("SELECT count(*) FROM occurrence GROUP BY follow_up_id") == ["9", "9"])
    #expect(try await clinic.query("SELECT owner FROM follow_up WHERE id = 1") == ["nobody"])
  }

  @Test("Promise 33: an escalation at which the database fails becomes a task by itself; the other one comes in time")
  func escalation() async throws {
    let clinic = try await clinic(bad: "surgery", good: "surgery") {
      $0.plans["surgery"]?.escalation = Escalation(after: .literal("-1d 12:00"), to: .role("nurse"))
    }
    try await clinic.edit(
      """
      CREATE TRIGGER t BEFORE INSERT ON task WHEN NEW.reason = 'unconfirmed' AND NEW.occurrence_id = 1
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    try await clinic.run()
    try await clinic.advance(to: "2026-12-07T20:00:00Z")
    #expect(try await clinic.tasks().sorted() == ["manual|F-1@2026-12-08", "unconfirmed|F-2@2026-12-08"])
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test("Promise 33: where nothing shows that the database works, a lone row that fails waits, and leaves once it can")
  func alone() async throws {
    let clinic = try await clinic(good: "later")
    try await clinic.edit(Self.unclaimable)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.dispatcher.trouble == "sqlite-19")
    #expect(try await clinic.reminders("three-days") == ["planned", "planned"])
    #expect(try await clinic.query("SELECT count(*) FROM message") == ["0"])
    try await clinic.edit("DROP TRIGGER t")
    try await clinic.advance(by: 10)
    #expect(clinic.email.sent.map(\.address) == ["bad@example.org"])
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test("Promise 33: a lone row that fails keeps no result from being recorded")
  func result() async throws {
    let clinic = try await clinic(good: "earlier")
    try await clinic.edit(Self.unclaimable)
    clinic.email.next(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(try await clinic.attempts() == ["claimed"])
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.advance(by: 10)
    #expect(try await clinic.attempts() == ["delivered|250"])
    #expect(try await clinic.reminders("three-days") == ["handed|unreadable", "sent"])
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test("Promise 33: a lone row that fails keeps no hold from ending, and what that held from leaving")
  func hold() async throws {
    let clinic = try await clinic(good: "earlier")
    try await clinic.edit(Self.unclaimable)
    try clinic.call(AddHold.self, .init(kind: "plan", subject: "earlier", until: "2026-12-05 10:05", reason: "a test"))
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T17:05:10Z")
    #expect(clinic.email.sent.map(\.address) == ["good@example.org"])
    #expect(try await clinic.reminders("three-days") == ["handed|unreadable", "sent"])
  }

  @Test(
    "R19: the task of a series that cannot be read is due like other routine work, and at once where it is soon",
    arguments: [("visit", "2026-11-25T00:00:00Z"), ("surgery", "2026-11-23T18:00:00Z")])
  func dueOfSeries(plan: String, due: String) async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.call(AddFollowUp.self, .init(who: "p1", when: "2026-12-08 14:30", plan: plan, repeat: "FREQ=WEEKLY"))
    try await clinic.edit(
      """
      UPDATE follow_up SET rule = 'FREQ=WEEKLY;INTERVAL=0';
      UPDATE deadline SET wake_at = 0 WHERE kind = 'horizon'
      """)
    try await clinic.run()
    #expect(try await clinic.tasks() == ["manual|F-1"])
    #expect(try await clinic.query("SELECT due_at FROM task") == ["\(try #require(Instant(due)).seconds)"])
  }

  @Test(
    "R19: the task of a reminder that cannot be read is due like other routine work, and at once where it is soon",
    arguments: [("visit", "2026-12-08T00:00:00Z"), ("surgery", nil)])
  func dueOfReminder(plan: String, due: String?) async throws {
    let clinic = try await clinic(bad: plan, good: "earlier")
    try await clinic.edit(Self.unclaimable)
    clinic.email.next(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.advance(by: 10)
    #expect(try await clinic.tasks() == ["manual|F-1@2026-12-08"])
    let row = try #require(try await clinic.query("SELECT due_at, created_at FROM task").first)
    let task = row.split(separator: "|").map(String.init)
    let expected = try due.map { "\(try #require(Instant($0)).seconds)" }
    #expect(task[0] == expected ?? task[1])
  }

  @Test("Promise 33: an outcome that cannot be recorded keeps no other from it, and is recorded once it can be")
  func outcome() async throws {
    let clinic = try await clinic()
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(try await clinic.attempts() == ["claimed", "claimed"])
    try await clinic.edit(
      """
      CREATE TRIGGER t BEFORE UPDATE ON message WHEN NEW.id = 1 AND NEW.state = 'sent'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.advance(by: 10)
    #expect(try await clinic.messages() == ["claimed", "sent"])
    #expect(clinic.dispatcher.trouble == "sqlite-19")
    try await clinic.edit("DROP TRIGGER t")
    try await clinic.advance(by: 10)
    #expect(try await clinic.messages() == ["sent", "sent"])
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test("Promise 33: a parked row whose end fails keeps no other from leaving and goes to staff")
  func parked() async throws {
    // The visit of `bad` begins at 14:30, and with it ends what its reminders are good for.
    let clinic = try await clinic(bad: "surgery") {
      $0.plans["after"] = Plan(
        name: "after", title: "A visit", steps: [Step(id: "after", at: .literal("-1d 14:31"), template: "visit")])
    }
    try clinic.followUp("good", "2026-12-09 14:30", plan: "after")
    try await clinic.edit(
      """
      CREATE TRIGGER t BEFORE UPDATE OF state ON reminder
      WHEN NEW.id = 1 AND NEW.state IN ('expired', 'superseded', 'dropped') BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    try clinic.call(AddHold.self, .init(kind: "plan", subject: "surgery", reason: "a test"))
    try await clinic.run()
    try await clinic.advance(to: "2026-12-08T21:30:30Z")
    #expect(clinic.dispatcher.trouble == "sqlite-19")
    try await clinic.advance(to: "2026-12-08T21:31:10Z")
    #expect(clinic.email.sent.count == 3)
    #expect(try await clinic.reminders("three-days").first == "handed|unreadable")
    #expect(try await clinic.tasks().contains("manual|F-1@2026-12-08"))
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test(
    "Promise 33: a visit that cannot be planned anew stays as it was, with a task; planning ends and the rest is sent")
  func planning() async throws {
    let clinic = try await clinic()
    try await clinic.edit(
      """
      CREATE TRIGGER t BEFORE UPDATE OF planned_at ON reminder WHEN NEW.id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    try await clinic.run()
    let before = try await clinic.query("SELECT planned_at FROM reminder WHERE occurrence_id = 1 ORDER BY id")
    try clinic.reload {
      $0.plans["visit"]?.steps[0].at = .literal("-3d 11:00")
      $0.plans["visit"]?.steps[1].at = .literal("-1d 11:00")
    }
    try await clinic.settle()
    #expect(clinic.dispatcher.awaitPlanning(within: 1))
    #expect(clinic.dispatcher.trouble == nil)
    #expect(try await clinic.query("SELECT planned_at FROM reminder WHERE occurrence_id = 1 ORDER BY id") == before)
    #expect(try await clinic.tasks() == ["manual|F-1@2026-12-08"])
    try await clinic.advance(to: "2026-12-05T18:00:00Z")
    #expect(clinic.email.sent.map(\.address) == ["bad@example.org", "good@example.org"])
  }
}
