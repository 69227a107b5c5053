import FollowUpCore
import Foundation
import GRDB
import Glibc
import Support
import Testing

@testable import FollowUpStore

/// A database of its own in a fresh folder, and rows to put into it.
final class StoreFixture {
  let folder: TemporaryDirectory
  let zones = OneZone()
  let settings: Settings
  /// Monday 23 November 2026, 18:00 UTC.
  let now = Instant(1_795_456_800)
  private(set) var store: SQLiteStore

  init(_ adjust: (inout Settings) -> Void = { _ in }) throws {
    folder = try TemporaryDirectory()
    var settings = Settings(clinic: Clinic(name: "Riverside", zone: "UTC", phone: "+1 604 555 0100"))
    for (name, priority) in [("visit", Priority.routine), ("surgery", .soon), ("biopsy", .urgent)] {
      settings.plans[name] = Plan(
        name: name, title: "A visit", priority: priority, taskOwner: .role("nurse"),
        steps: [
          Step(id: "day-before", at: .literal("-1d 10:00"), template: "visit"),
          Step(id: "papers", at: .literal("-1d 15:00"), template: "visit", when: .expected),
          Step(id: "thanks", at: .literal("0d 18:00"), template: "visit", when: .completed),
          Step(id: "missed", at: .literal("+1d 10:00"), template: "visit-missed", when: .missed),
        ], escalation: Escalation(after: .literal("-1d 12:00"), to: .role("nurse")))
    }
    adjust(&settings)
    self.settings = settings
    store = try SQLiteStore(StateDirectory(path: folder.path("state")), mode: .live, now: now)
  }

  var directory: StateDirectory { store.directory }

  @discardableResult
  func patient(_ ref: String = "p1") throws -> Int64 {
    try store.write { transaction in
      let id = try transaction.insert(Patient(ref: ref, name: "Maria Álvarez", now: now))
      _ = try transaction.insert(
        Contact(
          patientID: id, channel: "email",
          address: Address(typed: "\(ref)@example.org", normalised: "\(ref)@example.org"), rank: 1, consent: .granted,
          consentSource: "staff", now: now))
      return id
    }
  }

  /// An occurrence with its reminders; `days` from 24 November on, at 14:30 UTC. Returns its number.
  @discardableResult
  func visit(_ patient: Int64, plan: String = "visit", days: Int = 14) throws -> Int64 {
    try store.write { transaction in
      let date = CivilDate("2026-11-24")?.adding(days: days)
      let anchor = CivilDateTime(date: try #require(date), time: .literal("14:30"))
      let followUp = try transaction.insert(
        FollowUp(
          patientID: patient, plan: plan, priority: settings.plans[plan]?.priority ?? .routine, owner: .role("nurse"),
          anchor: anchor, zone: "UTC", now: now))
      let id = try transaction.insert(
        Occurrence(
          followUpID: followUp, key: anchor.date, anchor: anchor, zone: "UTC", anchorAt: Zone.utc.instant(of: anchor),
          now: now))
      try transaction.plan(occurrence: id, settings: settings, zones: zones, now: now)
      return id
    }
  }

  /// Changes an occurrence and settles what hangs on it, as a command does.
  func change(_ occurrence: Int64, at now: Instant? = nil, _ body: (inout Occurrence) -> Void) throws {
    let now = now ?? self.now
    try store.write { transaction in
      var found = try #require(try transaction.occurrence(id: occurrence))
      body(&found)
      try transaction.update(found, now: now)
      try transaction.plan(occurrence: occurrence, settings: settings, zones: zones, now: now)
      try transaction.settle(occurrence: occurrence, now: now)
    }
  }

  /// The rows of a query as text, columns joined by `|`.
  func query(_ sql: String) throws -> [String] {
    try store.read { transaction in
      try Row.fetchAll(transaction.db, sql: sql).map { row in
        row.databaseValues.map { $0.isNull ? "" : "\($0.storage.value ?? "")" }.joined(separator: "|")
      }
    }
  }

  func execute(_ sql: String) throws { try store.write { try $0.db.execute(sql: sql) } }

  /// STEP|STATE|REASON of an occurrence's reminders at a revision, in the plan's order.
  func reminders(_ occurrence: Int64, revision: Int = 1) throws -> [String] {
    try query(
      """
      SELECT step, state, coalesce(reason, '') FROM reminder WHERE occurrence_id = \(occurrence) AND revision = \(revision)
      ORDER BY intended_at, id
      """)
  }
}

/// UTC and nothing else.
struct OneZone: ZoneSource {
  var version: String? { nil }

  func zone(named name: String) throws(ZoneError) -> Zone {
    guard name == "UTC" else { throw .unknown(name: name, suggestion: nil) }
    return .utc
  }
}

/// What a run of the daemon leaves: a folder without anyone who holds it.
func leftBehind(clean: Bool = true, _ body: (StoreFixture) throws -> Void = { _ in }) throws -> TemporaryDirectory {
  let fixture = try StoreFixture()
  try body(fixture)
  if clean { try fixture.store.close() }
  return fixture.folder
}

/// Opens what nobody holds any more. A program that another test starts at this moment has the lock's descriptor until its
/// `exec`, and so "another instance" is asked again for a while.
func open(_ folder: TemporaryDirectory, at now: Instant = Instant(1_795_456_900)) throws(StoreError) -> SQLiteStore {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(10)
  while true {
    do {
      return try SQLiteStore(StateDirectory(path: folder.path("state")), mode: .live, now: now)
    } catch .anotherInstance where clock.now < deadline {
      usleep(1000)
    } catch {
      throw error
    }
  }
}

/// The error that opening ends with, or nil.
func openingError(_ folder: TemporaryDirectory) -> StoreError? {
  do throws(StoreError) {
    _ = try open(folder)
    return nil
  } catch { return error }
}
