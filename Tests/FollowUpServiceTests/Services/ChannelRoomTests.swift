import FollowUpControl
import FollowUpCore
import Support
import Testing

@testable import FollowUpService

/// What waits for its channel, and what does not have to (R11, R17).
@Suite struct ChannelRoomTests {
  /// Adds copies of the first follow-up, each of a patient of its own, numbered from 11; the later one, the sooner it expires.
  private func copies(_ count: Int, in clinic: SendingClinic) async throws {
    try await clinic.edit(
      """
      WITH RECURSIVE n(i) AS (SELECT 11 UNION ALL SELECT i + 1 FROM n WHERE i < \(count + 10))
      INSERT INTO patient (id, ref, name, name_folded, call_only, status, created_at, updated_at)
        SELECT i, 'n' || i, 'N', 'n', 0, 'active', 0, 0 FROM n;
      INSERT INTO contact (patient_id, channel, address, normalised, rank, consent, consent_at, created_at, updated_at)
        SELECT id, 'email', ref || '@example.org', ref || '@example.org', 1, 'granted', 0, 0, 0 FROM patient WHERE id > 10;
      INSERT INTO follow_up (id, patient_id, plan, priority, owner, civil, zone, created_at, updated_at)
        SELECT patient.id, patient.id, plan, priority, owner, civil, f.zone, 0, 0 FROM patient JOIN follow_up f ON f.id = 1
        WHERE patient.id > 10;
      INSERT INTO occurrence (id, follow_up_id, key, civil, zone, anchor_at, created_at, updated_at)
        SELECT patient.id, patient.id, o.key, o.civil, o.zone, o.anchor_at, 0, 0 FROM patient JOIN occurrence o ON o.id = 1
        WHERE patient.id > 10;
      INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
        expires_at, wake_at, state, updated_at)
        SELECT patient.id, 1, 'step', r.step, r.plan_version_id, r.priority, r.intended_at, r.planned_at,
          r.expires_at - patient.id, r.wake_at, 'planned', 0
        FROM patient JOIN reminder r ON r.occurrence_id = 1 AND r.step = 'three-days' WHERE patient.id > 10;
      """)
  }

  @Test("A channel without a rate whose peer is slow keeps no other from sending, and goes on in triage order")
  func slowPeer() async throws {
    let clinic = try SendingClinic {
      $0.channels["email"]?.perMinute = 0
      $0.channels["sms"]?.perMinute = 0
      $0.delivery.backlogLimit = 10_000
    }
    try clinic.patient()
    try clinic.followUp()
    try clinic.call(
      AddPatient.self, .init(ref: "s", name: "S", contacts: [.init(channel: "sms", address: "+16045550101")]))
    try clinic.followUp("s", "2026-12-08 15:00")
    try await copies(2100, in: clinic)
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    for _ in 0..<4 { try await clinic.settle() }
    #expect(clinic.sms.sent.map(\.address) == ["+16045550101"])
    #expect(clinic.email.sent.count == 1000)
    for _ in 0..<4 {
      clinic.email.end(.delivered(code: "250", gatewayID: nil))
      for _ in 0..<4 { try await clinic.settle() }
    }
    #expect(
      clinic.email.sent.map(\.address) == (11...2110).reversed().map { "n\($0)@example.org" } + ["p1@example.org"])
  }

  @Test("R11: what waits for its channel's pace is looked at about when its turn comes, not all of it all the time")
  func turns() async throws {
    let clinic = try SendingClinic {
      $0.channels["email"]?.perMinute = 2
      $0.delivery.backlogLimit = 10_000
    }
    try clinic.patient()
    try clinic.followUp()
    try await copies(99, in: clinic)
    try await clinic.edit(
      """
      CREATE TABLE written (id INTEGER);
      CREATE TRIGGER writes AFTER UPDATE OF wake_at ON reminder WHEN new.state = 'deferred' BEGIN
        INSERT INTO written VALUES (new.id);
      END
      """)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 50 * 60)
    #expect(clinic.email.sent.count == 100)
    #expect(clinic.email.sent.map(\.address) == (11...109).reversed().map { "n\($0)@example.org" } + ["p1@example.org"])
    let written = try #require(Int(try await clinic.query("SELECT count(*) FROM written")[0]))
    #expect(written < 1000, "every 30 seconds it would be some 5000")
  }
}
