import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// What whoever adds a follow-up is told of what will be sent.
@Suite struct ToldTests {
  @Test("R5, R10: of a series that began long ago what is sent first is for its next date, and said to be due now")
  func longAgo() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    let reply = try clinic.call(
      AddFollowUp.self,
      .init(who: "p1", when: "2016-03-14 14:30", repeat: "FREQ=WEEKLY;INTERVAL=2", allowPast: true))
    #expect(
      reply.said.hasSuffix(
        "; 1 reminder, the first due now by email; every 2 weeks on Monday; next: Mon 23 Nov 2026"), "\(reply.said)")
    try await clinic.run()
    #expect(clinic.email.sent.count == 1)
  }

  @Test("A visit in the past that does not repeat has no reminders, and needs no address")
  func past() throws {
    let clinic = try Clinic()
    try clinic.patient()
    let reply = try clinic.call(AddFollowUp.self, .init(who: "p1", when: "2016-03-14 14:30", allowPast: true))
    #expect(reply.said.hasSuffix("; no reminders"))
    #expect(reply.warnings.isEmpty)
  }

  @Test(
    "R12, R16: of an address that was stopped it is told what becomes of it: routine ends, the rest is a task",
    arguments: [
      ("visit", "p1 wants no messages, and this is routine: nothing is sent, and nobody gets a task"),
      ("surgery", "p1 has no address that a message may go to; staff get a task instead"),
    ])
  func stopped(plan: String, warning: String) throws {
    let clinic = try Clinic()
    try clinic.patient()
    var stop = Stop.Request(target: "p1")
    stop.confirmed = true
    try clinic.call(Stop.self, stop)
    let reply = try clinic.call(AddFollowUp.self, .init(who: "p1", when: "2026-12-08 14:30", plan: plan))
    #expect(reply.warnings == [warning])
    #expect(!reply.said.contains(" by email"))
  }

  @Test("Without consent, or with an address of no channel that is served, staff get a task and are told so")
  func unserved() throws {
    let clinic = try Clinic { $0.channels["sms"] = nil }
    for (ref, channel, address, consent) in [
      ("p1", "email", "p1@example.org", "unknown"), ("p2", "sms", "604 555 0142", "staff"),
    ] {
      let contact = ContactInput(channel: channel, address: address, consent: consent)
      try clinic.call(AddPatient.self, .init(ref: ref, name: "Maria Álvarez", contacts: [contact]))
      let reply = try clinic.call(AddFollowUp.self, .init(who: ref, when: "2026-12-08 14:30"))
      #expect(reply.warnings == ["\(ref) has no address that a message may go to; staff get a task instead"])
      #expect(!reply.said.contains(" by "), "\(reply.said)")
    }
  }
}
