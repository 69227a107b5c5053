import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// When a contact counts as bounced, and who hears of it (`delivery.md`, Retry).
@Suite struct BounceTests {
  private func due(
    sms: String? = nil, _ outcomes: Outcome..., adjust: (inout Settings) -> Void = { _ in }
  ) async throws -> SendingClinic {
    let clinic = try SendingClinic(adjust)
    try clinic.patient(sms: sms)
    try clinic.followUp()
    for outcome in outcomes { clinic.email.next(outcome) }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    return clinic
  }

  private static let gone = Outcome.rejected(Fault(code: "550-5.1.1"))
  private static let disabled = Outcome.rejected(Fault(code: "550-5.2.1"))
  private static let policy = Outcome.rejected(Fault(code: "550-5.7.1", concernsAddress: false))

  @Test("A 5.1.1 makes a contact bounced at once, and staff are told although another address takes over")
  func tellsStaff() async throws {
    let clinic = try await due(sms: "+16045550101", Self.gone)
    #expect(try await clinic.query("SELECT state FROM contact ORDER BY id") == ["bounced", "ok"])
    #expect(try await clinic.reminders("three-days") == ["sent"])
    #expect(try await clinic.tasks() == ["bounced|P:1"])
    #expect(
      try await clinic.query("SELECT priority, owner, patient_id, occurrence_id, tried FROM task")
        == [#"2|role:nurse|1||["email: 550-5.1.1"]"#])
    let told = clinic.log.all.filter { $0.contains("not written to any more") }
    #expect(told.count == 1)
    #expect(told.allSatisfy { $0.contains("550-5.1.1") && $0.contains("T-1") && !$0.contains("@") })
  }

  @Test("Without another address there is still one task, whatever else of the patient fails there")
  func oneTask() async throws {
    let clinic = try await due(Self.gone)
    #expect(try await clinic.tasks() == ["bounced|P:1"])
    try clinic.followUp("p1", "2026-12-09 09:00")
    try await clinic.advance(to: "2026-12-08T22:00:00Z")
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.tasks() == ["bounced|P:1"])
    #expect(try await clinic.query("SELECT count(*) FROM task WHERE reason = 'bounced'") == ["1"])
  }

  @Test("Another refusal of the address counts from the second day on, not from the second message")
  func secondDay() async throws {
    let clinic = try await due(sms: "+16045550101", Self.disabled)
    try clinic.followUp("p1", "2026-12-08 16:30")
    clinic.email.next(Self.disabled, Self.disabled)
    try await clinic.advance(by: 3600)
    #expect(try await clinic.query("SELECT state FROM contact WHERE channel = 'email'") == ["ok"])
    #expect(try await clinic.tasks() == [])
    try await clinic.advance(to: SendingClinic.secondDue)
    #expect(try await clinic.query("SELECT state FROM contact WHERE channel = 'email'") == ["bounced"])
    #expect(try await clinic.tasks() == ["bounced|P:1"])
  }

  @Test("A refusal for policy or content never makes a contact bounced, however often it comes")
  func policy() async throws {
    let clinic = try await due(sms: "+16045550101", Self.policy)
    clinic.email.always(Self.policy)
    try await clinic.advance(to: SendingClinic.secondDue)
    #expect(clinic.email.sent.count == 2)
    #expect(try await clinic.query("SELECT state, bounced_on FROM contact WHERE channel = 'email'") == ["ok|"])
    #expect(try await clinic.reminders("day-before") == ["sent"])
    #expect(try await clinic.tasks() == [])
  }

  @Test("After doubt a refusal of the address is told too, and the ladder does not advance")
  func afterDoubt() async throws {
    let clinic = try await due(sms: "+16045550101", .uncertain(Fault(code: "timeout")), Self.gone)
    try await clinic.advance(by: 600)
    #expect(try await clinic.messages() == ["doubtful"])
    #expect(clinic.sms.sent.isEmpty)
    #expect(try await clinic.tasks().sorted() == ["bounced|P:1", "uncertain-delivery|F-1@2026-12-08"])
  }

  @Test("R14: the task closes once the address is mended, works again, or is removed where another is left")
  func closes() async throws {
    for way in ["edit", "ok", "remove"] {
      let clinic = try await due(sms: "+16045550101", Self.gone)
      switch way {
      case "edit": try clinic.call(EditContact.self, .init(who: "p1", contact: "email", address: "maria@example.org"))
      case "ok": try clinic.call(MarkContactOk.self, .init(who: "p1", address: "email"))
      default: try clinic.call(RemoveContact.self, .init(who: "p1", contact: "email"))
      }
      #expect(try await clinic.tasks() == [], "\(way)")
      #expect(try await clinic.query("SELECT state FROM task") == ["closed"], "\(way)")
    }
  }

  @Test("Removing the last address leaves the task: there is nobody to write to")
  func removedAlone() async throws {
    let clinic = try await due(Self.gone)
    try clinic.call(RemoveContact.self, .init(who: "p1", contact: "email"))
    #expect(try await clinic.tasks() == ["bounced|P:1"])
  }

  @Test("Promise 31: a mailbox that mail cannot carry is passed over for the next contact; alone it is a task at once")
  func needsUTF8() async throws {
    for sms in [nil, "+16045550101"] {
      let clinic = try SendingClinic()
      var contacts = [ContactInput(channel: "email", address: "müller@example.org")]
      if let sms { contacts.append(ContactInput(channel: "sms", address: sms)) }
      let reply = try clinic.call(AddPatient.self, .init(ref: "p1", name: "Jo Müller", contacts: contacts))
      #expect(reply.warnings.count == 1)
      #expect(reply.warnings.allSatisfy { $0.contains("mail cannot carry") && !$0.contains("müller") })
      try clinic.followUp()
      try await clinic.run()
      try await clinic.advance(to: SendingClinic.firstDue)
      #expect(clinic.email.sent.isEmpty)
      #expect(clinic.sms.sent.count == (sms == nil ? 0 : 1))
      #expect(try await clinic.reminders("three-days") == [sms == nil ? "handed|no-contact" : "sent"])
      #expect(try await clinic.tasks() == (sms == nil ? ["no-contact|P:1"] : []))
    }
  }

  @Test("Only a visit that is still expected goes into a patient's calendar")
  func calendar() async throws {
    let clinic = try SendingClinic { settings in
      settings.plans["visit"]?.calendar = true
    }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.secondDue)
    try await clinic.advance(to: "2026-12-08T23:00:00Z")
    try clinic.call(MissFollowUps.self, .init(ids: ["F-1"]))
    try await clinic.advance(to: "2026-12-09T18:30:00Z")
    #expect(clinic.email.drafts.map { $0.calendar != nil } == [true, true, false])
    #expect(clinic.email.drafts.first?.calendar?.sequence == 1)
  }
}
