import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// R12's table: for each reason the right decision, and words for it.
@Suite struct ExplainTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var reason: String
    var decision: String
    /// What makes it so, as an editor of rows.
    var sql = ""
    var check: Int
    var plan = "visit"
    var step = "three-days"
    var until: String?
    var adjust: @Sendable (inout Settings) -> Void = { _ in }
    var testDescription: String { "\(reason) of \(plan)/\(step): \(decision)" }
  }

  /// The reminder's instant: 5 December at ten, Vancouver's time.
  static let planned = "2026-12-05T17:00:00Z"

  static let examples: [Example] = [
    Example(reason: "deceased", decision: "drop", sql: "UPDATE patient SET status = 'deceased'", check: 1),
    Example(reason: "inactive", decision: "drop", sql: "UPDATE patient SET status = 'inactive'", check: 1),
    Example(reason: "moved", decision: "drop", sql: "UPDATE occurrence SET revision = 2", check: 2),
    Example(reason: "confirmed", decision: "drop", sql: occurrence("confirmed", "yes"), check: 2),
    Example(reason: "declined", decision: "drop", sql: occurrence("open", "no"), check: 2),
    Example(reason: "rearrange", decision: "drop", sql: occurrence("open", "rearrange"), check: 2),
    Example(reason: "call-me", decision: "drop", sql: occurrence("open", "call-me"), check: 2),
    Example(reason: "completed", decision: "drop", sql: occurrence("completed", "none"), check: 2),
    Example(reason: "missed", decision: "drop", sql: occurrence("missed", "none"), check: 2),
    Example(reason: "cancelled", decision: "drop", sql: occurrence("cancelled", "none"), check: 2),
    Example(reason: "unconfirmed", decision: "drop", check: 2, step: "thanks"),
    Example(reason: "open", decision: "defer", check: 2, step: "missed"),
    Example(reason: "expired", decision: "drop", sql: "UPDATE reminder SET expires_at = planned_at", check: 3),
    Example(reason: "call-only", decision: "staff", sql: "UPDATE patient SET call_only = 1", check: 4),
    Example(reason: "held", decision: "defer", sql: hold("patient", "'P:1'"), check: 5),
    Example(reason: "held", decision: "defer", sql: hold("plan", "'visit'"), check: 5),
    Example(reason: "held", decision: "defer", sql: hold("channel", "'email'"), check: 5),
    Example(reason: "held", decision: "defer", sql: hold("all", "NULL"), check: 5),
    Example(
      reason: "closed", decision: "defer",
      sql: """
        INSERT INTO closure (first_day, last_day, kind, created_at, created_by)
        VALUES ('2026-12-08', '2026-12-08', 'clinic', 0, 'ana')
        """, check: 5),
    Example(
      reason: "backlog", decision: "defer",
      sql: """
        UPDATE reminder SET state = 'held', reason = 'backlog', answers = '5:backlog', wake_at = NULL
        WHERE step = 'three-days'
        """, check: 5),
    Example(reason: "no-contact", decision: "staff", sql: "UPDATE contact SET removed_at = 1", check: 6),
    Example(reason: "no-consent", decision: "staff", sql: "UPDATE contact SET consent = 'unknown'", check: 6),
    Example(reason: "stopped", decision: "drop", sql: "UPDATE contact SET consent = 'stopped'", check: 6),
    Example(
      reason: "stopped", decision: "staff", sql: "UPDATE contact SET consent = 'stopped'", check: 6, plan: "surgery"),
    Example(reason: "bounced", decision: "staff", sql: "UPDATE contact SET state = 'bounced'", check: 6),
    Example(reason: "wrong-number", decision: "staff", sql: "UPDATE contact SET state = 'wrong'", check: 6),
    Example(reason: "no-template", decision: "staff", check: 7, adjust: { $0.templates = TemplateSet() }),
    Example(
      reason: "not-reviewed", decision: "staff", check: 7,
      adjust: { settings in
        settings.templates = TemplateSet(
          settings.templates.all.map { template in
            var template = template
            template.reviewed = nil
            return template
          })
      }),
    Example(
      reason: "outside-hours", decision: "defer", sql: "UPDATE patient SET hours = '12:00-13:00'", check: 8,
      until: "2026-12-05T19:00:00Z"),
    Example(reason: "no-permitted-time", decision: "drop", sql: "UPDATE patient SET hours = 'closed'", check: 8),
    Example(
      reason: "no-permitted-time", decision: "staff", sql: "UPDATE patient SET hours = 'closed'", check: 8,
      plan: "surgery"),
    Example(reason: "budget", decision: "defer", sql: twoSent, check: 9, until: "2026-12-06T16:00:00Z"),
    Example(
      reason: "budget", decision: "staff", sql: twoSent + "; UPDATE reminder SET expires_at = planned_at + 3600",
      check: 9),
  ]

  @Test("R12: explain and upcoming say for each reason what is decided, and why", arguments: examples)
  func reasons(example: Example) async throws {
    let clinic = try Self.clinic(example.adjust)
    try clinic.patient()
    try clinic.followUp("p1", plan: example.plan)
    if !example.sql.isEmpty { try await clinic.edit(example.sql) }
    let id = "F-1@2026-12-08/1/step/\(example.step)"
    let item = try #require(try clinic.call(Explain.self, .init(subject: id)).items.first)
    #expect(item.decision == example.decision)
    #expect(item.reason == example.reason)
    if let until = example.until { #expect(item.until == until) }
    if ["open", "held", "closed", "backlog"].contains(example.reason) { #expect(item.until == nil) }
    let failed = try #require(item.checks.first { !$0.passed })
    #expect(failed.n == example.check && failed.reason == example.reason)
    #expect(item.checks.map(\.n) == Array(1...9))
    #expect(item.checks.allSatisfy { $0.detail?.isEmpty == false && ($0.reason == nil) == $0.passed })
    #expect(item.said.contains(try #require(Reason(rawValue: example.reason)).words), "\(item.said)")
    let upcoming = try clinic.call(ListUpcoming.self, .init()).items.first { $0.id == id }
    #expect(try #require(upcoming).decision == example.decision)
    #expect(upcoming?.reason == example.reason)
  }

  @Test("R12: every reason of the table is in these examples")
  func whole() {
    let table = Reason.allCases.filter { ClearanceCheck(answering: $0) != nil }.map(\.rawValue)
    // A destination's pause is no clearance's to find: `PausedDestinationTests` has it.
    #expect(Set(Self.examples.map(\.reason)).union(["clock", "paused"]) == Set(table))
  }

  @Test("R6: while the clock is not believed everything waits, and explain says for what")
  func clock() throws {
    let clinic = try Self.clinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.service.doubtClock()
    let item = try #require(try clinic.call(Explain.self, .init(subject: "F-1")).items.first)
    #expect(item.decision == "defer" && item.reason == "clock" && item.until == nil)
  }

  @Test("R12: a reminder that nothing speaks against says when it goes")
  func send() throws {
    let clinic = try Self.clinic()
    try clinic.patient()
    try clinic.followUp()
    let item = try #require(try clinic.call(Explain.self, .init(subject: "F-1")).items.first)
    #expect(item.decision == "send" && item.reason == nil && item.until == Self.planned)
    #expect(item.said == "It will be sent on Sat 5 Dec 10:00.")
    #expect(item.checks.allSatisfy { $0.passed })
  }

  @Test("What was sent is explained as it was decided then, whatever is true now")
  func sent() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.edit("UPDATE patient SET status = 'inactive'")
    let item = try #require(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days")).items.first)
    #expect(item.decision == "send" && item.reason == nil && item.until == nil)
    #expect(item.said == "It was sent on Sat 5 Dec 10:00 by email.")
    #expect(item.checks.count == 9 && item.checks.allSatisfy { $0.passed })
    #expect(item.history.map(\.what) == ["patient added", "follow-up added", "sent by email", "sent"])
    #expect(item.history.map(\.by) == ["ana", "ana", nil, nil])
  }

  @Test("What a person took over is explained by what failed then, also once that is mended")
  func handed() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit("UPDATE contact SET consent = 'unknown'")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.edit("UPDATE contact SET consent = 'granted'")
    let item = try #require(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days")).items.first)
    #expect(item.decision == "staff" && item.reason == "no-consent")
    #expect(item.checks.filter { !$0.passed }.map(\.n) == [6])
    #expect(item.said == "A person took it over (T-1), because nobody has recorded the patient's consent.")
    #expect(item.history.last?.what == "handed")
  }

  @Test("R13: what waits for the budget is explained by it, though it will pass once its time has come")
  func waits() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit(Self.twoSent)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    let item = try #require(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days")).items.first)
    #expect(item.reminder.state == "deferred")
    #expect(item.decision == "defer" && item.reason == "budget" && item.until == "2026-12-06T16:00:00Z")
    #expect(item.checks.filter { !$0.passed }.map(\.n) == [9])
    #expect(item.said.hasPrefix("It waits until Sun 6 Dec 09:00, because this address has had enough"))
  }

  @Test("The history is told in the order in which it happened, in plain words")
  func history() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.next(.retry(after: nil, Fault(code: "451")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 60)
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    let item = try #require(
      try clinic.call(Explain.self, .init(subject: "F-1@2026-12-08/1/step/three-days")).items.first)
    #expect(
      item.history.map(\.what) == [
        "patient added", "follow-up added", "not yet taken by email", "answer recorded", "cancelled",
      ])
    #expect(item.history.map(\.at) == item.history.map(\.at).sorted())
    #expect(item.history[2].detail == "M-1 451")
    #expect(item.history.last?.detail == "the patient has confirmed")
  }

  // MARK: -

  static func clinic(_ adjust: @Sendable (inout Settings) -> Void = { _ in }) throws -> Clinic {
    try Clinic { settings in
      settings.templates = ConfigurationReader.builtIn.templates
      settings.plans["visit"]?.steps.append(
        Step(id: "thanks", at: .literal("-2d 10:00"), template: "visit", when: .confirmed))
      adjust(&settings)
    }
  }

  private static func occurrence(_ status: String, _ answer: String) -> String {
    "UPDATE occurrence SET status = '\(status)', answer = '\(answer)'"
  }

  @Test("Of an ended series the last date's reminder is explained, although an earlier date was moved")
  func lastOfSeries() throws {
    let clinic = try Self.clinic()
    try clinic.patient()
    try clinic.call(
      AddFollowUp.self, .init(who: "p1", when: "2026-12-08 14:30", repeat: "FREQ=WEEKLY;COUNT=3"))
    try clinic.call(MoveFollowUp.self, .init(id: "F-1@2026-12-15", when: "2026-12-16 14:30"))
    var request = CancelFollowUps.Request(ids: ["F-1"], scope: "series")
    request.confirmed = true
    try clinic.call(CancelFollowUps.self, request)
    let explained = try clinic.call(Explain.self, .init(subject: "F-1")).items
    #expect(explained.map(\.reminder.id) == ["F-1@2026-12-22/1/step/missed"])
  }

  @Test("A hold that ends before a reminder's instant does not keep it", arguments: ["patient", "channel"])
  func endedHold(kind: String) throws {
    let clinic = try Self.clinic()
    try clinic.patient()
    try clinic.followUp()
    let subject = kind == "patient" ? "p1" : "email"
    for (until, decision) in [("2026-12-04 10:00", "send"), ("2026-12-05 10:01", "defer")] {
      try clinic.call(AddHold.self, .init(kind: kind, subject: subject, until: until, reason: "away"), as: Clinic.root)
      let first = try #require(try clinic.call(Explain.self, .init(subject: "F-1")).items.first)
      #expect(first.reminder.plannedAt == "2026-12-05T17:00:00Z")
      #expect(first.decision == decision)
      #expect(try clinic.call(ListUpcoming.self, .init()).items.first?.decision == decision)
    }
  }

  private static func hold(_ kind: String, _ subject: String) -> String {
    "INSERT INTO hold (kind, subject, reason, created_at, created_by) VALUES ('\(kind)', \(subject), 't', 0, 'ana')"
  }

  /// Two live messages to the patient's address on the day of the reminder, before it.
  private static let twoSent = ["a", "b"].map { identity in
    """
    INSERT INTO message (identity, message_header, recipient, channel, adapter, address, mode, language, state,
      created_at, sent_at, final_at)
    SELECT '\(identity)', '', 'patient', 'email', 'smtp', 'p1@example.org', 'live', 'en', 'sent',
      min(planned_at) - 60, min(planned_at) - 60, min(planned_at) - 60 FROM reminder
    """
  }.joined(separator: "; ")
}
