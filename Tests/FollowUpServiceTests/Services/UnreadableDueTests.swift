import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// Promise 33 where time passes over rows that mean nothing: values that no command of ours writes.
@Suite struct UnreadableDueTests {
  /// A soon visit of `bad` (F-1) and a routine one of `good` (F-2) on 8 December, as another run finds them after an edit.
  private func clinic(_ edit: String, isAlone: Bool = false) async throws -> SendingClinic {
    let clinic = try SendingClinic { settings in
      settings.plans["surgery"]?.escalation = Escalation(after: .literal("-1d 12:00"), to: .role("nurse"))
      settings.plans["visit"]?.escalation = Escalation(
        after: .literal("-1d 12:00"), to: .role("nurse"), routine: true)
    }
    try clinic.patient("bad")
    try clinic.followUp("bad", plan: "surgery")
    if !isAlone {
      try clinic.patient("good")
      try clinic.followUp("good")
    }
    // Closed sets are the schema's to keep, and an editor's to break.
    try await clinic.edit("PRAGMA ignore_check_constraints = ON; \(edit)")
    return try clinic.afterKill()
  }

  /// Texts that sending has no need of stop nothing; those that decide it make the reminder a person's.
  @Test(
    "Promise 33: a text of a follow-up or a date that means nothing loses no reminder: it leaves, or staff have it",
    arguments: [
      ("follow_up SET civil = '2026-02-30T10:00'", "sent"), ("follow_up SET owner = 'nobody'", "sent"),
      ("follow_up SET zone = 'Mars/Base'", "sent"), ("follow_up SET rule = 'FREQ=NEVER'", "sent"),
      ("follow_up SET last_date = 'soon'", "sent"), ("follow_up SET next_date = '2026-02-30'", "sent"),
      ("occurrence SET told_civil = 'yesterday'", "sent"), ("occurrence SET told_zone = 'X/Y'", "sent"),
      ("occurrence SET civil = 'soon'", "handed|unreadable"), ("occurrence SET zone = ''", "handed|unreadable"),
      ("occurrence SET status = 'perhaps'", "handed|unreadable"),
      ("occurrence SET answer = 'perhaps'", "handed|unreadable"),
      ("patient SET status = 'asleep'", "handed|unreadable"),
    ])
  func texts(edit: String, end: String) async throws {
    let next = try await clinic("UPDATE \(edit) WHERE id = 1")
    try await next.run()
    try await next.advance(to: SendingClinic.firstDue)
    #expect(try await next.reminders("three-days") == [end, "sent"])
    #expect(next.email.sent.contains { $0.address == "good@example.org" })
    #expect(next.dispatcher.trouble == nil)
    let isHanded = end != "sent"
    #expect(try await next.tasks().filter { $0.hasPrefix("manual|F-1") }.count == (isHanded ? 1 : 0))
  }

  @Test("Promise 33: a date whose key means nothing is sent, or is staff's, under the key that it has")
  func key() async throws {
    let next = try await clinic("UPDATE occurrence SET key = '2026-02-30' WHERE id = 1")
    try await next.run()
    try await next.advance(to: SendingClinic.secondDue)
    #expect(try await next.reminders("three-days") == ["sent", "sent"])
    #expect(try await next.reminders("day-before") == ["sent", "sent"])
    #expect(next.dispatcher.trouble == nil)
  }

  /// What is parked has no wake: its expiry is its last look.
  @Test(
    "Promise 33: what is parked and cannot be read goes to staff when it is of no use any more; others go on",
    arguments: [
      "occurrence SET civil = '2026-02-30T10:00'", "occurrence SET zone = 'Mars/Base'",
      "patient SET zone = 'Mars/Base'",
      "patient SET hours = 'always'", "plan_version SET definition = '{'",
      "occurrence SET anchor_at = 9223372036854775807", "reminder SET planned_at = -9223372036854775808",
      "reminder SET intended_at = 9223372036854775807", "reminder SET expires_at = -9223372036854775808",
    ],
    [("held", "held"), ("deferred", "open")])
  func parked(edit: String, state: (String, String)) async throws {
    let bad = edit.hasPrefix("plan_version") ? "name = 'surgery'" : "id = 1"
    let next = try await clinic(
      """
      UPDATE reminder SET state = '\(state.0)', reason = '\(state.1)', wake_at = NULL WHERE id = 1;
      UPDATE \(edit) WHERE \(bad)
      """)
    try await next.run()
    // The visit begins at 14:30, and with it ends what its reminders are good for.
    try await next.advance(to: "2026-12-08T21:30:00Z")
    #expect(try await next.reminders("three-days") == ["handed|unreadable", "sent"])
    #expect(try await next.tasks().filter { $0.hasPrefix("manual|F-1") }.count == 1)
    #expect(next.email.sent.count { $0.address == "good@example.org" } == 2)
    #expect(next.dispatcher.trouble == nil)
  }

  @Test("Promise 33: what is parked for ever, by its row, is looked at once its hold ends")
  func parkedForEver() async throws {
    let next = try await clinic(
      """
      INSERT INTO hold (kind, reason, created_at, created_by) VALUES ('all', 'a test', 0, 'ana');
      UPDATE reminder SET state = 'held', reason = 'held', wake_at = NULL, expires_at = 9223372036854775807 WHERE id = 1
      """)
    try await next.run()
    try await next.advance(to: SendingClinic.firstDue)
    #expect(try await next.reminders("three-days") == ["held|held", "held|held"])
    try next.release("all")
    try await next.settle()
    #expect(try await next.reminders("three-days") == ["handed|unreadable", "sent"])
  }

  @Test(
    "Promise 33: a deadline of rows that cannot be read stops no other, nor what is sent",
    arguments: [
      "occurrence SET civil = '2026-02-30T10:00' WHERE id = 1", "occurrence SET zone = 'Mars/Base' WHERE id = 1",
      "occurrence SET anchor_at = 9223372036854775807 WHERE id = 1", "follow_up SET owner = 'nobody' WHERE id = 1",
      "follow_up SET plan = 'gone' WHERE id = 1", "follow_up SET priority = 'highest' WHERE id = 1",
      "plan_version SET definition = '{' WHERE name = 'surgery'", "patient SET zone = 'Mars/Base' WHERE id = 1",
      "deadline SET subject = 'nonsense' WHERE occurrence_id = 1", "deadline SET occurrence_id = NULL WHERE id = 1",
      "deadline SET kind = 'horizon', subject = 'F-x' WHERE occurrence_id = 1",
      "deadline SET kind = 'hold-end', subject = 'H-' WHERE occurrence_id = 1",
      "deadline SET due_at = -9223372036854775808, wake_at = -9223372036854775808 WHERE occurrence_id = 1",
    ])
  func deadlines(edit: String) async throws {
    let next = try await clinic("UPDATE \(edit)")
    try await next.run()
    try await next.advance(to: "2026-12-07T19:00:00Z")
    #expect(try await next.tasks().contains("unconfirmed|F-2@2026-12-08"))
    #expect(try await next.reminders("day-before").last == "sent")
    #expect(next.dispatcher.trouble == nil)
    // No deadline is looked at again and again.
    let armed = try #require(next.clock.armedFor)
    #expect(armed > next.clock.now() + 60)
  }

  @Test(
    "Promise 33: a row that cannot be read and is all there is becomes a task at once",
    arguments: [
      "occurrence SET civil = '2026-02-30T10:00'", "occurrence SET zone = 'Mars/Base'", "patient SET hours = 'always'",
      "plan_version SET definition = '{'", "reminder SET wake_at = -9223372036854775808",
      "reminder SET planned_at = -9223372036854775808", "reminder SET expires_at = 9223372036854775807",
    ])
  func alone(edit: String) async throws {
    let bad = edit.hasPrefix("plan_version") ? "name = 'surgery'" : "id = 1"
    let next = try await clinic("UPDATE \(edit) WHERE \(bad)", isAlone: true)
    try await next.run()
    try await next.advance(to: SendingClinic.firstDue)
    #expect(try await next.reminders("three-days") == ["handed|unreadable"])
    #expect(try await next.tasks() == ["manual|F-1@2026-12-08"])
    #expect(next.dispatcher.trouble == nil)
    #expect(next.email.sent.isEmpty)
  }
}
