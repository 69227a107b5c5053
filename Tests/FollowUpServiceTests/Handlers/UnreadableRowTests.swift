import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Support
import Testing

@testable import FollowUpService

/// One value of a row that means nothing, written by an editor that is not ours.
struct Damage: Sendable, CustomTestStringConvertible {
  var table: String
  var column: String
  var value: String

  init(_ table: String, _ column: String, _ value: String) {
    (self.table, self.column, self.value) = (table, column, value)
  }

  /// Of the first row, which is what F-1 hangs on.
  var sql: String { "UPDATE \(table) SET \(column) = '\(value)' WHERE id = 1" }
  var testDescription: String { "\(table).\(column)" }

  static let all = [
    Damage("follow_up", "civil", "2026-02-30T10:00"), Damage("follow_up", "owner", "nobody"),
    Damage("follow_up", "next_date", "2026-02-30"), Damage("follow_up", "last_date", "soon"),
    Damage("follow_up", "rule", "FREQ=NEVER"), Damage("follow_up", "zone", "Mars/Base"),
    Damage("occurrence", "civil", "2026-02-30T10:00"), Damage("occurrence", "zone", "Mars/Base"),
    Damage("occurrence", "told_civil", "yesterday"), Damage("occurrence", "told_zone", "X/Y"),
    Damage("occurrence", "key", "2026-02-30"), Damage("occurrence", "anchor_at", "9223372036854775807"),
    Damage("patient", "born", "1961-02-30"), Damage("patient", "zone", "Mars/Base"),
    Damage("patient", "hours", "always"), Damage("reminder", "reason", "because"),
    Damage("plan_version", "definition", "{"),
  ]

  /// Those that are noticed when the row is read.
  static let noticed = all.filter {
    ["civil", "owner", "next_date", "last_date", "told_civil", "born", "reason"].contains($0.column)
  }
}

/// Promise 33: one row that means nothing affects nothing else, and staff can always end what must end.
@Suite struct UnreadableRowTests {
  /// F-1, a series of `p1`, has the damaged rows; F-2 is another visit of the same patient, F-3 another patient's.
  private func clinic(_ damage: Damage) async throws -> Clinic {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.series()
    try clinic.followUp("p1", "2026-12-09 14:30", plan: "surgery")
    try clinic.patient("p2")
    try clinic.followUp("p2", "2026-12-10 14:30")
    try await clinic.edit(damage.sql)
    return clinic
  }

  @Test("Promise 33: everything else is listed and shown, and as much of the row as can be read", arguments: Damage.all)
  func lists(_ damage: Damage) async throws {
    let clinic = try await clinic(damage)
    #expect(try clinic.call(ListFollowUps.self, .init()).items.map(\.id).sorted() == ["F-1", "F-2", "F-3"])
    #expect(try clinic.call(ListPatients.self, .init()).items.map(\.ref).sorted() == ["p1", "p2"])
    #expect(try clinic.call(ListUpcoming.self, .init(limit: 500)).items.count > 6)
    #expect(try !clinic.call(Explain.self, .init(subject: "p1")).items.isEmpty)
    #expect(try clinic.show("F-1").patient == "p1")
    #expect(try clinic.call(ShowPatient.self, .init(who: "p1")).ref == "p1")
    #expect(try clinic.call(GetStatus.self, .init()).followUps.active == 3)
  }

  @Test(
    "Promise 33: who lists is told which row it is, and so is the journal, by its number", arguments: Damage.noticed)
  func told(_ damage: Damage) async throws {
    let clinic = try await clinic(damage)
    let row = "\(damage.table)[1].\(damage.column)"
    let warnings = [
      try clinic.call(ListFollowUps.self, .init()).warnings, try clinic.call(ListPatients.self, .init()).warnings,
    ].compactMap(\.self).joined()
    #expect(warnings.contains { $0.contains(row) }, "\(warnings)")
    #expect(clinic.service.unreadable.contains { $0.hasSuffix(row) })
    #expect(!clinic.service.unreadable.contains { $0.contains(damage.value) })
  }

  @Test("R15: a death is recorded whatever cannot be read, and ends everything", arguments: Damage.all)
  func deceased(_ damage: Damage) async throws {
    let clinic = try await clinic(damage)
    var request = MarkDeceased.Request(who: "p1")
    #expect(try clinic.call(MarkDeceased.self, request).preview?.lines.contains { $0.contains("F-2") } == true)
    request.confirmed = true
    #expect(try clinic.call(MarkDeceased.self, request).thing.status == "deceased")
    #expect(
      try await clinic.query(
        "SELECT DISTINCT o.status FROM occurrence o JOIN follow_up f ON f.id = follow_up_id WHERE patient_id = 1")
        == ["cancelled"])
    #expect(
      try await clinic.query(
        """
        SELECT DISTINCT r.state FROM reminder r JOIN occurrence o ON o.id = occurrence_id JOIN follow_up f
          ON f.id = follow_up_id WHERE patient_id = 1
        """) == ["cancelled"])
    #expect(
      try await clinic.query("SELECT status, next_date FROM follow_up WHERE patient_id = 1") == ["ended|", "ended|"])
    #expect(try await clinic.query("SELECT count(*) FROM deadline WHERE kind = 'horizon'") == ["0"])
  }

  @Test("A date, and a series, is cancelled whatever of it cannot be read", arguments: Damage.all)
  func cancel(_ damage: Damage) async throws {
    let clinic = try await clinic(damage)
    #expect(try clinic.cancel("F-1", nil).changed == 1)
    #expect(try await clinic.query("SELECT count(*) FROM occurrence WHERE status = 'cancelled'") == ["1"])
    #expect(try clinic.cancel("F-1", "series").changed > 1)
    #expect(
      try await clinic.query("SELECT DISTINCT status FROM occurrence WHERE follow_up_id = 1") == ["cancelled"])
    #expect(try await clinic.query("SELECT status, next_date FROM follow_up WHERE id = 1") == ["ended|"])
    #expect(
      try await clinic.query(
        """
        SELECT o.key, r.kind, r.step, r.state FROM reminder r JOIN occurrence o ON o.id = occurrence_id
        WHERE follow_up_id = 1 AND r.state IN ('planned', 'deferred', 'held')
        """) == [])
    #expect(try clinic.cancel("F-2", nil).changed == 1)
  }

  @Test("Stop, consent, an answer, an end and a note work whatever else cannot be read", arguments: Damage.all)
  func acts(_ damage: Damage) async throws {
    let clinic = try await clinic(damage)
    #expect(try clinic.call(EditFollowUp.self, .init(id: "F-1", note: "call her son")).changed)
    #expect(try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes")).changed)
    #expect(try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"])).changed == 1)
    #expect(try clinic.call(Stop.self, .init(target: "p1")).changed == 1)
    #expect(try clinic.call(SetConsent.self, .init(who: "p1", channel: "email", consent: "granted")).changed == 1)
    #expect(try clinic.call(MarkAddressWrong.self, .init(address: "p1@example.org")).changed == 1)
    #expect(try clinic.call(InactivatePatient.self, .init(who: "p1")).preview != nil)
    var request = InactivatePatient.Request(who: "p1")
    request.confirmed = true
    #expect(try clinic.call(InactivatePatient.self, request).changed)
    #expect(try clinic.call(ActivatePatient.self, .init(who: "p1")).changed)
  }

  @Test("What cannot be read stays as it is stored, until staff give another value")
  func kept() async throws {
    let clinic = try await clinic(Damage("occurrence", "civil", "2026-02-30T10:00"))
    try await clinic.edit("UPDATE follow_up SET owner = 'nobody', last_date = 'soon' WHERE id = 1")
    try clinic.call(EditFollowUp.self, .init(id: "F-1", note: "call her son"))
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "yes"))
    #expect(try await clinic.query("SELECT civil FROM occurrence WHERE id = 1") == ["2026-02-30T10:00"])
    #expect(
      try await clinic.query("SELECT owner, last_date, note FROM follow_up WHERE id = 1") == [
        "nobody|soon|call her son"
      ])
    #expect(try clinic.show("F-1").due == "2026-02-30T10:00")
    #expect(try clinic.show("F-1").owner == "nobody")
    try clinic.call(MoveFollowUp.self, .init(id: "F-1", when: "2026-12-08 14:30"))
    #expect(try await clinic.query("SELECT civil FROM occurrence WHERE id = 1") == ["2026-12-08T14:30"])
    try clinic.call(EditFollowUp.self, .init(id: "F-1", owner: "role:nurse"))
    #expect(try clinic.show("F-1").owner == "role:nurse")
  }

  @Test("A rule whose dates cannot be read is not edited: who tries is told which row it is")
  func refused() async throws {
    let clinic = try await clinic(Damage("follow_up", "civil", "2026-02-30T10:00"))
    let before = try await clinic.rows()
    let error = controlError { try clinic.edit("F-1", "FREQ=DAILY") }
    #expect(error?.kind == .internal)
    #expect(error?.what == "F-1")
    #expect(error?.why.contains("follow_up[1].civil") == true)
    #expect(try await clinic.rows() == before)
  }

  @Test("A rule that means nothing is mended by another")
  func mended() async throws {
    let clinic = try await clinic(Damage("follow_up", "rule", "FREQ=WEEKLY;INTERVAL=0"))
    #expect(try clinic.edit("F-1", "FREQ=WEEKLY").changed)
    #expect(try await clinic.query("SELECT rule FROM follow_up WHERE id = 1") == ["FREQ=WEEKLY"])
    #expect(try clinic.show("F-1").occurrences.count > 1)
  }

  @Test("A page of a list ends where it would if all could be read")
  func pages() async throws {
    let clinic = try await clinic(Damage("follow_up", "civil", "2026-02-30T10:00"))
    let first = try clinic.call(ListFollowUps.self, .init(limit: 2))
    #expect(first.items.map(\.id) == ["F-1", "F-2"])
    #expect(try clinic.call(ListFollowUps.self, .init(limit: 2, after: first.next)).items.map(\.id) == ["F-3"])
  }
}
