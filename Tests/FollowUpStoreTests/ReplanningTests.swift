import FollowUpCore
import Foundation
import Support
import Synchronization
import Testing

@testable import FollowUpStore

/// Everything open planned anew, in the database (R3, R10).
@Suite struct ReplanningTests {
  private let fixture: StoreFixture
  private let zones: TableZones

  init() throws {
    fixture = try StoreFixture { settings in
      settings.contactHours.week = ContactHours(daily: [.literal("00:00-24:00")])
    }
    zones = try TableZones()
    try fixture.store.write {
      try $0.endPlanning(by: Replanner(fixture.settings, zones), now: fixture.now)
    }
  }

  private func plans(_ change: (inout Plan) -> Void) -> Settings {
    var settings = fixture.settings
    for name in settings.plans.keys { change(&settings.plans[name, default: Plan(name: name, title: "")]) }
    return settings
  }

  /// Compares first, then does it: both must tell the same. A second time changes nothing.
  private func replan(_ settings: Settings) throws -> PlanningTally {
    let replanner = try Replanner(settings, zones)
    let outlook = try replanner.outlook(fixture.store, now: fixture.now)
    let tally = try replanner.run(fixture.store, now: fixture.now)
    #expect(outlook == tally)
    let rows = try fixture.query("SELECT * FROM reminder ORDER BY id") + fixture.query("SELECT * FROM deadline")
    try fixture.store.write { try $0.beginPlanning(by: replanner.digest) }
    #expect(try replanner.run(fixture.store, now: fixture.now).occurrences == 0)
    #expect(try fixture.query("SELECT * FROM reminder ORDER BY id") + fixture.query("SELECT * FROM deadline") == rows)
    return tally
  }

  private func unsent() throws -> [String] {
    try fixture.query(
      "SELECT step, state FROM reminder WHERE planned_at <= \(fixture.now.seconds) AND wake_at IS NOT NULL")
  }

  @Test("R10: a step inserted is added where it is ahead and superseded where it is past; the counts are told first")
  func inserted() throws {
    let patient = try fixture.patient()
    for days in [1, 3, 5, 20] { try fixture.visit(patient, days: days) }
    let settings = plans { $0.steps.insert(Step(id: "week", at: .literal("-4d 10:00"), template: "visit"), at: 0) }
    let tally = try replan(settings)
    #expect((tally.added, tally.moved, tally.cancelled) == (2, 0, 0))
    #expect(
      try fixture.query("SELECT occurrence_id, state, reason FROM reminder WHERE step = 'week' ORDER BY 1")
        == ["1|superseded|plan-changed", "2|superseded|plan-changed", "3|planned|", "4|planned|"])
    #expect(try unsent().isEmpty)
    #expect(try fixture.query("SELECT DISTINCT plan_version_id FROM reminder WHERE state = 'planned'").count == 1)
  }

  @Test("R10: a step removed is superseded, one moved is moved, and both come back with the plan that was")
  func removedAndMended() throws {
    let patient = try fixture.patient()
    for days in [5, 20] { try fixture.visit(patient, plan: "surgery", days: days) }
    let before = try fixture.query("SELECT step, state, reason, planned_at, wake_at FROM reminder ORDER BY id")
    let settings = plans { plan in
      plan.steps.removeAll { $0.id == "papers" }
      plan.steps[0].at = .literal("-2d 11:00")
    }
    var tally = try replan(settings)
    #expect((tally.added, tally.moved, tally.cancelled) == (0, 2, 2))
    #expect(
      try fixture.reminders(1)
        == ["day-before|planned|", "papers|superseded|plan-changed", "thanks|planned|", "missed|planned|"])
    tally = try replan(fixture.settings)
    #expect((tally.added, tally.moved, tally.cancelled) == (2, 2, 0))
    #expect(try fixture.query("SELECT step, state, reason, planned_at, wake_at FROM reminder ORDER BY id") == before)
  }

  @Test("R10: what was sent, or is on its way, is not touched by another plan")
  func sent() throws {
    try fixture.visit(try fixture.patient(), days: 5)
    try fixture.execute("UPDATE reminder SET state = 'sent', wake_at = NULL WHERE step = 'day-before'")
    try fixture.execute("UPDATE reminder SET state = 'claimed', wake_at = NULL WHERE step = 'papers'")
    let before = try fixture.query("SELECT * FROM reminder WHERE step IN ('day-before', 'papers')")
    let tally = try replan(plans { plan in for index in 0...1 { plan.steps[index].at = .literal("-2d 10:00") } })
    #expect(tally.isEmpty)
    #expect(try fixture.query("SELECT * FROM reminder WHERE step IN ('day-before', 'papers')") == before)
  }

  @Test("R3: other rules of a zone move its anchors, reminders and escalations; what was sent and other zones stay")
  func otherRules() throws {
    let patient = try fixture.patient()
    try fixture.execute("UPDATE patient SET zone = 'Europe/Berlin'")
    let ids = try [6, 8].map { try zoned(patient, "Europe/Berlin", days: $0) }
    let other = try fixture.visit(try fixture.patient("p2"), plan: "surgery", days: 8)
    try fixture.execute(
      "UPDATE reminder SET state = 'sent', wake_at = NULL WHERE step = 'day-before' AND occurrence_id = \(ids[0])")
    let query = "SELECT occurrence_id, step, planned_at FROM reminder ORDER BY id"
    let (before, anchors) = (try fixture.query(query), try fixture.query("SELECT anchor_at FROM occurrence"))
    let escalations = try fixture.query("SELECT due_at FROM deadline ORDER BY id")
    zones.replace("Europe/Berlin", by: "Europe/London")
    let tally = try replan(fixture.settings)
    #expect((tally.added, tally.moved, tally.cancelled) == (0, 7, 0))
    func later(_ line: String) -> String {
      let parts = line.split(separator: "|")
      let isMoved = !line.hasPrefix("\(other)|") && !line.hasPrefix("\(ids[0])|day-before|")
      return isMoved ? "\(parts[0])|\(parts[1])|\((Int(parts[2]) ?? 0) + 3600)" : line
    }
    #expect(try fixture.query(query) == before.map(later))
    #expect(
      try fixture.query("SELECT anchor_at FROM occurrence").map { Int($0) ?? 0 }
        == zip(anchors, [3600, 3600, 0]).map { (Int($0) ?? 0) + $1 })
    #expect(
      try fixture.query("SELECT due_at FROM deadline ORDER BY id").map { Int($0) ?? 0 }
        == zip(escalations, [3600, 3600, 0]).map { (Int($0) ?? 0) + $1 })
    #expect(try fixture.query("SELECT DISTINCT revision FROM occurrence") == ["1"])
  }

  @Test("Promise 18: a zone that is gone fails its own rows, as tasks; others go on, and its return closes them")
  func zoneGone() throws {
    let patient = try fixture.patient()
    let gone = try zoned(patient, "Europe/Berlin", days: 6)
    try fixture.visit(patient, days: 8)
    zones.remove("Europe/Berlin")
    let tally = try replan(plans { $0.steps[0].at = .literal("-2d 10:00") })
    #expect((tally.moved, tally.unreadable) == (1, 1))
    #expect(try fixture.query("SELECT subject, reason, state FROM task") == ["F-1@2026-11-30|manual|open"])
    #expect(try fixture.reminders(gone).allSatisfy { $0.hasSuffix("|planned|") })
    try zones.restore("Europe/Berlin")
    #expect(try replan(fixture.settings).unreadable == 0)
    #expect(try fixture.query("SELECT reason, state, closed_by FROM task") == ["manual|closed|followupd"])
  }

  @Test("Promise 18: a zone renamed, with a link left behind, goes on by either name, and nothing moves")
  func renamed() throws {
    let patient = try fixture.patient()
    try fixture.execute("UPDATE patient SET zone = 'Europe/Berlin'")
    try zoned(patient, "Europe/Berlin", days: 6)
    zones.replace("Europe/Stadt", by: "Europe/Berlin")
    var tally = try replan(fixture.settings)
    #expect((tally.occurrences, tally.unreadable) == (0, 0))
    try fixture.execute("UPDATE patient SET zone = 'Europe/Stadt'; UPDATE occurrence SET zone = 'Europe/Stadt'")
    zones.remove("Europe/Berlin")
    tally = try replan(fixture.settings)
    #expect((tally.occurrences, tally.unreadable) == (0, 0))
  }

  @Test("A crash in the middle leaves a mark: the next start begins anew, even with the configuration of before")
  func crash() throws {
    let old = try Replanner(fixture.settings, zones)
    let new = try Replanner(plans { $0.title = "Another" }, zones)
    #expect(try fixture.store.read { try $0.plannedBy() }.isAll(old.digest))
    try fixture.store.write { try $0.beginPlanning(by: new.digest) }
    let planned = try fixture.store.read { try $0.plannedBy() }
    #expect(!planned.isAll(old.digest) && !planned.isAll(new.digest))
    #expect(planned.digest == old.digest)
    _ = try new.run(fixture.store, now: fixture.now)
    #expect(try fixture.store.read { try $0.plannedBy() }.isAll(new.digest))
  }

  @Test("A digest is that of what planning depends on, and of nothing else")
  func digests() throws {
    let digest = try PlanningDigest(fixture.settings, zones)
    func changed(_ change: (inout Settings) -> Void) throws -> Bool {
      var settings = fixture.settings
      change(&settings)
      return try PlanningDigest(settings, zones) != digest
    }
    #expect(try changed { $0.plans["visit"]?.steps[0].at = .literal("-2d 10:00") })
    #expect(try changed { $0.contactHours.week = .standard })
    #expect(try changed { $0.clinic.zone = "Europe/Berlin" })
    #expect(try !changed { $0.clinic.name = "Another" })
    #expect(try !changed { $0.budget.perAddressPerDay = 5 })
    zones.replace("Europe/Berlin", by: "Europe/London")
    #expect(try PlanningDigest(fixture.settings, zones) != digest)
  }

  @Test("A plan that is gone from the configuration goes on by its last loaded text, not by its newest row")
  func lastText() throws {
    try fixture.visit(try fixture.patient(), days: 8)
    _ = try replan(plans { $0.steps[0].at = .literal("-2d 10:00") })
    try fixture.store.write {
      try $0.endPlanning(by: Replanner(fixture.settings, zones), now: fixture.now + 60)
    }
    #expect(try fixture.store.read { try $0.latestPlan(named: "visit") } == fixture.settings.plans["visit"])
  }

  @Test("R10: more than a batch is planned whole, past closed occurrences, and what is not open stays")
  func batches() throws {
    let patient = try fixture.patient()
    let count = 2 * Replanner.batch + 100
    try fixture.store.write { transaction in
      for index in 0..<count {
        let anchor = CivilDateTime(
          date: try #require(CivilDate("2026-12-01")).adding(days: index % 40), time: .literal("14:30"))
        let followUp = try transaction.insert(
          FollowUp(
            patientID: patient, plan: "visit", priority: .routine, owner: .role("nurse"), anchor: anchor, zone: "UTC",
            now: fixture.now))
        let id = try transaction.insert(
          Occurrence(
            followUpID: followUp, key: anchor.date, anchor: anchor, zone: "UTC", anchorAt: Zone.utc.instant(of: anchor),
            now: fixture.now))
        try transaction.plan(occurrence: id, settings: fixture.settings, zones: zones, now: fixture.now)
      }
    }
    try fixture.execute("UPDATE occurrence SET status = 'cancelled' WHERE id % 7 = 0")
    try fixture.execute("UPDATE reminder SET state = 'cancelled', wake_at = NULL WHERE occurrence_id % 7 = 0")
    let open = count - count / 7
    let tally = try replan(plans { $0.steps[0].at = .literal("-1d 11:00") })
    #expect((tally.moved, tally.occurrences) == (open, open))
    #expect(try fixture.query("SELECT count(*) FROM reminder WHERE state = 'cancelled'") == ["\(count / 7 * 4)"])
  }

  @Test("Promise 33: a row that does not parse, where a batch is full, keeps none after it from being planned")
  func unparsed() throws {
    let patient = try fixture.patient()
    let count = Replanner.batch + 100
    for index in 0..<count { try fixture.visit(patient, days: 5 + index % 40) }
    try fixture.execute("PRAGMA ignore_check_constraints = 1")
    try fixture.execute("UPDATE occurrence SET answer = 'perhaps' WHERE id IN (3, \(Replanner.batch))")
    try fixture.execute("PRAGMA ignore_check_constraints = 0")
    let tally = try replan(plans { $0.steps[0].at = .literal("-1d 11:00") })
    #expect(tally.moved == count - 2)
  }

  /// An occurrence whose anchor is of another zone than UTC.
  @discardableResult
  private func zoned(_ patient: Int64, _ zone: String, days: Int) throws -> Int64 {
    try fixture.store.write { transaction in
      let date = try #require(CivilDate("2026-11-24")).adding(days: days)
      let anchor = CivilDateTime(date: date, time: .literal("14:30"))
      let followUp = try transaction.insert(
        FollowUp(
          patientID: patient, plan: "surgery", priority: .soon, owner: .role("nurse"), anchor: anchor, zone: zone,
          now: fixture.now))
      let id = try transaction.insert(
        Occurrence(
          followUpID: followUp, key: anchor.date, anchor: anchor, zone: zone,
          anchorAt: try zones.zone(named: zone).instant(of: anchor), now: fixture.now))
      try transaction.plan(occurrence: id, settings: fixture.settings, zones: zones, now: fixture.now)
      return id
    }
  }
}

/// Zones by name, to be replaced and removed at will.
private final class TableZones: ZoneSource {
  private let files = Mutex<[String: [UInt8]]>([:])

  var version: String? { "test" }
  var fingerprint: UInt64 {
    files.withLock { files in stableHash(files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined()) }
  }

  init() throws {
    for name in ["Europe/Berlin", "Europe/London"] { try restore(name) }
  }

  func zone(named name: String) throws(ZoneError) -> Zone {
    if name == "UTC" { return .utc }
    guard let bytes = files.withLock({ $0[name] }) else { throw .unknown(name: name, suggestion: nil) }
    return try Zone(name: name, tzif: bytes)
  }

  func replace(_ name: String, by other: String) { files.withLock { $0[name] = $0[other] } }
  func remove(_ name: String) { files.withLock { $0[name] = nil } }
  func restore(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: Repository.fixture("vectors/zoneinfo/\(name)"))))
    files.withLock { $0[name] = bytes }
  }
}
