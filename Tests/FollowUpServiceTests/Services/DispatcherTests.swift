import Dispatch
import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Support
import Synchronization
import Testing

@testable import FollowUpService

/// Due rows to claims to the adapter to the record (`architecture.md`, The way of the data).
@Suite struct DispatcherTests {
  @Test("A reminder leaves at its minute, and not a second before")
  func atItsMinute() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    #expect(clinic.clock.armedFor == Instant(SendingClinic.firstDue))
    try await clinic.advance(to: "2026-12-05T16:59:59Z")
    #expect(clinic.email.sent.isEmpty)
    try await clinic.advance(by: 1)
    #expect(clinic.email.sent.map(\.address) == ["p1@example.org"])
    #expect(try await clinic.reminders("three-days") == ["sent"])
    #expect(try await clinic.messages() == ["sent"])
    #expect(try await clinic.attempts() == ["delivered|250"])
    #expect(try await clinic.query("SELECT told_civil, told_revision FROM occurrence") == ["2026-12-08T14:30|1"])
    #expect(clinic.claims.inFlight().isEmpty)
  }

  @Test("The timer is armed for what a command planned, without any other wake")
  func armedByCommands() async throws {
    let clinic = try SendingClinic()
    try await clinic.run()
    #expect(clinic.clock.armedFor == nil)
    try clinic.patient()
    try clinic.followUp()
    try await clinic.settle()
    #expect(clinic.clock.armedFor == Instant(SendingClinic.firstDue))
    #expect(clinic.dispatcher.nextWake == Instant(SendingClinic.firstDue))
  }

  @Test("No send without a committed claim: the adapter gets a job whose claim any reader sees")
  func committedBefore() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    let seen = Mutex<[MessageState?]>([])
    let store = clinic.store
    clinic.email.atSubmit { message in
      let state = try? store.read { try $0.listedMessage(id: 1)?.state }
      seen.withLock { $0.append(state) }
    }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(seen.withLock { $0 } == [.claimed])
  }

  @Test("The finish is fenced: a second result, and one of another run, change nothing")
  func fenced() async throws {
    let clinic = try SendingClinic()
    clinic.email.always(nil)
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    let now = clinic.clock.now()
    let foreign = AttemptResult(messageID: 1, attemptID: 1, outcome: .rejected(Fault(code: "550")))
    #expect(try clinic.store.write { try !$0.finish(foreign, invocation: "another-run", now: now) })
    #expect(try await clinic.attempts() == ["claimed"])
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.settle()
    let rows = try await clinic.query("SELECT * FROM message; SELECT * FROM reminder; SELECT * FROM attempt")
    let job = try #require(clinic.email.answered.first)
    job.finished(.rejected(Fault(code: "550-5.1.1")))
    try await clinic.settle()
    #expect(try await clinic.query("SELECT * FROM message; SELECT * FROM reminder; SELECT * FROM attempt") == rows)
    #expect(try await clinic.query("SELECT state FROM contact") == ["ok"])
  }

  @Test(
    "Promise 33: a bad row of one patient blocks no other and becomes a task",
    arguments: [
      "UPDATE patient SET zone = 'Nowhere/Atlantis' WHERE ref = 'bad'",
      "UPDATE occurrence SET zone = 'Nowhere/Atlantis' WHERE follow_up_id = 1",
      "UPDATE occurrence SET civil = '2026-02-30T10:00' WHERE follow_up_id = 1",
      "UPDATE plan_version SET definition = '{}' WHERE name = 'surgery'",
      "UPDATE patient SET hours = 'whenever' WHERE ref = 'bad'",
      "UPDATE occurrence SET anchor_at = 9223372036854775807 WHERE follow_up_id = 1",
      "UPDATE occurrence SET anchor_at = -9223372036854775808 WHERE follow_up_id = 1",
      "UPDATE reminder SET planned_at = -9223372036854775808 WHERE occurrence_id = 1 AND step = 'three-days'",
      "UPDATE reminder SET intended_at = 9223372036854775807 WHERE occurrence_id = 1 AND step = 'three-days'",
      "UPDATE reminder SET expires_at = 9223372036854775807 WHERE occurrence_id = 1 AND step = 'three-days'",
      "UPDATE reminder SET wake_at = -9223372036854775808 WHERE occurrence_id = 1 AND step = 'three-days'",
      "UPDATE reminder SET sendable_at = -9223372036854775808 WHERE occurrence_id = 1 AND step = 'three-days'",
    ])
  func badRow(edit: String) async throws {
    let clinic = try SendingClinic()
    try clinic.patient("bad")
    try clinic.patient("good")
    try clinic.followUp("bad", plan: "surgery")
    try clinic.followUp("good")
    try await clinic.edit(edit)
    // Another run: what this one decoded is forgotten.
    let next = try clinic.afterKill()
    try await next.run()
    try await next.advance(to: SendingClinic.firstDue)
    #expect(next.email.sent.map(\.address) == ["good@example.org"])
    #expect(try await next.reminders("three-days") == ["handed|unreadable", "sent"])
    #expect(try await next.tasks() == ["manual|F-1@2026-12-08"])
  }

  @Test("Promise 33: instants at the ends of what a row can hold stop neither the timer nor any command")
  func endsOfTime() async throws {
    let clinic = try SendingClinic()
    for ref in ["bad", "worse", "good"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    try await clinic.edit(
      "UPDATE reminder SET wake_at = 9223372036854775807, planned_at = wake_at WHERE occurrence_id = 1")
    try await clinic.edit("UPDATE occurrence SET civil = '9999-12-31T23:59', anchor_at = 253402300740 WHERE id = 2")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.map(\.address).contains("good@example.org"))
    for follow in ["F-1", "F-2"] {
      _ = try clinic.call(Explain.self, .init(subject: follow))
      _ = try clinic.call(Show.self, .init(id: follow))
    }
    _ = try clinic.call(ListUpcoming.self, .init())
    _ = try clinic.call(GetStatus.self, .init())
  }

  @Test("Promise 33: a row at which the database fails goes to staff as soon as another shows that it works")
  func poison() async throws {
    let clinic = try SendingClinic {
      $0.plans["later"] = Plan(
        name: "later", title: "A visit", steps: [Step(id: "three-days", at: .literal("-3d 10:10"), template: "visit")])
    }
    try clinic.patient("bad")
    try clinic.followUp("bad", plan: "surgery")
    try clinic.patient("good")
    try clinic.followUp("good", plan: "later")
    try await clinic.edit(
      "CREATE TRIGGER t BEFORE INSERT ON message_reminder WHEN NEW.reminder_id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.dispatcher.trouble == "sqlite-19")
    #expect(clinic.email.sent.isEmpty)
    try await clinic.advance(by: 610)
    #expect(clinic.email.sent.map(\.address) == ["good@example.org"])
    #expect(try await clinic.reminders("three-days") == ["handed|unreadable", "sent"])
    #expect(try await clinic.tasks() == ["manual|F-1@2026-12-08"])
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test("R10: what is late is decided by the step's own plan, whatever else of its visit is due")
  func lateAfter() async throws {
    let clinic = try SendingClinic {
      $0.plans["visit"]?.lateAfter = .literal("1h")
      $0.plans["visit"]?.steps[0].late = .skip
    }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit(
      """
      INSERT INTO reminder (occurrence_id, revision, kind, step, priority, intended_at, planned_at, expires_at, wake_at,
        state, updated_at)
      SELECT occurrence_id, revision, 'notice', 'visit-moved', priority, intended_at, planned_at, expires_at, wake_at,
        state, updated_at FROM reminder WHERE step = 'three-days'
      """)
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)) + 1800)
    try await clinic.run()
    #expect(try await clinic.reminders("three-days") == ["sent"])
  }

  @Test("A message that cannot be given its bytes fails alone, with a task")
  func unrenderable() async throws {
    let clinic = try SendingClinic()
    for ref in ["bad", "good"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    clinic.email.refuseToRender("bad@example.org")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.map(\.address) == ["good@example.org"])
    #expect(try await clinic.tasks() == ["delivery-failed|F-1@2026-12-08"])
    #expect(try await clinic.reminders("three-days") == ["failed|delivery-failed", "sent"])
  }

  @Test("R17: what is due together leaves in triage order")
  func triage() async throws {
    let clinic = try SendingClinic()
    for (ref, plan) in [("r1", "visit"), ("s1", "surgery"), ("r2", "visit"), ("s2", "surgery")] {
      try clinic.patient(ref)
      try clinic.followUp(ref, plan: plan)
    }
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T17:00:30Z")
    #expect(
      clinic.email.sent.map(\.address) == ["s1@example.org", "s2@example.org", "r1@example.org", "r2@example.org"])
  }

  @Test("R17: where a channel has little room, routine has its fifth of it")
  func routineShare() async throws {
    let clinic = try SendingClinic { $0.channels["email"]?.perMinute = 60 }
    for number in 1...12 {
      for (ref, plan) in [("s\(number)", "surgery"), ("r\(number)", "visit")] {
        try clinic.patient(ref)
        try clinic.followUp(ref, plan: plan)
      }
    }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 10)
    let kinds = clinic.email.sent.map { $0.address.prefix(1) }
    #expect(kinds.count == 11)
    #expect(kinds.filter { $0 == "r" }.count == 2)
    try await clinic.advance(by: 60)
    #expect(clinic.email.sent.count == 24)
  }

  @Test("R17: more than one batch leaves in triage order as a whole")
  func triageOverBatches() async throws {
    let clinic = try SendingClinic {
      $0.channels["email"]?.perMinute = 0
      $0.delivery.backlogLimit = 10_000
    }
    try clinic.patient()
    try clinic.followUp()
    // The later a row, the sooner it expires.
    try await clinic.edit(
      """
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      INSERT INTO patient (id, ref, name, name_folded, called_name, born, language, zone, hours, call_only, status, created_at, updated_at)
        SELECT i, 'n' || i, 'N', 'n', NULL, NULL, NULL, NULL, NULL, 0, 'active', 0, 0 FROM n;
      INSERT INTO contact (patient_id, channel, address, normalised, rank, consent, consent_at, created_at, updated_at)
        SELECT id, 'email', ref || '@example.org', ref || '@example.org', 1, 'granted', 0, 0, 0 FROM patient WHERE id > 1;
      INSERT INTO follow_up (id, patient_id, plan, priority, owner, civil, zone, created_at, updated_at)
        SELECT patient.id, patient.id, plan, priority, owner, civil, f.zone, 0, 0 FROM patient JOIN follow_up f ON f.id = 1
        WHERE patient.id > 1;
      INSERT INTO occurrence (id, follow_up_id, key, civil, zone, anchor_at, created_at, updated_at)
        SELECT patient.id, patient.id, o.key, o.civil, o.zone, o.anchor_at, 0, 0 FROM patient JOIN occurrence o ON o.id = 1
        WHERE patient.id > 1;
      INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
        expires_at, wake_at, state, updated_at)
        SELECT patient.id, 1, 'step', r.step, r.plan_version_id, r.priority, r.intended_at, r.planned_at,
          r.expires_at - patient.id, r.wake_at, 'planned', 0
        FROM patient JOIN reminder r ON r.occurrence_id = 1 AND r.step = 'three-days' WHERE patient.id > 1;
      """)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    for _ in 0..<20 { try await clinic.settle() }
    let order = clinic.email.sent.map(\.address)
    #expect(order.count == 2500)
    #expect(order == (2...2500).reversed().map { "n\($0)@example.org" } + ["p1@example.org"])
  }

  @Test("R11: a channel sends its rate a minute and no more")
  func paced() async throws {
    let clinic = try SendingClinic { $0.channels["email"]?.perMinute = 60 }
    for number in 1...10 {
      try clinic.patient("p\(number)")
      try clinic.followUp("p\(number)")
    }
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(by: 5)
    #expect(clinic.email.sent.count == 6)
    try await clinic.advance(by: 60)
    #expect(clinic.email.sent.count == 10)
    #expect(Set(clinic.email.identities).count == 10)
  }

  @Test("A channel that has no room does not keep another from sending")
  func otherChannelsGoOn() async throws {
    let clinic = try SendingClinic {
      $0.channels["email"]?.perMinute = 1
      $0.channels["sms"]?.perMinute = 0
    }
    for number in 1...30 {
      try clinic.patient("e\(number)")
      try clinic.followUp("e\(number)")
    }
    try clinic.call(
      AddPatient.self, .init(ref: "s", name: "S", contacts: [.init(channel: "sms", address: "+16045550101")]))
    try clinic.followUp("s")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    #expect(clinic.sms.sent.map(\.address) == ["+16045550101"])
  }

  @Test("A reminder deferred by contact hours leaves at the next permitted minute")
  func hours() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit("UPDATE patient SET hours = '16:00-17:00'")
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T22:59:59Z")
    #expect(clinic.email.sent.isEmpty)
    try await clinic.advance(to: "2026-12-05T23:00:00Z")
    #expect(clinic.email.sent.count == 1)
  }

  @Test("R22: neither the journal nor the audit record holds a name, an address or a text")
  func leastData() async throws {
    let clinic = try SendingClinic()
    try clinic.patient("p1", name: "Maria Álvarez", sms: "+16045550101")
    try clinic.patient("p2", name: "Zebulon Quist")
    try clinic.followUp("p1", plan: "surgery")
    try clinic.followUp("p2")
    clinic.email.next(
      .retry(after: nil, Fault(code: "451", detail: "<address> is busy")), .rejected(Fault(code: "550-5.1.1")),
      .uncertain(Fault(code: "timeout")), .misconfigured(Fault(code: "535")))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.secondDue)
    try clinic.release("all")
    try clinic.call(RecordAnswer.self, .init(id: "F-1", answer: "no", via: "phone"))
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-2"]))
    try await clinic.advance(by: 86_400)
    let told = try await clinic.query("SELECT * FROM audit") + clinic.log.all
    #expect(told.count > 10)
    for word in ["Maria", "lvarez", "Zebulon", "Quist", "example.org", "6045550101", "Riverside", "appointment at"] {
      #expect(!told.contains { $0.contains(word) }, "\(word)")
    }
  }

  @Test("What is in flight at a stop is recorded: begun as uncertain, the rest as planned again")
  func stop() async throws {
    let clinic = try SendingClinic { $0.channels["email"]?.perMinute = 0 }
    for ref in ["p1", "p2"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    clinic.email.stall()
    try clinic.patient("p3")
    try clinic.followUp("p3", "2026-12-08 15:00")
    try await clinic.settle()
    #expect(clinic.email.sent.count == 2)
    let dispatcher = clinic.dispatcher
    await withCheckedContinuation { done in
      DispatchQueue.global().async {
        dispatcher.stop(within: 5)
        done.resume()
      }
    }
    #expect(clinic.clock.armedFor == nil)
    let states = try await clinic.reminders("three-days")
    #expect(states == ["uncertain|uncertain-delivery", "uncertain|uncertain-delivery", "planned"])
    #expect(try await clinic.query("SELECT count(*) FROM attempt WHERE state = 'claimed'") == ["0"])
    #expect(clinic.claims.inFlight().isEmpty)
    let next = try clinic.afterKill(boot: "boot-2")
    try await next.run()
    #expect(try await next.reminders("three-days") == states.dropLast() + ["sent"])
    #expect(try await next.attempts() == ["uncertain|stopped", "uncertain|stopped", "withdrawn", "delivered|250"])
  }

  @Test("Promise 4: what cannot be claimed is not sent; once the database works again it is, without anyone's help")
  func cannotClaim() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.edit("CREATE TRIGGER broken BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'Maria'); END")
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.isEmpty)
    #expect(clinic.dispatcher.trouble == "sqlite-19")
    try await clinic.advance(by: 60)
    #expect(clinic.log.all.filter { $0.contains("sqlite-19") }.count == 1)
    #expect(!clinic.log.all.contains { $0.contains("Maria") })
    try await clinic.edit("DROP TRIGGER broken")
    try await clinic.advance(by: 5)
    #expect(clinic.email.sent.count == 1)
    #expect(clinic.dispatcher.trouble == nil)
  }

  @Test("Promise 4: a result that cannot be recorded is kept and recorded later")
  func cannotRecord() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.edit("CREATE TRIGGER broken BEFORE UPDATE ON attempt BEGIN SELECT RAISE(ABORT, 'no'); END")
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.advance(by: 30)
    #expect(try await clinic.attempts() == ["claimed"])
    try await clinic.edit("DROP TRIGGER broken")
    try await clinic.advance(by: 5)
    #expect(try await clinic.attempts() == ["delivered|250"])
    #expect(clinic.email.sent.count == 1)
  }
}
