import FollowUpCore
import GRDB
import Support
import Testing

@testable import FollowUpStore

/// Messages, claims and their fence (`delivery.md`, Identity and States).
@Suite struct MessageTests {
  private let fixture: StoreFixture
  private let reminder: DueReminder
  private let patient: Int64

  init() throws {
    let fixture = try StoreFixture()
    let patient = try fixture.patient()
    let visit = try fixture.visit(patient)
    self.fixture = fixture
    self.patient = patient
    reminder = try #require(try fixture.store.read { try $0.pendingReminders(of: visit).first })
  }

  private func claim(_ transaction: Transaction, run: String = "run-1") throws -> Claim {
    let identity = try transaction.identity(of: [reminder], contact: 1).text
    return try transaction.insertClaimed(
      NewMessage(
        identity: identity, header: "<\(identity)@example.org>", patientID: patient, contactID: 1, channel: "email",
        adapter: "smtp", address: "p1@example.org", mode: .live, language: "en", subject: "s", text: "t",
        wire: [0, 13, 10, 255]), for: [reminder], sendBy: fixture.now + 60, invocation: run, now: fixture.now)
  }

  @Test("An identity is a function of the instance, the reminders with their revisions and the contact")
  func identity() throws {
    try fixture.store.read { (transaction: Transaction) throws -> Void in
      let first = try transaction.identity(of: [reminder], contact: 1)
      #expect(try transaction.identity(of: [reminder], contact: 1) == first)
      #expect(try transaction.identity(of: [reminder], contact: 2) != first)
      var moved = reminder
      moved.revision += 1
      #expect(try transaction.identity(of: [moved], contact: 1) != first)
      #expect(
        try transaction.identity(of: [reminder, moved], contact: 1)
          == transaction.identity(of: [moved, reminder], contact: 1))
      #expect(first.text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
      #expect(first.text.dropFirst(14).first == "5")
    }
    #expect(
      try StoreFixture().store.read { try $0.identity(of: [reminder], contact: 1) }
        != fixture.store.read { try $0.identity(of: [reminder], contact: 1) })
  }

  @Test("Every attempt uses the stored bytes")
  func sameBytes() throws {
    let now = fixture.now
    let (first, second) = try fixture.store.write { transaction in
      let first = try claim(transaction)
      try transaction.release(message: first.messageID, wakeAt: now, now: now)
      let second = try transaction.claim(
        message: first.messageID, reminders: [reminder.id], sendBy: now + 60, invocation: "run-1", now: now)
      return (first, try #require(second))
    }
    #expect(first.message == second.message)
    #expect(first.message.body == [0, 13, 10, 255])
    #expect((first.n, second.n) == (1, 2))
  }

  @Test("A claimed message cannot be claimed again, nor one whose bytes are gone")
  func onlyOnce() throws {
    let now = fixture.now
    try fixture.store.write { (transaction: Transaction) throws -> Void in
      let claim = try claim(transaction)
      func again() throws -> Claim? {
        try transaction.claim(
          message: claim.messageID, reminders: [reminder.id], sendBy: now + 60, invocation: "run-1", now: now)
      }
      #expect(try again() == nil)
      try transaction.release(message: claim.messageID, wakeAt: now, now: now)
      try transaction.db.execute(sql: "DELETE FROM message_body")
      #expect(try again() == nil)
    }
  }

  @Test("The finish is fenced by message, attempt, invocation and state")
  func fence() throws {
    let now = fixture.now
    try fixture.store.write { (transaction: Transaction) throws -> Void in
      let claim = try claim(transaction)
      func finish(_ message: Int64, _ attempt: Int64, _ run: String) throws -> Bool {
        try transaction.finish(
          AttemptResult(messageID: message, attemptID: attempt, outcome: .delivered(code: "250", gatewayID: nil)),
          invocation: run, now: now)
      }
      #expect(try !finish(claim.messageID, claim.attemptID, "run-2"))
      #expect(try !finish(claim.messageID + 1, claim.attemptID, "run-1"))
      #expect(try !finish(claim.messageID, claim.attemptID + 1, "run-1"))
      #expect(try finish(claim.messageID, claim.attemptID, "run-1"))
      #expect(try !finish(claim.messageID, claim.attemptID, "run-1"))
    }
  }

  @Test("A claim that came to nothing leaves no try and no first try behind, and its reminder waits for its instant")
  func released() throws {
    let now = fixture.now
    try fixture.store.write {
      let claim = try claim($0)
      try $0.release(message: claim.messageID, wakeAt: now, now: now)
    }
    #expect(try fixture.query("SELECT state, tries, first_try_at FROM message") == ["waiting|0|"])
    // It is looked at again no sooner than it was planned for.
    let wake = max(now, reminder.plannedAt).seconds
    #expect(try fixture.query("SELECT state, wake_at FROM reminder WHERE id = \(reminder.id)") == ["planned|\(wake)"])
  }

  @Test("What another run claimed is stranded; adopted, this run may finish it")
  func stranded() throws {
    let now = fixture.now
    try fixture.store.write { (transaction: Transaction) throws -> Void in
      let claim = try claim(transaction, run: "run-0")
      #expect(try transaction.strandedAttempts(invocation: "run-0").isEmpty)
      let found = try transaction.strandedAttempts(invocation: "run-1")
      #expect(found.map(\.attempt) == [claim.attemptID])
      #expect(found.map(\.message) == [claim.messageID])
      try transaction.adopt(attempt: claim.attemptID, invocation: "run-1")
      #expect(
        try transaction.finish(
          AttemptResult(messageID: claim.messageID, attemptID: claim.attemptID, outcome: .uncertain(Fault(code: "x"))),
          invocation: "run-1", now: now))
    }
  }

  @Test(
    "A 5.1.1 bounces a contact at once, another refusal on the second day",
    arguments: [
      ([(true, "2026-12-01")], "bounced"), ([(false, "2026-12-01")], "ok"),
      ([(false, "2026-12-01"), (false, "2026-12-01")], "ok"),
      ([(false, "2026-12-01"), (false, "2026-12-02")], "bounced"),
    ])
  func bounces(refusals: [(Bool, String)], state: String) throws {
    for (isPermanent, day) in refusals {
      try fixture.store.write {
        _ = try $0.recordBounce(contact: 1, isPermanent: isPermanent, day: day, now: fixture.now)
      }
    }
    #expect(try fixture.query("SELECT state FROM contact") == [state])
  }

  @Test("The mode is taken over from the configuration; what was due in trial is superseded when it goes live")
  func mode() throws {
    let now = fixture.now
    let later = reminder.plannedAt
    try fixture.store.write { (transaction: Transaction) throws -> Void in
      #expect(try transaction.mode() == .live)
      #expect(try transaction.setMode(.trial, now: now) == 0)
      #expect(try transaction.mode() == .trial)
      #expect(try transaction.setMode(.trial, now: now) == 0)
      #expect(try transaction.setMode(.live, now: later) == 1)
      #expect(try transaction.setMode(.live, now: later) == 0)
    }
    #expect(
      try fixture.reminders(1)
        == ["day-before|superseded|trial", "papers|planned|", "thanks|planned|", "missed|planned|"])
  }
}
