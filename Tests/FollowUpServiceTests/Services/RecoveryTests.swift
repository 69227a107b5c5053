import FollowUpControl
import FollowUpCore
import FollowUpStore
import Foundation
import Support
import Testing

@testable import FollowUpService

/// What the first pass of a run makes of what the run before left (`delivery.md`, Doubt; promise 1).
@Suite struct RecoveryTests {
  /// Two claims: the first patient's has begun, the second's has not.
  private func killed() async throws -> SendingClinic {
    let clinic = try SendingClinic()
    for ref in ["p1", "p2"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    clinic.email.always(nil)
    try await clinic.edit("UPDATE reminder SET wake_at = wake_at + 5 WHERE step = 'three-days' AND occurrence_id = 2")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    clinic.email.stall()
    try await clinic.advance(by: 5)
    #expect(try await clinic.attempts() == ["claimed", "claimed"])
    return clinic
  }

  @Test("In the same boot: what had begun is uncertain, what had not leaves at once, both with the same identity")
  func sameBoot() async throws {
    let before = try await killed()
    let identities = try await before.query("SELECT identity FROM message ORDER BY id")
    let clinic = try before.afterKill()
    try await clinic.run()
    #expect(try await clinic.attempts() == ["uncertain|daemon-ended", "withdrawn", "delivered|250"])
    #expect(try await clinic.messages() == ["uncertain", "sent"])
    #expect(clinic.email.identities == [identities[1]])
    try await clinic.advance(by: 600)
    #expect(clinic.email.identities == [identities[1], identities[0]])
    #expect(clinic.email.sent.last == before.email.sent.first)
    #expect(try await clinic.messages() == ["sent", "sent"])
  }

  @Test("What a peer had taken and no commit recorded is sent, not in doubt, and leaves once (promise 1)")
  func deliveredBeforeTheKill() async throws {
    let before = try await killed()
    let attempt = try #require(
      Int64(try await before.query("SELECT id FROM attempt ORDER BY id LIMIT 1").first ?? ""))
    try #require(before.claims.live(1, attempt: attempt)).delivered()
    let clinic = try before.afterKill()
    try await clinic.run()
    #expect(try await clinic.attempts() == ["delivered|before-restart", "withdrawn", "delivered|250"])
    #expect(try await clinic.messages() == ["sent", "sent"])
    try await clinic.advance(by: 86_400)
    #expect(clinic.email.identities.count == 1)
  }

  @Test("After another boot all claims are uncertain")
  func anotherBoot() async throws {
    let clinic = try await killed().afterKill(boot: "boot-2")
    try await clinic.run()
    #expect(try await clinic.messages() == ["uncertain", "uncertain"])
    #expect(clinic.email.sent.isEmpty)
  }

  @Test("Without the file of what has begun all claims are uncertain")
  func missingFile() async throws {
    let clinic = try await killed().afterKill(without: "begun")
    try await clinic.run()
    #expect(try await clinic.messages() == ["uncertain", "uncertain"])
    #expect(clinic.email.sent.isEmpty)
  }

  @Test("Nothing is forgotten if the daemon is killed again before its first pass is committed")
  func killedTwice() async throws {
    let second = try await killed().afterKill()
    let third = try second.afterKill()
    try await third.run()
    #expect(try await third.messages() == ["uncertain", "sent"])
  }

  @Test("Promise 1: what may have left and cannot be settled is never taken for what did not leave")
  func unsettled() async throws {
    let before = try await killed()
    try await before.edit(
      "CREATE TRIGGER t BEFORE UPDATE ON message WHEN NEW.id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END")
    let clinic = try before.afterKill()
    try await clinic.run()
    #expect(clinic.dispatcher.trouble == "sqlite-19")
    #expect(clinic.email.sent.isEmpty)
    let third = try clinic.afterKill()
    try await third.edit("DROP TRIGGER t")
    try await third.run()
    #expect(try await third.messages() == ["uncertain", "sent"])
    #expect(third.email.sent.count == 1)
  }

  @Test("A claim that nobody finished for a day is settled by what holds now: it has expired")
  func expiredMeanwhile() async throws {
    let before = try await killed()
    let clinic = try before.afterKill()
    clinic.clock.set(try #require(Instant("2026-12-08T23:00:00Z")))
    clinic.dispatcher.releaseClock()
    try await clinic.run()
    #expect(clinic.email.sent.isEmpty)
    #expect(try await clinic.messages() == ["doubtful", "cancelled"])
    #expect(try await clinic.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
  }

  @Test("Promise 9: a restored database is seen by the head file, and the first pass holds all sending")
  func restored() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    let backup = try clinic.afterKill()
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    // The older database beside the newer head.
    let folder = backup.folder
    try FileManager.default.removeItem(atPath: folder.path("state/head"))
    try FileManager.default.copyItem(atPath: clinic.folder.path("state/head"), toPath: folder.path("state/head"))
    let next = try backup.afterKill()
    #expect(next.store.restored)
    try await next.run()
    #expect(try await next.query("SELECT kind FROM hold WHERE released_at IS NULL") == ["restored"])
    try await next.advance(to: SendingClinic.firstDue)
    #expect(next.email.sent.isEmpty)
    #expect(try await next.reminders("three-days") == ["held|held"])
    // The hold stays through a restart, is not raised twice, and ends by a person's word.
    let later = try next.afterKill()
    #expect(!later.store.restored)
    try await later.run()
    #expect(try await later.query("SELECT kind FROM hold WHERE released_at IS NULL") == ["restored"])
    try later.release("restored")
    try await later.settle()
    #expect(later.email.sent.count == 1)
  }

  @Test("Promise 9: what left since the backup is asked about and not sent again, though no command was recorded since")
  func leftSinceTheBackup() async throws {
    let clinic = try SendingClinic()
    for ref in ["p1", "p2"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    try clinic.call(InactivatePatient.self, .init(who: "p2"))
    let backup = try clinic.afterKill()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    // The older database beside the newer mark.
    let folder = backup.folder
    try FileManager.default.removeItem(atPath: folder.path("state/mark"))
    try FileManager.default.copyItem(atPath: clinic.folder.path("state/mark"), toPath: folder.path("state/mark"))
    let next = try backup.afterKill()
    next.clock.set(try #require(Instant(SendingClinic.firstDue)) + 60)
    next.dispatcher.releaseClock()
    #expect(next.store.restored)
    try await next.run()
    #expect(next.email.sent.isEmpty)
    #expect(try await next.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    #expect(
      try await next.query("SELECT state, reason FROM reminder WHERE occurrence_id = 1 AND step = 'three-days'") == [
        "handed|uncertain-delivery"
      ])
    // It counts as told (R20); what is ahead, and what nobody need ask about, is left as it was.
    #expect(try await next.query("SELECT told_revision FROM occurrence WHERE id = 1") == ["1"])
    #expect(
      try await next.query("SELECT state FROM reminder WHERE occurrence_id = 1 AND step = 'day-before'") == ["planned"])
    #expect(try await next.query("SELECT count(*) FROM reminder WHERE state = 'handed'") == ["1"])
    // The next start finds nothing new, and the release sends nothing of it.
    let later = try next.afterKill()
    #expect(!later.store.restored)
    try later.release("restored")
    try await later.run()
    #expect(later.email.sent.isEmpty)
    #expect(try await later.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
  }

  @Test("Promise 9: a restored database that is killed before its first pass is seen as restored again")
  func restoredTwice() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    let backup = try clinic.afterKill()
    try clinic.followUp()
    let folder = backup.folder
    try FileManager.default.removeItem(atPath: folder.path("state/head"))
    try FileManager.default.copyItem(atPath: clinic.folder.path("state/head"), toPath: folder.path("state/head"))
    let next = try backup.afterKill()
    #expect(next.store.restored)
    // A command comes before the first pass; then it is killed.
    try next.patient("p2")
    #expect(try next.afterKill().store.restored)
  }

  @Test("Promise 9: what left is asked about, though the backup is of a time when such a hold was open")
  func restoredUnderItsHold() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.store.write { transaction in
      _ = try transaction.insert(
        Hold(
          kind: .restored, subject: nil, until: nil, reason: "an older database was put in place",
          createdBy: Actor.daemon.staff, now: clinic.clock.now()))
    }
    let backup = try clinic.afterKill()
    try clinic.release("restored")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    let folder = backup.folder
    for file in ["head", "mark"] {
      try FileManager.default.removeItem(atPath: folder.path("state/\(file)"))
      try FileManager.default.copyItem(
        atPath: clinic.folder.path("state/\(file)"), toPath: folder.path("state/\(file)"))
    }
    let next = try backup.afterKill()
    next.clock.set(try #require(Instant(SendingClinic.firstDue)) + 60)
    next.dispatcher.releaseClock()
    #expect(next.store.restored)
    try await next.run()
    #expect(try await next.tasks() == ["uncertain-delivery|F-1@2026-12-08"])
    #expect(try await next.query("SELECT id FROM hold WHERE released_at IS NULL") == ["1"])
    try next.release("restored")
    try await next.settle()
    #expect(next.email.sent.isEmpty)
  }

  @Test("A database that was not restored raises no hold")
  func notRestored() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    let next = try clinic.afterKill()
    #expect(!next.store.restored)
    #expect(!next.store.stoppedCleanly)
    try await next.run()
    #expect(try await next.query("SELECT count(*) FROM hold") == ["0"])
  }
}
