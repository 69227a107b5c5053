import FollowUpCore
import GRDB
import Support
import Synchronization
import Testing

@testable import FollowUpStore

/// What is due next, and in which order (R17; `domain.md`, Data).
@Suite struct WakeTests {
  /// The query plans of the statements that `body` runs.
  private func plans(_ fixture: StoreFixture, _ body: (Transaction) throws -> Void) throws -> [String] {
    let ran = Mutex<[String]>([])
    return try fixture.store.write { transaction in
      transaction.db.trace { event in
        if case .statement(let statement) = event { ran.withLock { $0.append(statement.expandedSQL) } }
      }
      try body(transaction)
      transaction.db.trace(options: [])
      let statements = ran.withLock { $0 }
      #expect(!statements.isEmpty)
      return try statements.flatMap { sql in
        try Row.fetchAll(transaction.db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
      }
    }
  }

  @Test("A patient's open tasks are found and closed by their index, never by a scan of tasks")
  func patientTasksPlan() throws {
    let fixture = try StoreFixture()
    let found = try plans(fixture) { _ = try $0.openTask(ofPatient: 1, .stopped) }
    let closed = try plans(fixture) { try $0.closeTasks(ofPatient: 1, [.stopped], now: fixture.now) }
    for plan in [found, closed] {
      let tables = plan.filter { $0.contains("task") }
      #expect(
        !tables.isEmpty && tables.allSatisfy { $0.hasPrefix("SEARCH task USING INDEX task_patient") }, "\(tables)")
    }
  }

  @Test("What waits for a channel is found by its index, never by a scan of reminders")
  func waitingPlan() throws {
    let fixture = try StoreFixture()
    let found = try plans(fixture) {
      _ = try $0.wake(waitingFor: "email", limit: 4, now: fixture.now)
      _ = try $0.wakeOverdue(waitingFor: "email", now: fixture.now)
      _ = try $0.channelsWaitedFor()
      _ = try $0.parked()
      _ = try $0.firstPressing(waitingFor: "email")
      _ = try $0.waiting()
    }
    let reminders = found.filter { $0.contains(" reminder ") || $0.hasSuffix(" reminder") }
    #expect(!reminders.isEmpty)
    #expect(
      reminders.allSatisfy { $0.contains("INDEX reminder_waits") || $0.contains("INTEGER PRIMARY KEY") },
      "\(reminders)")
  }

  @Test("What is next is found by partial indexes alone, never by a scan of reminders")
  func nextWakePlan() throws {
    let fixture = try StoreFixture()
    let plans = try plans(fixture) { _ = try $0.nextWake() }
    let tables = plans.filter { $0.contains("reminder") || $0.contains("deadline") }
    #expect(tables.filter { $0.contains("reminder_due") }.count == 3)
    #expect(tables.filter { $0.contains("reminder_parked") }.count == 1)
    #expect(tables.filter { $0.contains("deadline_due") }.count == 1)
    #expect(
      tables.allSatisfy {
        $0.contains("INDEX reminder_due") || $0.contains("INDEX reminder_parked")
          || $0.contains("INDEX deadline_due")
      }, "\(plans)")
    #expect(!plans.contains { $0.contains("TEMP B-TREE") }, "\(plans)")
  }

  @Test(
    "What is due is found by indexes alone",
    arguments: [
      "due", "past use", "of an occurrence", "companions", "overdue", "backlog", "set back", "deadlines", "held",
      "withdraw",
    ])
  func duePlans(what: String) throws {
    let fixture = try StoreFixture()
    let now = fixture.now
    let plans = try plans(fixture) { transaction in
      switch what {
      case "due": _ = try transaction.due(.soon, now: now, limit: 10)
      case "past use": _ = try transaction.parkedPastUse(now: now, limit: 10)
      case "of an occurrence": _ = try transaction.dueReminders(with: 1, now: now).due
      case "companions": _ = try transaction.companions(patient: 1, except: 1, from: now, to: now, now: now)
      case "overdue": _ = try transaction.isOverdue(moreThan: 10, now: now)
      case "backlog": _ = try transaction.backlog()
      case "set back": try transaction.shiftWaits(by: 3600, now: now)
      case "deadlines": _ = try transaction.dueDeadlines(now: now, limit: 10)
      case "held": try transaction.wakeHeld(now: now)
      default: try transaction.withdrawClaims(.all, via: Nobody(), now: now)
      }
    }
    // What a bounded subquery found is counted.
    let scans = plans.filter { $0.hasPrefix("SCAN") && !$0.contains("USING") && !$0.hasPrefix("SCAN (subquery") }
    #expect(scans.isEmpty, "\(plans)")
  }

  @Test(
    "R11: what a backlog holds is found without a look at what else is parked", arguments: ["count", "list", "release"])
  func backlogPlans(what: String) throws {
    let fixture = try StoreFixture()
    let plans = try plans(fixture) { transaction in
      switch what {
      case "count": _ = try transaction.backlog()
      case "list": _ = try transaction.backlogged()
      default: try transaction.releaseBacklog(now: fixture.now)
      }
    }
    #expect(plans.contains { $0.contains("INDEX reminder_backlog") }, "\(plans)")
    #expect(!plans.contains { $0.contains("reminder_parked") }, "\(plans)")
  }

  @Test("What is next is the least of the planned, of what expires while parked, and of deadlines")
  func nextWake() throws {
    let fixture = try StoreFixture { settings in
      for name in settings.plans.keys { settings.plans[name]?.escalation = nil }
    }
    #expect(try fixture.store.read { try $0.nextWake() } == nil)
    let id = try fixture.visit(try fixture.patient())
    let first = try #require(Instant("2026-12-07T10:00:00Z"))
    #expect(try fixture.store.read { try $0.nextWake() } == first)
    let soon = fixture.now + 60
    try fixture.store.write { try $0.setDeadline(.retention, subject: "clinic", at: soon) }
    #expect(try fixture.store.read { try $0.nextWake() } == soon)
    try fixture.store.write { try $0.removeDeadline(.retention, subject: "clinic") }
    try fixture.execute("UPDATE reminder SET state = 'held', wake_at = NULL WHERE occurrence_id = \(id)")
    #expect(try fixture.store.read { try $0.nextWake() } == Instant("2026-12-08T14:30:00Z"))
    try fixture.execute("UPDATE reminder SET state = 'sent' WHERE occurrence_id = \(id)")
    #expect(try fixture.store.read { try $0.nextWake() } == nil)
  }

  @Test("R17: what is due of a priority comes by expiry, then by instant, over batches too")
  func triage() throws {
    let fixture = try StoreFixture()
    let patient = try fixture.patient()
    for _ in 0..<20 {
      for plan in ["visit", "surgery", "biopsy"] { try fixture.visit(patient, plan: plan) }
    }
    let end = try #require(Instant("2026-12-07T10:00:00Z"))
    try fixture.execute("UPDATE reminder SET expires_at = expires_at - id % 7, planned_at = planned_at - id")
    for priority in Priority.allCases {
      let ids = try fixture.store.read { try $0.due(priority, now: end, limit: 100) }
      #expect(ids.count == 20)
      let found = try fixture.store.read { transaction in try ids.compactMap { try transaction.reminder($0) } }
      #expect(found.allSatisfy { $0.priority == priority })
      #expect(
        zip(found, found.dropFirst()).allSatisfy { ($0.expiresAt, $0.plannedAt) < ($1.expiresAt, $1.plannedAt) })
      #expect(try fixture.store.read { try $0.due(priority, now: end, limit: 5) } == Array(ids.prefix(5)))
    }
  }

  @Test("What is parked is looked at again when it expires, and not before")
  func parked() throws {
    let fixture = try StoreFixture()
    try fixture.visit(try fixture.patient())
    try fixture.execute("UPDATE reminder SET state = 'held', wake_at = NULL WHERE step = 'day-before'")
    let expiry = try #require(Instant("2026-12-08T14:30:00Z"))
    func steps(_ now: Instant) throws -> [String] {
      try fixture.store.read { transaction in
        try transaction.parkedPastUse(now: now, limit: 10).compactMap { try transaction.reminder($0)?.step }
      }
    }
    #expect(try steps(expiry - 1) == [])
    #expect(try steps(expiry) == ["day-before"])
  }

  @Test("A deadline is one for each kind and subject")
  func deadlines() throws {
    let fixture = try StoreFixture()
    let now = fixture.now
    try fixture.store.write { transaction in
      try transaction.setDeadline(.retention, subject: "clinic", at: now + 10)
      try transaction.setDeadline(.retention, subject: "clinic", at: now + 20)
      try transaction.setDeadline(.holdEnd, subject: "H-1", at: now + 5)
    }
    let due = try fixture.store.read { try $0.dueDeadlines(now: now + 20, limit: 10) }
    #expect(due.map(\.subject) == ["H-1", "clinic"])
    #expect(due.map(\.dueAt) == [now + 5, now + 20])
    #expect(try fixture.store.read { try $0.dueDeadlines(now: now + 19, limit: 10) }.count == 1)
  }

  @Test("R6: the newest instant on record is of what happened, never of what is planned")
  func newestRecorded() throws {
    let fixture = try StoreFixture()
    #expect(try fixture.store.read { try $0.newestRecorded() } == nil)
    try fixture.visit(try fixture.patient())
    #expect((try fixture.store.read { try $0.newestRecorded() } ?? .distantPast) <= fixture.now)
    let later = fixture.now + 500
    try fixture.store.write { _ = try $0.audit(AuditRecord("x", "clinic"), by: .daemon, at: later) }
    #expect(try fixture.store.read { try $0.newestRecorded() } == later)
  }
}

/// Takes nothing back.
private struct Nobody: Withdrawing {
  func withdraw(message id: Int64) -> Bool { false }
}
