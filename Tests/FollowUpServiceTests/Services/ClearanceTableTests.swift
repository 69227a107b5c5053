import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// R12's table on real rows: what becomes of a reminder for each reason, what its row keeps, and who hears of it.
@Suite struct ClearanceTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var plan = "visit"
    var adjust: @Sendable (inout Settings) -> Void = { _ in }
    /// Rows that change behind the daemon's back once it is planned.
    var sql: String
    var state: String
    var answers: String?
    var tasks: [String] = []

    init(
      _ name: String, plan: String = "visit", _ sql: String = "", _ state: String, _ answers: String?,
      tasks: [String] = [], adjust: @escaping @Sendable (inout Settings) -> Void = { _ in }
    ) {
      (testDescription, self.plan, self.adjust, self.sql) = (name, plan, adjust, sql)
      (self.state, self.answers, self.tasks) = (state, answers, tasks)
    }
  }

  private static let visit = "F-1@2026-12-08"

  private static let people: [Row] = [
    Row("deceased", "UPDATE patient SET status = 'deceased'", "dropped|deceased", "1:deceased"),
    Row("inactive", "UPDATE patient SET status = 'inactive'", "dropped|inactive", "1:inactive"),
    Row(
      "call-only", "UPDATE patient SET call_only = 1", "handed|call-only", "4:call-only", tasks: ["call-only|\(visit)"]),
  ]

  private static let visits: [Row] = [
    Row("moved", "UPDATE occurrence SET revision = 2", "dropped|moved", "2:moved"),
    Row(
      "confirmed", "UPDATE occurrence SET status = 'confirmed', answer = 'yes'", "dropped|confirmed", "2:confirmed"),
    Row("declined", "UPDATE occurrence SET answer = 'no'", "dropped|declined", "2:declined"),
    Row("rearrange", "UPDATE occurrence SET answer = 'rearrange'", "dropped|rearrange", "2:rearrange"),
    Row("call-me", "UPDATE occurrence SET answer = 'call-me'", "dropped|call-me", "2:call-me"),
    Row("completed", "UPDATE occurrence SET status = 'completed'", "dropped|completed", "2:completed"),
    Row("missed", "UPDATE occurrence SET status = 'missed'", "dropped|missed", "2:missed"),
    Row("cancelled", "UPDATE occurrence SET status = 'cancelled'", "dropped|cancelled", "2:cancelled"),
    Row("unconfirmed", "", "dropped|unconfirmed", "2:unconfirmed") { $0.plans["visit"]?.steps[0].when = .confirmed },
    Row("open", "", "deferred|open", "2:open") { $0.plans["visit"]?.steps[0].when = .missed },
    Row("expired", "UPDATE reminder SET expires_at = planned_at", "expired|expired", "3:expired"),
    Row(
      "expired, of a soon one of which nothing was sent", plan: "surgery",
      "UPDATE reminder SET expires_at = planned_at", "expired|expired", "3:expired", tasks: ["expired|\(visit)"]),
  ]

  private static let pauses: [Row] = [
    Row("held", hold("all", nil), "held|held", "5:held"),
    Row("held, its plan", hold("plan", "visit"), "held|held", "5:held"),
    Row("held, another plan", hold("plan", "surgery"), "sent", nil),
    Row("held, the patient", hold("patient", "P:1"), "held|held", "5:held"),
    Row("held, its channel", hold("channel", "email"), "held|held", "5:held"),
    Row("held, as a database was restored", hold("restored", nil), "held|held", "5:held"),
    Row("closed: the clinic", closure("clinic", nil), "held|closed", "5:closed", tasks: ["closed|\(visit)"]),
    Row("closed: the owner's role", closure("role", "nurse"), "held|closed", "5:closed", tasks: ["closed|\(visit)"]),
    Row("closed: another role", closure("role", "front-desk"), "sent", nil),
    Row(
      "closed: the clinician", "UPDATE follow_up SET clinician = 'dr-lee';" + closure("clinician", "dr-lee"),
      "held|closed", "5:closed", tasks: ["closed|\(visit)"]),
    Row("closed on the day of sending, not of the visit", closure("clinic", nil, "2026-12-05"), "sent", nil),
  ]

  private static let contacts: [Row] = [
    Row(
      "no-contact", "UPDATE contact SET removed_at = 1", "handed|no-contact", "6:no-contact", tasks: ["no-contact|P:1"]),
    Row(
      "no-consent", "UPDATE contact SET consent = 'unknown'", "handed|no-consent", "6:no-consent",
      tasks: ["no-consent|P:1"]),
    Row("stopped, routine", "UPDATE contact SET consent = 'stopped'", "dropped|stopped", "6:stopped"),
    Row(
      "stopped, soon", plan: "surgery", "UPDATE contact SET consent = 'stopped'", "handed|stopped", "6:stopped",
      tasks: ["stopped|P:1"]),
    Row("bounced", "UPDATE contact SET state = 'bounced'", "handed|bounced", "6:bounced", tasks: ["bounced|P:1"]),
    Row(
      "wrong-number", "UPDATE contact SET state = 'wrong'", "handed|wrong-number", "6:wrong-number",
      tasks: ["wrong-number|P:1"]),
    Row("no-template", "", "handed|no-template", "7:no-template", tasks: ["no-template|\(visit)"]) {
      $0.plans["visit"]?.steps[0].template = "nothing"
    },
    Row("not-reviewed", "", "handed|not-reviewed", "7:not-reviewed", tasks: ["no-template|\(visit)"]) { settings in
      settings.templates = TemplateSet(
        settings.templates.all.map { template in
          var template = template
          template.reviewed = nil
          return template
        })
    },
  ]

  private static let times: [Row] = [
    Row("outside-hours", "UPDATE patient SET hours = '16:00-17:00'", "deferred|outside-hours", "8:outside-hours"),
    Row(
      "no-permitted-time, routine",
      "UPDATE patient SET hours = '16:00-17:00'; UPDATE reminder SET expires_at = planned_at + 60",
      "dropped|no-permitted-time", "8:no-permitted-time"),
    Row(
      "no-permitted-time, soon", plan: "surgery",
      "UPDATE patient SET hours = '16:00-17:00'; UPDATE reminder SET expires_at = planned_at + 60",
      "handed|no-permitted-time", "8:no-permitted-time", tasks: ["no-permitted-time|\(visit)"]),
    Row("budget", "", "deferred|budget", "9:budget") { $0.budget.perAddressPerDay = 0 },
    Row(
      "budget, useless by then", "UPDATE reminder SET expires_at = planned_at + 60", "handed|budget", "9:budget",
      tasks: ["budget|\(visit)"]
    ) { $0.budget.perAddressPerDay = 0 },
    Row(
      "several at once", hold("all", nil) + "; UPDATE patient SET hours = '16:00-17:00'", "held|held",
      "5:held 8:outside-hours"),
    Row("none", "", "sent", nil),
  ]

  private static func hold(_ kind: String, _ subject: String?) -> String {
    let name = subject.map { "'\($0)'" } ?? "NULL"
    return "INSERT INTO hold (kind, subject, reason, created_at, created_by) VALUES ('\(kind)', \(name), 'r', 1, 'ana')"
  }

  private static func closure(_ kind: String, _ subject: String?, _ day: String = "2026-12-08") -> String {
    let name = subject.map { "'\($0)'" } ?? "NULL"
    return """
      INSERT INTO closure (first_day, last_day, kind, subject, created_at, created_by)
        VALUES ('\(day)', '\(day)', '\(kind)', \(name), 1, 'ana')
      """
  }

  @Test(
    "R12: each reason on real rows: the state, the record for `explain`, the task",
    arguments: [people, visits, pauses, contacts, times].flatMap(\.self))
  func table(row: Row) async throws {
    let clinic = try SendingClinic(row.adjust)
    try clinic.patient()
    try clinic.followUp(plan: row.plan)
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T16:59:59Z")
    if !row.sql.isEmpty { try await clinic.edit(row.sql) }
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(try await clinic.reminders("three-days") == [row.state])
    let answers = try await clinic.query("SELECT coalesce(answers, '-') FROM reminder WHERE step = 'three-days'")
    #expect(answers == [row.answers ?? "-"])
    #expect(try await clinic.tasks() == row.tasks)
    #expect(clinic.email.sent.count == (row.state == "sent" ? 1 : 0))
  }

  @Test(
    "R12: at a retry and in a catch-up the table holds alike",
    arguments: [
      ("UPDATE patient SET status = 'inactive'", "dropped|inactive"),
      ("UPDATE occurrence SET status = 'confirmed', answer = 'yes'", "dropped|confirmed"),
      ("UPDATE patient SET call_only = 1", "handed|call-only"),
      (hold("all", nil), "held|held"), (closure("clinic", nil), "held|closed"),
      ("UPDATE contact SET consent = 'unknown'", "handed|no-consent"),
      ("UPDATE contact SET consent = 'stopped'", "dropped|stopped"),
      ("UPDATE patient SET hours = '16:00-17:00'", "deferred|outside-hours"),
    ])
  func retry(sql: String, state: String) async throws {
    for isRetry in [true, false] {
      let clinic = try SendingClinic()
      try clinic.patient()
      try clinic.followUp()
      clinic.email.next(.retry(after: nil, Fault(code: "451")))
      if isRetry {
        try await clinic.run()
        try await clinic.advance(to: SendingClinic.firstDue)
      }
      try await clinic.edit(sql)
      if !isRetry {
        clinic.clock.advance(to: try #require(Instant("2026-12-05T18:00:00Z")))
        try await clinic.run()
      }
      try await clinic.advance(by: 1800)
      #expect(try await clinic.reminders("three-days") == [state], "retry: \(isRetry)")
      #expect(clinic.email.sent.count == (isRetry ? 1 : 0))
    }
  }

  @Test("R16: unknown consent, and a stop, are one task a patient, whatever the number of visits")
  func onePerPatient() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 14:30", plan: "surgery")
    try clinic.followUp("p1", "2026-12-09 14:30", plan: "surgery")
    try clinic.call(Stop.self, .init(target: "p1@example.org"))
    #expect(try await clinic.tasks().count == 1)
    try await clinic.run()
    try await clinic.advance(to: "2026-12-07T00:00:00Z")
    #expect(try await clinic.reminders("three-days") == ["handed|stopped", "handed|stopped"])
    #expect(try await clinic.tasks().count == 1)
    #expect(clinic.email.sent.isEmpty)
  }

  @Test("R16: an explicit consent lifts a stop for that patient only, and closes what was asked of staff")
  func consent() async throws {
    let clinic = try SendingClinic()
    for ref in ["p1", "p2"] {
      try clinic.call(
        AddPatient.self, .init(ref: ref, name: ref, contacts: [.init(channel: "email", address: "home@example.org")]))
      try clinic.followUp(ref, plan: "surgery")
    }
    try clinic.call(Stop.self, .init(target: "home@example.org"))
    #expect(try await clinic.tasks().count == 2)
    try clinic.call(SetConsent.self, .init(who: "p2", channel: "email", consent: "granted", source: "form"))
    #expect(try await clinic.tasks().count == 1)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.reminders("three-days") == ["handed|stopped", "sent"])
    #expect(try await clinic.tasks().count == 1)
  }
}
