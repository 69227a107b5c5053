import FollowUpCore
import Support
import Testing

@testable import FollowUpStore

/// Reminders and deadlines of an occurrence, and what a change clears (R14).
@Suite struct PlanningTests {
  private static let all = [
    "day-before|planned|", "papers|planned|", "thanks|planned|", "missed|planned|",
  ]

  private func escalations(_ fixture: StoreFixture) throws -> [String] {
    try fixture.query("SELECT subject, due_at FROM deadline WHERE kind = 'escalation'")
  }

  @Test("Planning twice changes nothing")
  func twice() throws {
    let fixture = try StoreFixture()
    let id = try fixture.visit(try fixture.patient())
    let rows = try fixture.query("SELECT * FROM reminder ORDER BY id")
    try fixture.store.write {
      try $0.plan(occurrence: id, settings: fixture.settings, zones: fixture.zones, now: fixture.now + 5)
    }
    #expect(try fixture.query("SELECT * FROM reminder ORDER BY id") == rows)
    #expect(try fixture.reminders(id) == Self.all)
  }

  @Test("R10: planning anew for other hours sends nothing again, and moves what is still ahead")
  func otherHours() throws {
    let fixture = try StoreFixture()
    let patient = try fixture.patient()
    let id = try fixture.visit(patient)
    try fixture.execute("UPDATE reminder SET state = 'sent', wake_at = NULL WHERE step = 'day-before'")
    let before = try fixture.query("SELECT step, planned_at FROM reminder WHERE step = 'thanks'")
    for hours in ["15:00-16:00", "17:00-18:00"] {
      try fixture.execute("UPDATE patient SET hours = '\(hours)' WHERE id = \(patient)")
      try fixture.store.write {
        try $0.planAnew(occurrence: id, settings: fixture.settings, zones: fixture.zones, now: fixture.now)
      }
      #expect(
        try fixture.reminders(id) == ["day-before|sent|", "papers|planned|", "thanks|planned|", "missed|planned|"])
    }
    #expect(try fixture.query("SELECT step, planned_at FROM reminder WHERE step = 'thanks'") != before)
    #expect(try fixture.query("SELECT revision FROM occurrence") == ["1"])
  }

  @Test("A reminder points to the plan as it was; an equal plan is one version")
  func versions() throws {
    var settings = try StoreFixture().settings
    let fixture = try StoreFixture()
    let patient = try fixture.patient()
    try fixture.visit(patient)
    try fixture.visit(patient, days: 20)
    #expect(try fixture.query("SELECT count(*) FROM plan_version") == ["1"])
    settings.plans["visit"]?.title = "Another"
    let id = try fixture.visit(patient, days: 21)
    try fixture.execute("DELETE FROM reminder WHERE occurrence_id = \(id)")
    try fixture.store.write {
      _ = try $0.plan(occurrence: id, settings: settings, zones: fixture.zones, now: fixture.now)
    }
    #expect(try fixture.query("SELECT DISTINCT plan_version_id FROM reminder ORDER BY 1") == ["1", "2"])
  }

  @Test("What a rehearsal stored of a plan is forgotten with it")
  func rehearsed() throws {
    let fixture = try StoreFixture()
    let settings = fixture.settings
    let ids = try ["visit", "surgery"].map { name in
      let plan = try #require(settings.plans[name])
      func version(_ transaction: Transaction) throws -> (Int64, String?) {
        let id = try transaction.planVersion(of: plan, now: fixture.now)
        return (id, try transaction.plan(version: id)?.name)
      }
      let found = name == "visit" ? try fixture.store.rehearse(version) : try fixture.store.write(version)
      #expect(found.1 == name)
      return found.0
    }
    #expect(ids[0] == ids[1])
  }

  @Test("A zone that does not exist plans nothing and is said")
  func badZone() throws {
    let fixture = try StoreFixture()
    let id = try fixture.visit(try fixture.patient())
    try fixture.execute("UPDATE patient SET zone = 'Nowhere/Atlantis'; DELETE FROM reminder")
    #expect(throws: ZoneError.self) {
      try fixture.store.write {
        try $0.plan(occurrence: id, settings: fixture.settings, zones: fixture.zones, now: fixture.now)
      }
    }
    #expect(try fixture.reminders(id).isEmpty)
  }

  struct Ending: Sendable, CustomTestStringConvertible {
    var name: String
    var status = OccurrenceStatus.open
    var answer = Answer.none
    var after: [String]
    var escalates = false
    var testDescription: String { name }
  }

  @Test(
    "R14: an answer and a status clear what they make void, and nothing else",
    arguments: [
      Ending(
        name: "yes", status: .confirmed, answer: .yes,
        after: ["day-before|cancelled|confirmed", "papers|planned|", "thanks|planned|", "missed|planned|"]),
      Ending(
        name: "no", answer: .no,
        after: ["day-before|cancelled|declined", "papers|planned|", "thanks|planned|", "missed|planned|"]),
      Ending(
        name: "rearrange", answer: .rearrange,
        after: ["day-before|cancelled|rearrange", "papers|planned|", "thanks|planned|", "missed|planned|"]),
      Ending(
        name: "call-me", answer: .callMe,
        after: ["day-before|cancelled|call-me", "papers|planned|", "thanks|planned|", "missed|planned|"]),
      Ending(
        name: "completed", status: .completed,
        after: [
          "day-before|cancelled|completed", "papers|cancelled|completed", "thanks|planned|",
          "missed|cancelled|completed",
        ]),
      Ending(
        name: "missed", status: .missed,
        after: ["day-before|cancelled|missed", "papers|cancelled|missed", "thanks|cancelled|missed", "missed|planned|"]),
      Ending(
        name: "cancelled", status: .cancelled,
        after: [
          "day-before|cancelled|cancelled", "papers|cancelled|cancelled", "thanks|cancelled|cancelled",
          "missed|cancelled|cancelled",
        ]),
      Ending(name: "nothing", after: all, escalates: true),
    ])
  func clears(ending: Ending) throws {
    let fixture = try StoreFixture()
    let id = try fixture.visit(try fixture.patient(), plan: "surgery")
    try fixture.change(id) {
      $0.status = ending.status
      $0.answer = ending.answer
    }
    #expect(try fixture.reminders(id) == ending.after)
    #expect(try escalations(fixture).isEmpty == !ending.escalates)
    #expect(
      try fixture.query("SELECT count(*) FROM reminder WHERE state = 'cancelled' AND wake_at IS NOT NULL") == ["0"])
  }

  @Test("R14: a move plans a revision of its own and clears the one before, whose keys stay")
  func moves() throws {
    let fixture = try StoreFixture()
    let id = try fixture.visit(try fixture.patient(), plan: "surgery")
    let before = try escalations(fixture)
    try fixture.change(id) {
      $0.anchor = CivilDateTime("2026-12-18T14:30") ?? $0.anchor
      $0.anchorAt = Zone.utc.instant(of: $0.anchor)
      $0.revision += 1
    }
    #expect(try fixture.reminders(id) == Self.all.map { $0.split(separator: "|")[0] + "|cancelled|moved" })
    #expect(try fixture.reminders(id, revision: 2) == Self.all)
    #expect(try escalations(fixture) != before)
    #expect(try escalations(fixture).count == 1)
    #expect(try fixture.query("SELECT key, civil FROM occurrence") == ["2026-12-08|2026-12-18T14:30"])
  }

  @Test("R14: the mark wakes a missed step that waited for it, at its own instant or now")
  func wakesMissed() throws {
    let fixture = try StoreFixture()
    let patient = try fixture.patient()
    let due = try #require(Instant("2026-12-09T10:00:00Z"))
    for (days, marked) in [(14, due - 3600), (14, due + 7200)] {
      let id = try fixture.visit(patient, days: days)
      try fixture.execute(
        "UPDATE reminder SET state = 'deferred', reason = 'open', wake_at = NULL WHERE occurrence_id = \(id) AND step = 'missed'"
      )
      try fixture.change(id, at: marked) { $0.status = .missed }
      #expect(
        try fixture.query("SELECT wake_at FROM reminder WHERE occurrence_id = \(id) AND step = 'missed'")
          == ["\(max(due, marked).seconds)"])
    }
  }

  @Test(
    "R15: what a death or an end of care makes void is cancelled, tasks and escalation with it",
    arguments: [
      PatientStatus.deceased, .inactive,
    ])
  func endOfCare(status: PatientStatus) throws {
    let fixture = try StoreFixture()
    let patient = try fixture.patient()
    let id = try fixture.visit(patient, plan: "surgery")
    try fixture.store.write {
      _ = try $0.openTask(
        NewTask(
          subject: "F-1", reason: .callMe, occurrenceID: id, priority: .soon, owner: "role:nurse", dueAt: fixture.now),
        now: fixture.now)
    }
    try fixture.execute("UPDATE patient SET status = '\(status.rawValue)'")
    try fixture.store.write { try $0.settle(occurrence: id, now: fixture.now) }
    #expect(try fixture.reminders(id).allSatisfy { $0.hasSuffix("|cancelled|\(status.rawValue)") })
    #expect(try escalations(fixture).isEmpty)
    #expect(try fixture.query("SELECT state, closed_by FROM task") == ["closed|followupd"])
  }

  @Test("R14: tasks whose reason is gone are closed, one that somebody took is flagged, others stay")
  func tasks() throws {
    let fixture = try StoreFixture()
    let id = try fixture.visit(try fixture.patient(), plan: "surgery")
    try fixture.store.write { transaction in
      for reason in [TaskReason.unconfirmed, .declined, .deliveryFailed, .manual] {
        try transaction.openTask(
          NewTask(
            subject: "F-1@2026-12-08", reason: reason, occurrenceID: id, priority: .soon, owner: "role:nurse",
            dueAt: fixture.now), now: fixture.now)
      }
    }
    try fixture.execute("UPDATE task SET state = 'taken', taken_by = 'ana' WHERE reason = 'delivery-failed'")
    try fixture.change(id) {
      $0.status = .completed
    }
    #expect(
      try fixture.query("SELECT reason, state, flagged FROM task ORDER BY id")
        == ["unconfirmed|closed|0", "declined|closed|0", "delivery-failed|taken|1", "manual|open|0"])
  }

  @Test("R18: one open task for a subject and reason: the more pressing wins, and what was tried is kept once")
  func oneTask() throws {
    let fixture = try StoreFixture()
    func open(_ priority: Priority, _ due: Int64, _ tried: [String]) throws -> Int64 {
      try fixture.store.write {
        try $0.openTask(
          NewTask(
            subject: "P:1", reason: .bounced, priority: priority, owner: "role:nurse", dueAt: fixture.now + due,
            tried: tried), now: fixture.now)
      }
    }
    let first = try open(.routine, 100, ["email"])
    #expect(try open(.urgent, 200, ["email", "sms"]) == first)
    #expect(
      try fixture.query("SELECT priority, due_at, tried FROM task") == [
        "0|\(fixture.now.seconds + 100)|[\"email\",\"sms\"]"
      ])
    try fixture.execute("UPDATE task SET state = 'done'")
    #expect(try open(.routine, 1, []) != first)
  }

  @Test(
    "R8: a step without a permitted minute becomes a task for urgent and soon, and a reason for routine",
    arguments: [
      ("surgery", "handed|no-permitted-time", 1), ("visit", "dropped|no-permitted-time", 0),
    ])
  func noPermittedTime(plan: String, state: String, tasks: Int) throws {
    let fixture = try StoreFixture { $0.contactHours.week = ContactHours("mon 09:00-09:01") ?? $0.contactHours.week }
    // Wednesday 25 November, planned on Monday 23 November at 18:00.
    let id = try fixture.visit(try fixture.patient(), plan: plan, days: 1)
    #expect(try fixture.reminders(id).prefix(2) == ["day-before|\(state)", "papers|\(state)"])
    #expect(try fixture.query("SELECT count(*) FROM task WHERE reason = 'no-permitted-time'") == ["\(tasks)"])
  }

  @Test("An empty waiting message ends as cancelled, one that was ever in doubt as doubtful")
  func emptyMessages() throws {
    for (state, doubts, end) in [("waiting", 0, "cancelled"), ("uncertain", 1, "doubtful"), ("waiting", 1, "doubtful")]
    {
      let fixture = try StoreFixture()
      let patient = try fixture.patient()
      let id = try fixture.visit(patient)
      try fixture.store.write { transaction in
        let reminder = try #require(try transaction.pendingReminders(of: id).first)
        let claim = try transaction.insertClaimed(
          NewMessage(
            identity: try transaction.identity(of: [reminder], contact: 1).text, header: "<1@example.org>",
            patientID: patient, contactID: 1, channel: "email", adapter: "smtp", address: "p1@example.org",
            mode: .live, language: "en", subject: "s", text: "t", wire: [1]), for: [reminder],
          sendBy: fixture.now + 60, invocation: "run", now: fixture.now)
        try transaction.release(message: claim.messageID, wakeAt: fixture.now, now: fixture.now)
      }
      try fixture.execute("UPDATE message SET state = '\(state)', doubts = \(doubts)")
      try fixture.change(id) { $0.status = .cancelled }
      #expect(try fixture.query("SELECT state FROM message") == [end])
    }
  }
}
