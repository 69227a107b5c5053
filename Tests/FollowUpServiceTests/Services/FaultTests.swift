import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// What happens between a claim and its record while the world changes.
@Suite struct FaultTests {
  private func clinic(_ prepare: (SendingClinic) -> Void) async throws -> SendingClinic {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    prepare(clinic)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    return clinic
  }

  @Test("A retry never goes to an address that staff have mended since")
  func mendedAddress() async throws {
    let clinic = try await clinic { $0.email.next(.retry(after: nil, Fault(code: "451"))) }
    try await clinic.edit("UPDATE contact SET address = 'new@example.org', normalised = 'new@example.org'")
    try await clinic.advance(by: 3600)
    #expect(clinic.email.sent.map(\.address) == ["p1@example.org", "new@example.org"])
    #expect(Set(clinic.email.identities).count == 2)
    #expect(try await clinic.messages() == ["cancelled|recomposed", "sent"])
  }

  @Test("R20: what left before a move told the patient the old anchor")
  func toldBeforeMove() async throws {
    let clinic = try await clinic { $0.email.next(nil) }
    try await clinic.edit("UPDATE occurrence SET revision = 2, civil = '2026-12-09T14:30'")
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.settle()
    #expect(
      try await clinic.query("SELECT told_revision, told_civil IS NULL, told_at IS NOT NULL FROM occurrence") == [
        "1|1|1"
      ])
  }

  @Test("What a failed commit may have claimed is let go and sent")
  func lostClaim() async throws {
    let clinic = try await clinic { $0.email.stall() }
    #expect(try await clinic.attempts() == ["claimed"])
    clinic.email.forget()
    clinic.claims.end(1, attempt: 1)
    try await clinic.edit("CREATE TRIGGER broken BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'no'); END")
    try clinic.patient("p2")
    try clinic.followUp("p2")
    try await clinic.settle()
    #expect(clinic.dispatcher.trouble != nil)
    try await clinic.edit("DROP TRIGGER broken")
    try await clinic.advance(by: 60)
    #expect(clinic.dispatcher.trouble == nil)
    #expect(clinic.email.sent.map(\.address).sorted() == ["p1@example.org", "p2@example.org"])
    #expect(try await clinic.attempts().filter { $0 == "claimed" } == [])
  }

  @Test("R6: what was sent is recorded at the stop although the clock is not believed")
  func stopInDisbelief() async throws {
    let clinic = try await clinic { $0.email.next(nil) }
    let due = clinic.clock.now()
    clinic.clock.set(due + 3650 * 86_400)
    try await clinic.settle()
    #expect(!clinic.dispatcher.isClockBelieved)
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    clinic.dispatcher.stop(within: 1)
    #expect(try await clinic.attempts() == ["delivered|250"])
    #expect(try await clinic.query("SELECT finished_at - \(due.seconds) < 60 FROM attempt") == ["1"])
  }

  @Test("From live to trial, what was claimed behind a stalled server goes to no patient")
  func toTrial() async throws {
    let clinic = try await clinic { $0.email.stall() }
    try clinic.reload { $0.delivery.mode = .trial }
    clinic.email.flow()
    try await clinic.advance(by: 60)
    #expect(clinic.email.sent.isEmpty)
    #expect(clinic.trial.sent.count == 1)
  }
}
