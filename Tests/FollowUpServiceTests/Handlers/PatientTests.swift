import FollowUpControl
import FollowUpCore
import FollowUpStore
import Testing

@testable import FollowUpService

@Suite struct PatientTests {
  @Test("A patient is added with contacts in their order, normalised, with consent by staff")
  func add() async throws {
    let clinic = try Clinic()
    let request = AddPatient.Request(
      ref: "p1", name: "Jose\u{301} Núñez", calledName: "José", born: "1961-04-30",
      contacts: [
        ContactInput(channel: "sms", address: "604 555 0123"),
        ContactInput(channel: "email", address: "Jose@Example.org"),
        ContactInput(channel: "phone", address: "604 555 0124", consent: "unknown"),
      ], language: "fr-CA", zone: "America/New_York", hours: "10:00-16:00", callOnly: false)
    let reply = try clinic.call(AddPatient.self, request)
    #expect(reply.changed)
    #expect(reply.thing.name == "José Núñez", "NFC")
    #expect(reply.thing.contacts.map(\.channel) == ["sms", "email", "phone"])
    #expect(reply.thing.contacts.map(\.rank) == [1, 2, 3])
    #expect(reply.thing.contacts.map(\.consent) == ["granted", "granted", "unknown"])
    #expect(reply.thing.contacts.map(\.consentSource) == ["staff", "staff", nil])
    #expect(reply.thing.contacts[0].address == "604 555 0123", "as typed")
    #expect(
      try await clinic.query("SELECT normalised FROM contact ORDER BY id")
        == ["+16045550123", "jose@example.org", "+16045550124"])
    let record = try await clinic.query("SELECT verb, subject, fields FROM audit")
    #expect(record.count == 1)
    #expect(!record[0].contains("555") && !record[0].lowercased().contains("jos"), "R21: names of fields only")
    #expect(try clinic.store.firstAuditMisfit() == nil)
  }

  @Test("A duplicate ref names the existing one; --upsert changes it, and only once")
  func upsert() throws {
    let clinic = try Clinic()
    try clinic.patient()
    var request = AddPatient.Request(
      ref: "p1", name: "Maria Alvarez-Smith", contacts: [ContactInput(channel: "sms", address: "+16045550199")])
    let error = try #require(controlError { try clinic.call(AddPatient.self, request) })
    #expect(error.kind == .duplicate)
    #expect(error.kind.exitCode == 79)
    #expect(error.existing == "p1")
    #expect(!"\(error)".contains("lvarez"), "an error never names a patient")
    request.upsert = true
    let reply = try clinic.call(AddPatient.self, request)
    #expect(reply.changed)
    #expect(reply.thing.name == "Maria Alvarez-Smith")
    #expect(reply.thing.contacts.map(\.channel) == ["email", "sms"])
    #expect(reply.thing.contacts.map(\.rank) == [1, 2])
    #expect(reply.thing.version == 2)
    let again = try clinic.call(AddPatient.self, request)
    #expect(!again.changed)
    #expect(again.thing.version == 2)
  }

  @Test(
    "WHO is a ref, part of a name without case or accents, a phone or an e-mail",
    arguments: ["p1", "alvarez", "MARIA", "ía álv", "604-555-0101", "+1 604 555 0101", "P1@Example.org"])
  func who(_ text: String) throws {
    let clinic = try Clinic()
    try clinic.patient("p1", name: "María Álvarez", sms: "604 555 0101")
    try clinic.patient("p2", name: "Joan Baker", sms: "604 555 0102")
    #expect(try clinic.call(ShowPatient.self, .init(who: text)).ref == "p1")
  }

  @Test("Several who match are candidates with their refs; none is not-found with a hint")
  func ambiguous() throws {
    let clinic = try Clinic()
    try clinic.patient("p1", name: "Ann Baker")
    try clinic.patient("p2", name: "Anna Baker")
    let error = try #require(controlError { try clinic.call(ShowPatient.self, .init(who: "baker")) })
    #expect(error.kind == .ambiguous)
    #expect(error.kind.exitCode == 65)
    #expect(error.candidates == [Candidate(id: "p1", text: "Ann Baker"), Candidate(id: "p2", text: "Anna Baker")])
    let none = try #require(controlError { try clinic.call(ShowPatient.self, .init(who: "zoe")) })
    #expect(none.kind == .notFound)
    #expect(none.kind.exitCode == 66)
    #expect(!none.hint.isEmpty)
  }

  @Test("An edit changes what is given, clears what is empty, and is a change once")
  func edit() throws {
    let clinic = try Clinic()
    try clinic.patient()
    let request = EditPatient.Request(who: "p1", calledName: "Mari", language: "es", hours: "mon-fri 9:00-12:00")
    let reply = try clinic.call(EditPatient.self, request)
    #expect(reply.thing.calledName == "Mari")
    #expect(reply.thing.hours == "mon-fri 09:00-12:00")
    #expect(reply.thing.version == 2)
    #expect(try !clinic.call(EditPatient.self, request).changed)
    #expect(try clinic.call(EditPatient.self, .init(who: "p1", calledName: "")).thing.calledName == nil)
  }

  @Test("R7: new contact hours plan what is ahead anew, and send nothing past")
  func editHours() throws {
    let clinic = try Clinic()
    try clinic.patient()
    let before = try clinic.followUp()
    try clinic.call(EditPatient.self, .init(who: "p1", hours: "15:00-16:00"))
    let after = try clinic.show(before.id)
    #expect(after.occurrences[0].revision == 1, "the anchor is the same")
    #expect(after.reminders.map(\.id) == before.reminders.map(\.id))
    #expect(after.reminders.allSatisfy { $0.state == "planned" })
    #expect(after.reminders.map(\.plannedAt) != before.reminders.map(\.plannedAt))
  }

  @Test("Contacts are added, edited, removed and listed by rank")
  func contacts() throws {
    let clinic = try Clinic()
    try clinic.patient()
    let added = try clinic.call(
      AddContact.self,
      .init(who: "p1", channel: "sms", address: "604 555 0123", person: "daughter Mai", consent: "form"))
    #expect(added.thing.rank == 2)
    #expect(added.thing.person == "daughter Mai")
    #expect(added.thing.consentSource == "form")
    #expect(
      controlError { try clinic.call(AddContact.self, .init(who: "p1", channel: "sms", address: "+16045550123")) }?.kind
        == .duplicate)
    let edited = try clinic.call(EditContact.self, .init(who: "p1", contact: "sms", address: "604 555 0125", rank: 1))
    #expect(edited.thing.address == "604 555 0125")
    let removed = try clinic.call(RemoveContact.self, .init(who: "p1", contact: "p1@example.org"))
    #expect(removed.changed)
    let left = try clinic.call(ListContacts.self, .init(who: "p1"))
    #expect(left.items.map(\.channel) == ["sms"])
    #expect(left.total == 1)
  }

  @Test("A dry run says what it would do and changes nothing")
  func dryRun() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    let before = try await clinic.rows()
    var add = AddPatient.Request(ref: "p2", name: "New")
    add.dryRun = true
    let reply = try clinic.call(AddPatient.self, add)
    #expect(!reply.changed)
    #expect(reply.preview != nil)
    #expect(reply.thing.ref == "p2")
    var followUp = AddFollowUp.Request(who: "p1", when: "2026-12-08 14:30")
    followUp.dryRun = true
    #expect(try clinic.call(AddFollowUp.self, followUp).thing.reminders.count == 3)
    var stop = Stop.Request(target: "p1")
    stop.dryRun = true
    #expect(try clinic.call(Stop.self, stop).changed == 0)
    #expect(try await clinic.rows() == before)
  }

  @Test("Pages of patients go by name, each once")
  func pages() throws {
    let clinic = try Clinic()
    for number in 0..<7 { try clinic.patient("p\(number)", name: "Name \(6 - number)") }
    var seen: [String] = []
    var next: String?
    repeat {
      let page = try clinic.call(ListPatients.self, .init(limit: 3, after: next))
      #expect(page.total == 7)
      seen += page.items.map(\.ref)
      next = page.next
    } while next != nil
    #expect(seen == (0..<7).reversed().map { "p\($0)" })
  }
}
