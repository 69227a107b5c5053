import FollowUpCore
import FollowUpStore
import Support
import Testing

/// The desk's queries on a real database.
@Suite struct DeskQueryTests {
  private let folder: TemporaryDirectory
  private let store: SQLiteStore
  private let now = Instant(1_795_456_800)

  init() throws {
    folder = try TemporaryDirectory()
    store = try SQLiteStore(StateDirectory(path: folder.path("state")), mode: .trial, now: now)
  }

  private func patient(_ ref: String, _ name: String) throws -> Int64 {
    try store.write { try $0.insert(Patient(ref: ref, name: name, now: now)) }
  }

  @Test("A patient is read back as it was written, and its version rises with each change")
  func roundTrip() throws {
    var patient = Patient(ref: "p1", name: "Øyvind Ångström", now: now)
    patient.calledName = "Øyvind"
    patient.born = CivilDate("1961-04-30")
    patient.language = "nb"
    patient.zone = "Europe/Oslo"
    patient.hours = "10:00-12:00"
    patient.callOnly = true
    patient.id = try store.write { try $0.insert(patient) }
    #expect(try store.read { try $0.patient(ref: "p1") } == patient)
    #expect(try store.read { try $0.patients(named: "ANGSTROM", limit: 5) } == [patient])
    try store.write { try $0.update(patient, now: now + 5) }
    let changed = try #require(try store.read { try $0.patient(id: patient.id) })
    #expect(changed.version == 2)
    #expect(changed.updatedAt == now + 5)
  }

  @Test("R16: the stop list knows an address by its keyed hash, a channel apart, and excepts one patient")
  func stops() throws {
    let (ann, bob) = (try patient("p1", "Ann"), try patient("p2", "Bob"))
    try store.write { (transaction: Transaction) throws -> Void in
      #expect(try transaction.addStop(.stop, channel: "sms", normalised: "+16045550101", source: "stop", now: now))
      #expect(try !transaction.addStop(.stop, channel: "sms", normalised: "+16045550101", source: "stop", now: now))
      #expect(try transaction.stops(channel: "email", normalised: "+16045550101").isEmpty)
      #expect(
        try transaction.exceptFromStop(
          .stop, channel: "sms", normalised: "+16045550101", patient: ann, source: "form", now: now) == 1)
      #expect(try transaction.stops(channel: "sms", normalised: "+16045550101", patient: ann).isEmpty)
      #expect(try transaction.stops(channel: "sms", normalised: "+16045550101", patient: bob).count == 1)
      #expect(try transaction.addStop(.stop, channel: "sms", normalised: "+16045550101", source: "stop", now: now))
      #expect(try transaction.stops(channel: "sms", normalised: "+16045550101", patient: ann).count == 1)
    }
  }

  @Test("What a rehearsal did is gone, and the record does not know of it")
  func rehearsal() throws {
    let id = try store.rehearse { transaction in
      let id = try transaction.insert(Patient(ref: "p1", name: "Ann", now: now))
      try transaction.audit(AuditRecord("AddPatient", SubjectID.patient(id)), by: Actor(uid: 0, staff: "ana"), at: now)
      return id
    }
    #expect(try store.read { try $0.patient(id: id) } == nil)
    #expect(try store.read { try $0.records(of: SubjectID.patient(id), limit: 5) }.isEmpty)
  }

  @Test("A cursor is one that a list gave out, and nothing else")
  func cursors() {
    #expect(Transaction.isCursor("12.7"))
    for text in ["", "12", "a.b", "1.2.3", "1;DROP TABLE patient"] { #expect(!Transaction.isCursor(text)) }
  }

  @Test("An empty database has figures of nothing")
  func figures() throws {
    let figures = try store.read { try $0.figures(dayStart: now, now: now) }
    #expect(figures == Figures())
  }
}
