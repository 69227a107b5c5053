import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

@Suite struct DeceasedTests {
  @Test("R15: it shows the name and what it ends, and asks; agreed to, it ends all of it")
  func ends() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 14:30")
    try clinic.followUp("p1", "2026-12-09 14:30", plan: "surgery")
    try clinic.followUp("p1", "2026-12-10 14:30")
    try clinic.call(MissFollowUps.self, .init(ids: ["F-3"]))
    try clinic.call(RecordAnswer.self, .init(id: "F-2", answer: "call-me"))
    let message = try clinic.claim()
    let before = try await clinic.rows()
    var request = MarkDeceased.Request(who: "p1")
    let preview = try #require(try clinic.call(MarkDeceased.self, request).preview)
    #expect(preview.lines[0].contains("Maria Álvarez"))
    #expect(preview.lines.contains { $0.contains("F-1") && $0.contains("8 Dec 2026") })
    #expect(preview.lines.contains { $0.contains("F-2") })
    #expect(try await clinic.rows() == before)
    #expect(clinic.withdrawing.asked.isEmpty)

    request.confirmed = true
    let reply = try clinic.call(MarkDeceased.self, request)
    #expect(reply.changed)
    #expect(reply.thing.status == "deceased")
    #expect(clinic.withdrawing.asked == [message])
    for id in ["F-1", "F-2"] {
      #expect(try clinic.show(id).occurrences[0].status == "cancelled")
      #expect(try clinic.show(id).status == "ended")
    }
    for id in ["F-1", "F-2", "F-3"] {
      #expect(try clinic.show(id).reminders.allSatisfy { $0.state == "cancelled" }, "\(id)")
    }
    #expect(try clinic.show("F-1").reminders.allSatisfy { $0.reason == "deceased" })
    #expect(try await clinic.query("SELECT state FROM message") == ["cancelled"])
    #expect(try clinic.openTasks().isEmpty)
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'escalation'") == ["0"])
    #expect(try !clinic.call(MarkDeceased.self, request).changed)
  }

  @Test("R15: neither an edit of the status nor an import brings a patient back")
  func stays() throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = MarkDeceased.Request(who: "p1")
    request.confirmed = true
    try clinic.call(MarkDeceased.self, request)
    #expect(controlError { try clinic.call(ActivatePatient.self, .init(who: "p1")) }?.kind == .conflict)
    #expect(controlError { try clinic.call(InactivatePatient.self, .init(who: "p1")) }?.kind == .conflict)
    let upsert = AddPatient.Request(ref: "p1", name: "Maria Álvarez", language: "es", upsert: true)
    #expect(try clinic.call(AddPatient.self, upsert).thing.status == "deceased")
  }

  @Test("An inactive patient's reminders end; active again, what is ahead is planned anew")
  func inactive() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    #expect(try clinic.call(InactivatePatient.self, .init(who: "p1", reason: "moved away")).thing.status == "inactive")
    #expect(try clinic.show("F-1").reminders.allSatisfy { $0.state == "cancelled" && $0.reason == "inactive" })
    #expect(try clinic.show("F-1").occurrences[0].status == "open")
    try clinic.call(ActivatePatient.self, .init(who: "p1"))
    let live = try clinic.show("F-1").reminders.filter { $0.state == "planned" }
    #expect(live.count == 3)
    #expect(try !clinic.call(ActivatePatient.self, .init(who: "p1")).changed)
  }

  @Test("Active again after a step's instant: that step is not sent late")
  func reactivatedLate() throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(InactivatePatient.self, .init(who: "p1"))
    clinic.clock.set(Instant(rfc3339: "2026-12-06T18:00:00Z") ?? .distantPast)
    try clinic.call(ActivatePatient.self, .init(who: "p1"))
    let reminders = try clinic.show("F-1").reminders
    #expect(reminders.map(\.state) == ["cancelled", "planned", "planned"])
    #expect(reminders.allSatisfy { $0.revision == 1 })
  }
}

@Suite struct StopTests {
  @Test("R16: a stop binds the address wherever it appears, now and later, but no other channel")
  func binds() async throws {
    let clinic = try Clinic()
    try clinic.patient("p1", email: "home@example.org", sms: "604 555 0101")
    try clinic.patient("p2", email: "Home@Example.org")
    let reply = try clinic.call(Stop.self, .init(target: "HOME@example.org"))
    #expect(reply.changed == 1)
    #expect(reply.items.map(\.patient) == ["p1", "p2"])
    #expect(reply.items.allSatisfy { $0.consent == "stopped" })
    #expect(try clinic.call(ListContacts.self, .init(who: "p1")).items.map(\.consent) == ["stopped", "granted"])
    let later = try clinic.call(
      AddPatient.self,
      .init(ref: "p3", name: "C", contacts: [ContactInput(channel: "email", address: "home@example.org")]))
    #expect(later.thing.contacts[0].consent == "stopped")
    #expect(later.warnings.contains { $0.contains("stop list") })
    #expect(try clinic.call(Stop.self, .init(target: "home@example.org")).changed == 0)
    let stored = try await clinic.query("SELECT channel, length(address_hash) FROM stop")
    #expect(stored == ["email|32"])
  }

  @Test("R16: an explicit consent lifts it for that patient only; a later stop binds them again")
  func lifts() throws {
    let clinic = try Clinic()
    try clinic.patient("p1", email: "home@example.org")
    try clinic.patient("p2", email: "home@example.org")
    try clinic.call(Stop.self, .init(target: "home@example.org"))
    let reply = try clinic.call(
      SetConsent.self, .init(who: "p1", channel: "email", consent: "granted", source: "form"))
    #expect(reply.changed == 1)
    #expect(reply.items.map(\.consentSource) == ["form"])
    func bound(_ ref: String) throws -> Bool {
      try clinic.store.read { transaction in
        let patient = try #require(try transaction.patient(ref: ref))
        return try !transaction.stops(channel: "email", normalised: "home@example.org", patient: patient.id).isEmpty
      }
    }
    #expect(try !bound("p1"))
    #expect(try bound("p2"))
    #expect(try clinic.call(SetConsent.self, .init(who: "p1", channel: "email", consent: "granted")).changed == 0)
    #expect(try clinic.call(Stop.self, .init(target: "p1")).changed == 1)
    #expect(try bound("p1"))
  }

  @Test("R16: those with an open urgent or soon occurrence get a task, and claims to the address are withdrawn")
  func tasks() throws {
    let clinic = try Clinic()
    try clinic.patient("p1")
    try clinic.patient("p2")
    try clinic.followUp("p1", plan: "surgery")
    try clinic.followUp("p2")
    let message = try clinic.claim("p1")
    try clinic.call(Stop.self, .init(target: "p1"))
    try clinic.call(Stop.self, .init(target: "p2"))
    let tasks = try clinic.openTasks()
    #expect(tasks.map(\.reason) == [.stopped])
    #expect(tasks.map(\.subject) == ["F-1@2026-12-08"])
    #expect(clinic.withdrawing.asked == [message])
    #expect(try clinic.show("F-1").reminders.allSatisfy { $0.state == "planned" }, "clearance decides, with the task")
  }

  @Test("R16: a wrong address is marked for all who have it, somebody finds the right one, ok lifts it for one")
  func wrong() async throws {
    let clinic = try Clinic()
    try clinic.patient("p1", sms: "604 555 0101")
    try clinic.patient("p2", sms: "604 555 0101")
    let reply = try clinic.call(MarkAddressWrong.self, .init(address: "604-555-0101"))
    #expect(reply.items.map(\.state) == ["wrong", "wrong"])
    #expect(try clinic.openTasks().map(\.reason) == [.wrongNumber, .wrongNumber])
    let task = try #require(try clinic.call(Show.self, .init(id: "T-1")).task)
    #expect(task.patient != nil && task.patient?.phone == nil, "nobody is to call it")
    let before = try await clinic.rows()
    #expect(try clinic.call(MarkAddressWrong.self, .init(address: "604-555-0101")).changed == 0)
    #expect(try await clinic.rows() == before, "what is marked already is not recorded again")
    let ok = try clinic.call(MarkContactOk.self, .init(who: "p1", address: "604 555 0101"))
    #expect(ok.changed)
    #expect(ok.thing.state == "ok")
    #expect(try clinic.call(ListContacts.self, .init(who: "p2")).items[1].state == "wrong")
    #expect(try !clinic.call(MarkContactOk.self, .init(who: "p1", address: "604 555 0101")).changed)
  }
}
