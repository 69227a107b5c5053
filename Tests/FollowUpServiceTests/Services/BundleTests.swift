import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// R13: one message where three would do.
@Suite struct BundleTests {
  /// Plans whose first step comes at ten, eleven, noon and one minute past noon, three days before.
  private func clinic(_ adjust: (inout Settings) -> Void = { _ in }) throws -> SendingClinic {
    try SendingClinic { settings in
      settings.channels["email"]?.perMinute = 0
      for (name, time) in [("at-ten", "10:00"), ("at-eleven", "11:00"), ("at-noon", "12:00"), ("past-noon", "12:01")] {
        settings.plans[name] = Plan(
          name: name, title: "A visit",
          steps: [Step(id: name, at: .literal("-3d \(time)"), template: "visit")])
      }
      adjust(&settings)
    }
  }

  private static let busy = Outcome.retry(after: nil, Fault(code: "451"))
  private static let ten = SendingClinic.firstDue

  private func links(_ clinic: SendingClinic) async throws -> [String] {
    try await clinic.query(
      """
      SELECT message_id || ':' || group_concat(step, ' ') FROM (
        SELECT message_reminder.message_id, step FROM message_reminder JOIN reminder ON reminder.id = reminder_id ORDER BY 1, 2)
      GROUP BY message_id ORDER BY message_id
      """)
  }

  @Test("R13: a preview of what leaves with others is the text of all, and names them")
  func preview() async throws {
    let clinic = try clinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-noon")
    try clinic.followUp("p1", "2026-12-08 17:00", plan: "past-noon")
    try await clinic.run()
    let preview = try clinic.call(PreviewMessage.self, .init(id: "F-1"))
    #expect(preview.reminders == ["F-1@2026-12-08/1/step/at-ten", "F-2@2026-12-08/1/step/at-noon"])
    #expect(preview.body?.contains("more than one appointment") == true)
    try await clinic.advance(to: Self.ten)
    let left = try #require(clinic.email.texts.first).split(separator: "\n", maxSplits: 1).last.map(String.init)
    #expect(left == preview.body)
    let sent = try clinic.call(PreviewMessage.self, .init(id: "F-1"))
    #expect(sent.reminders == preview.reminders && sent.body == preview.body)
  }

  @Test("R13: reminders of one patient within two hours of the first leave with it; later ones by themselves")
  func together() async throws {
    let clinic = try clinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 14:30", plan: "at-eleven")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-noon")
    try clinic.followUp("p1", "2026-12-08 17:00", plan: "past-noon")
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(clinic.email.sent.count == 1)
    #expect(try await links(clinic) == ["1:at-eleven at-noon at-ten"])
    #expect(clinic.email.texts[0].contains("You have more than one appointment"))
    #expect(clinic.email.texts[0].contains("at 2:30 pm"), "the earliest visit")
    #expect(try await clinic.query("SELECT count(*) FROM attempt") == ["1"])
    #expect(try await clinic.query("SELECT count(*) FROM occurrence WHERE told_revision = 1") == ["3"])
    try await clinic.advance(by: 3 * 3600)
    #expect(try await links(clinic) == ["1:at-eleven at-noon at-ten", "2:past-noon"])
    #expect(try await clinic.query("SELECT DISTINCT state FROM reminder") == ["sent"])
  }

  @Test("R13: a bundle counts as one message to its address")
  func budget() async throws {
    let clinic = try clinic { $0.budget.perAddressPerDay = 2 }
    try clinic.patient()
    for (hour, plan) in [(13, "at-ten"), (14, "at-eleven"), (15, "at-noon"), (16, "past-noon")] {
      try clinic.followUp("p1", "2026-12-08 \(hour):00", plan: plan)
    }
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.email.sent.count == 2)
    #expect(try await clinic.query("SELECT DISTINCT state FROM reminder") == ["sent"])
  }

  /// What keeps a second reminder out of the first one's message.
  struct Apart: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var adjust: @Sendable (inout Settings) -> Void = { _ in }
    var sql: String?
    var second = "2026-12-08 16:00"

    static let all = [
      Apart(testDescription: "urgent", adjust: { $0.plans["at-eleven"]?.priority = .urgent }),
      Apart(testDescription: "another patient", sql: "UPDATE follow_up SET patient_id = 2 WHERE id = 2"),
      Apart(
        testDescription: "a step for who confirmed",
        adjust: { $0.plans["at-eleven"]?.steps[0].when = .confirmed },
        sql: "UPDATE occurrence SET status = 'confirmed', answer = 'yes' WHERE follow_up_id = 2"),
      Apart(
        testDescription: "what comes after the visit",
        adjust: {
          $0.plans["at-eleven"]?.steps[0] = Step(
            id: "at-eleven", at: .literal("+0m"), template: "visit", when: .expected)
        }, second: "2026-12-05 10:30"),
      Apart(
        testDescription: "no reviewed text for bundles",
        adjust: { settings in
          settings.templates = TemplateSet(settings.templates.all.filter { $0.name != "bundle" })
        }),
      Apart(
        testDescription: "no text of its own", adjust: { $0.plans["at-eleven"]?.steps[0].template = "nothing" }),
      Apart(
        testDescription: "its plan on hold",
        sql: """
          INSERT INTO hold (kind, subject, reason, created_at, created_by) VALUES ('plan', 'at-eleven', 'r', 1, 'ana')
          """),
      Apart(testDescription: "a shorter window", adjust: { $0.budget.bundleWithin = .literal("59m") }),
    ]
  }

  @Test("R13: what does not belong into a bundle stays out of it", arguments: Apart.all)
  func apart(example: Apart) async throws {
    let clinic = try clinic(example.adjust)
    try clinic.patient("p1")
    try clinic.patient("p2")
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", example.second, plan: "at-eleven")
    if let sql = example.sql { try await clinic.edit(sql) }
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(try await links(clinic) == ["1:at-ten"])
    #expect(clinic.email.texts.map { $0.contains("more than one appointment") } == [false])
  }

  @Test("R13: an urgent one waits for nobody and takes nobody along")
  func urgentFirst() async throws {
    let clinic = try clinic { $0.plans["at-ten"]?.priority = .urgent }
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-eleven")
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(try await links(clinic) == ["1:at-ten"])
    try await clinic.advance(by: 3600)
    #expect(try await links(clinic) == ["1:at-ten", "2:at-eleven"])
  }

  @Test("R13: of two steps of another visit in the window the later joins and supersedes the earlier")
  func twoSteps() async throws {
    let clinic = try clinic { settings in
      settings.plans["at-eleven"]?.steps.append(Step(id: "half-past", at: .literal("-3d 11:30"), template: "visit"))
    }
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-eleven")
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(try await links(clinic) == ["1:at-ten half-past"])
    #expect(try await clinic.reminders("at-eleven") == ["superseded|later"])
  }

  @Test("R10, R13: a step that is late and asks for a person is none of those that a bundle supersedes")
  func lateAsks() async throws {
    let clinic = try clinic { settings in
      settings.plans["at-eleven"]?.steps[0].late = .ask
      settings.plans["at-eleven"]?.steps.append(Step(id: "half-past", at: .literal("-3d 11:30"), template: "visit"))
    }
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-eleven")
    clinic.clock.advance(to: try #require(Instant("2026-12-05T19:20:00Z")))
    try await clinic.run()
    #expect(try await links(clinic) == ["1:at-ten half-past"])
    #expect(try await clinic.reminders("at-eleven") == ["handed|late"])
    #expect(try await clinic.query("SELECT reason FROM task") == ["late"])
  }

  @Test("R13: two steps of one visit never share a message")
  func ownSteps() async throws {
    let clinic = try clinic { settings in
      settings.plans["at-ten"]?.steps.append(Step(id: "half-past", at: .literal("-3d 10:30"), template: "visit"))
    }
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try await clinic.run()
    try await clinic.advance(by: 14 * 86_400)
    #expect(try await links(clinic) == ["1:at-ten", "2:half-past"])
  }

  /// Two reminders whose one message was answered with `outcome`.
  private func tried(
    _ outcome: Outcome, _ adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try clinic(adjust)
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-eleven")
    clinic.email.next(outcome)
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(try await links(clinic) == ["1:at-eleven at-ten"])
    return clinic
  }

  @Test("R13: a bundle is tried again as it was, with its identity and bytes")
  func again() async throws {
    let clinic = try await tried(Self.busy)
    try await clinic.advance(by: 600)
    #expect(clinic.email.sent.count == 2)
    #expect(clinic.email.sent[0] == clinic.email.sent[1])
    #expect(try await clinic.query("SELECT DISTINCT state FROM reminder") == ["sent"])
    #expect(try await clinic.messages() == ["sent"])
  }

  @Test("Promise 48: a part cancelled between tries: what is left forms a new message with a new identity")
  func partCancelled() async throws {
    let clinic = try await tried(Self.busy)
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    let left = ["F-2@2026-12-08/1/step/at-eleven"]
    #expect(
      try clinic.call(ShowMessage.self, .init(id: "M-1")).reminders == left, "it is of the waiting bundle no more")
    #expect(try clinic.call(ListMessages.self, .init()).items.map(\.reminders) == [left])
    try await clinic.advance(by: 600)
    #expect(try clinic.call(ShowMessage.self, .init(id: "M-2")).reminders == left)
    #expect(try clinic.call(ShowMessage.self, .init(id: "M-1")).reminders.count == 2, "what was tried is on record")
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
    #expect(try await links(clinic) == ["1:at-eleven at-ten", "2:at-eleven"])
    #expect(Set(clinic.email.identities).count == 2)
    #expect(clinic.email.texts.last?.contains("more than one appointment") == false)
    #expect(try await clinic.reminders("at-ten") == ["cancelled|cancelled"])
  }

  @Test("Promise 48: after doubt a bundle that lost a part is not repeated: staff have what is left")
  func partCancelledInDoubt() async throws {
    let clinic = try await tried(.uncertain(Fault(code: "timeout")))
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(try await clinic.reminders("at-eleven") == ["handed|uncertain-delivery"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-2@2026-12-08"])
  }

  @Test("A part that is parked between tries leaves the bundle, and goes by itself later")
  func partHeld() async throws {
    let clinic = try await tried(Self.busy)
    try clinic.call(AddHold.self, .init(kind: "plan", subject: "at-ten", reason: "works"))
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
    #expect(try await clinic.reminders("at-ten") == ["held|held"])
    try clinic.release("all")
    try await clinic.settle()
    #expect(try await links(clinic) == ["1:at-eleven at-ten", "2:at-eleven", "3:at-ten"])
  }

  @Test("A bundle that contact hours defer is deferred as a whole")
  func outsideHours() async throws {
    let clinic = try await tried(Self.busy)
    try await clinic.edit("UPDATE patient SET hours = '16:00-17:00'")
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.email.sent.count == 2)
    #expect(clinic.email.sent[0] == clinic.email.sent[1])
  }

  @Test("A bundle is tried as long as one of its parts is of use; what is of none any more ends by itself")
  func expiryOfOne() async throws {
    let clinic = try await tried(.retry(after: 1800, Fault(code: "451"))) {
      $0.plans["at-ten"]?.steps[0].useful = .literal("8m")
    }
    try await clinic.advance(by: 480)
    #expect(try await clinic.reminders("at-ten") == ["expired|expired"])
    #expect(try await clinic.reminders("at-eleven") == ["waiting|retry"])
    try await clinic.advance(by: 120)
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
    #expect(try await links(clinic) == ["1:at-eleven at-ten", "2:at-eleven"])
    #expect(try await clinic.tasks() == [])
  }

  @Test("A part that came forward for a bundle that is taken back waits for its own instant again")
  func takenBack() async throws {
    let clinic = try clinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-eleven")
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(try await links(clinic) == ["1:at-eleven at-ten"])
    try clinic.call(AddHold.self, .init(kind: "plan", subject: "at-ten", reason: "works"))
    clinic.email.flow()
    try await clinic.advance(by: 3599)
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.reminders("at-ten") == ["held|held"])
    #expect(try await clinic.reminders("at-eleven") == ["planned"])
    try await clinic.advance(by: 1)
    #expect(try await links(clinic) == ["1:at-eleven at-ten", "2:at-eleven"])
  }

  @Test("In a bundle `ask` wins")
  func askWins() async throws {
    let clinic = try await tried(.uncertain(Fault(code: "timeout"))) { $0.plans["at-eleven"]?.onDoubt = .ask }
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(
      Set(try await clinic.tasks()) == ["uncertain-delivery|F-1@2026-12-08", "uncertain-delivery|F-2@2026-12-08"])
  }

  @Test("A refused bundle goes to the next contact as one")
  func nextContact() async throws {
    let clinic = try clinic()
    try clinic.patient(sms: "+16045550101")
    try clinic.followUp("p1", "2026-12-08 15:00", plan: "at-ten")
    try clinic.followUp("p1", "2026-12-08 16:00", plan: "at-eleven")
    clinic.email.next(.rejected(Fault(code: "550-5.1.1")))
    try await clinic.run()
    try await clinic.advance(to: Self.ten)
    #expect(clinic.sms.sent.count == 1)
    #expect(try await links(clinic) == ["1:at-eleven at-ten", "2:at-eleven at-ten"])
  }

  @Test("R10, R13: in a catch-up what was planned two hours apart at most still leaves together")
  func catchUp() async throws {
    let clinic = try clinic()
    try clinic.patient()
    for (hour, plan) in [(13, "past-noon"), (14, "at-eleven"), (15, "at-ten")] {
      try clinic.followUp("p1", "2026-12-08 \(hour):00", plan: plan)
    }
    clinic.clock.advance(to: try #require(Instant("2026-12-05T22:00:00Z")))
    try await clinic.run()
    #expect(Set(try await links(clinic).map { $0.dropFirst(2) }) == ["at-eleven past-noon", "at-ten"])
  }
}
