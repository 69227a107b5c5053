import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Foundation
import Support
import Synchronization
import Testing

@testable import FollowUpService

/// Planning anew while the daemon runs: zone files, configuration, plans, patients (R3, R10; promises 18 and 49).
@Suite struct PlanningAnewTests {
  /// A zoneinfo folder to replace files in, as package managers do: by renaming.
  final class ZoneFolder: Sendable {
    private let folder: TemporaryDirectory
    var path: String { folder.path("zoneinfo") }
    var zones: SystemZones { SystemZones(folder: path) }

    init() throws {
      folder = try TemporaryDirectory()
      try folder.write("zoneinfo/tzdata.zi", "# version 2026f\n")
      for name in ["UTC", "Europe/Berlin", "America/Vancouver"] { try put(name, at: name) }
    }

    func put(_ name: String, at place: String) throws {
      let bytes = try Data(contentsOf: URL(filePath: Repository.fixture("vectors/zoneinfo/\(name)")))
      let file = URL(filePath: "\(path)/\(place)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: file, options: .atomic)
    }

    func release(_ version: String) throws { try folder.write("zoneinfo/tzdata.zi", "# version \(version)\n") }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
  }

  private func plannedAt(_ clinic: SendingClinic, _ step: String = "day-before") async throws -> [Int64] {
    try await clinic.query("SELECT planned_at FROM reminder WHERE step = '\(step)' ORDER BY id").compactMap(Int64.init)
  }

  @Test(
    "R3: a zone file replaced under the running daemon: what is ahead moves, what was sent does not, the journal counts"
  )
  func zoneReplaced() async throws {
    let folder = try ZoneFolder()
    let clinic = try SendingClinic(zones: folder.zones) { $0.clinic.zone = "Europe/Berlin" }
    try clinic.patient()
    try clinic.followUp("p1", "2026-12-08 14:30")
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T09:00:00Z")
    #expect(clinic.email.sent.count == 1)
    let (sent, ahead) = (try await plannedAt(clinic, "three-days"), try await plannedAt(clinic))
    try folder.put("Europe/London", at: "Europe/Berlin")
    try folder.release("2027a")
    // The watchdog's beat looks at the files.
    try await clinic.settle()
    #expect(try await plannedAt(clinic, "three-days") == sent)
    #expect(try await plannedAt(clinic) == ahead.map { $0 + 3600 })
    #expect(
      clinic.log.all.filter {
        $0.contains("the rules of the zone files changed, their version is 2027a, reminders moved: 2")
      }.count == 1,
      "\(clinic.log.all)")
    // At the old instant nothing leaves, at the new one it does.
    try await clinic.advance(to: "2026-12-07T09:59:59Z")
    #expect(clinic.email.sent.count == 1)
    try await clinic.advance(to: "2026-12-07T10:00:00Z")
    #expect(clinic.email.sent.count == 2)
    #expect(try await clinic.query("SELECT verb, fields FROM audit WHERE verb = 'replan'").count == 1)
    #expect(try await clinic.query("SELECT zone_data FROM instance") == ["2027a"])
  }

  @Test("R3: of other rules under the same version the journal does not say that the version is new")
  func sameVersion() async throws {
    let folder = try ZoneFolder()
    let clinic = try SendingClinic(zones: folder.zones) { $0.clinic.zone = "Europe/Berlin" }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try folder.put("Europe/London", at: "Europe/Berlin")
    try await clinic.settle()
    #expect(
      clinic.log.all.contains {
        $0.contains("the rules of the zone files changed, their version is 2026f, reminders moved: 3")
      }, "\(clinic.log.all)")
    #expect(!clinic.log.all.contains { $0.contains("changed to 2026f") })
  }

  @Test("R3: zone files that come again with the same rules plan nothing anew")
  func sameRules() async throws {
    let folder = try ZoneFolder()
    let clinic = try SendingClinic(zones: folder.zones) { $0.clinic.zone = "Europe/Berlin" }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    let rows = try await clinic.query("SELECT * FROM reminder")
    try folder.put("Europe/Berlin", at: "Europe/Berlin")
    try await clinic.settle()
    #expect(try await clinic.query("SELECT * FROM reminder") == rows)
    #expect(!clinic.log.all.contains { $0.contains("zone files") })
  }

  @Test("Promise 18: without the clinic's own zone the rules read before stay in force, and it is told")
  func clinicZoneGone() async throws {
    let folder = try ZoneFolder()
    let clinic = try SendingClinic(zones: folder.zones) { $0.clinic.zone = "Europe/Berlin" }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try folder.remove("Europe/Berlin")
    try await clinic.settle()
    #expect(clinic.dispatcher.zoneTrouble?.code == "unknown-zone")
    #expect(clinic.log.all.filter { $0.contains("cannot be used") }.count == 1)
    try await clinic.advance(to: "2026-12-05T09:00:00Z")
    #expect(clinic.email.sent.count == 1)
    try folder.put("Europe/Berlin", at: "Europe/Berlin")
    try await clinic.settle()
    #expect(clinic.dispatcher.zoneTrouble == nil)
  }

  @Test("Promise 18: a patient's zone that vanishes is a task at once, and comes back; other patients go on")
  func zoneGone() async throws {
    let folder = try ZoneFolder()
    let clinic = try SendingClinic(zones: folder.zones) { $0.clinic.zone = "Europe/Berlin" }
    for ref in ["p1", "p2"] {
      try clinic.patient(ref)
      try clinic.followUp(ref)
    }
    try clinic.call(EditPatient.self, Self.edit("p1") { $0.zone = "America/Vancouver" })
    try await clinic.run()
    try folder.remove("America/Vancouver")
    try await clinic.settle()
    #expect(try await clinic.tasks() == ["manual|F-1@2026-12-08"])
    #expect(clinic.log.all.contains { $0.contains("time zone cannot be read: 1") })
    try await clinic.advance(to: "2026-12-05T09:00:00Z")
    #expect(clinic.email.sent.map(\.address) == ["p2@example.org"])
    try folder.put("America/Vancouver", at: "America/Vancouver")
    try await clinic.settle()
    #expect(try await clinic.tasks() == [])
    try await clinic.advance(to: "2026-12-05T18:00:00Z")
    #expect(clinic.email.sent.count == 2)
  }

  @Test("R10: what is due when the plan has another time for it does not leave while its batch is still to come")
  func dueFirst() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    for day in 0..<(Replanner.batch + 20) {
      let date = try #require(CivilDate("2027-01-04")).adding(days: day / 4)
      try clinic.call(
        AddFollowUp.self, Self.add("p1", "\(date) \(day % 4 + 10):00"))
    }
    try clinic.patient("p2")
    try clinic.followUp("p2", "2026-12-08 14:30")
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)))
    let next = try clinic.afterKill { $0.plans["visit"]?.steps[0].at = .literal("-3d 12:00") }
    try await next.run()
    #expect(next.email.sent.isEmpty)
    #expect(next.dispatcher.awaitPlanning(within: 5))
    try await next.advance(to: "2026-12-05T18:59:59Z")
    #expect(next.email.sent.isEmpty)
    try await next.advance(to: "2026-12-05T19:00:00Z")
    #expect(next.email.sent.map(\.address) == ["p2@example.org"])
    let moved = next.log.all.filter { $0.contains("reminders are planned anew, \(Replanner.batch + 21):") }
    #expect(moved.count == 1, "\(next.log.all)")
  }

  @Test("R10: a patient's other hours, zone or language decide anew what is ahead and what waits for its hour")
  func patientEdits() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.edit("UPDATE patient SET hours = '16:00-17:00'")
    try await clinic.run()
    // Ten o'clock in Vancouver: it waits for four in the afternoon.
    try await clinic.advance(to: "2026-12-05T18:00:00Z")
    #expect(try await clinic.reminders("three-days") == ["deferred|outside-hours"])
    try clinic.call(EditPatient.self, Self.edit("p1") { $0.hours = "09:00-19:00" })
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
    let before = try await plannedAt(clinic)
    try clinic.call(EditPatient.self, Self.edit("p1") { $0.zone = "Europe/Berlin" })
    #expect(try await plannedAt(clinic) == before.map { $0 - 8 * 3600 })
    try clinic.call(EditPatient.self, Self.edit("p1") { $0.zone = "" })
    #expect(try await plannedAt(clinic) == before)
    try clinic.call(EditPatient.self, Self.edit("p1") { $0.callOnly = true })
    try await clinic.advance(to: SendingClinic.secondDue)
    try await clinic.advance(by: 7200)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.tasks() == ["call-only|F-1@2026-12-08"])
  }

  @Test("R10: added or moved late, the latest due step is sent and the others are superseded")
  func late() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    clinic.clock.advance(to: try #require(Instant("2026-12-07T20:00:00Z")))
    try clinic.followUp("p1", "2026-12-08 14:30")
    try await clinic.run()
    #expect(try await clinic.reminders("three-days") == ["superseded|later"])
    #expect(try await clinic.reminders("day-before") == ["sent"])
    var move = MoveFollowUp.Request(id: "F-1", when: "2026-12-08 16:00")
    move.by = "patient"
    try clinic.call(MoveFollowUp.self, move)
    try await clinic.settle()
    #expect(try await clinic.reminders("three-days").last == "superseded|later")
    #expect(try await clinic.reminders("day-before") == ["sent", "sent"])
    #expect(clinic.email.sent.count == 2)
  }

  @Test("R10: nothing is left for an urgent visit after its plan changed: a person takes over")
  func lost() async throws {
    let clinic = try SendingClinic { $0.plans["visit"]?.priority = .urgent }
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try clinic.reload { $0.plans["visit"]?.steps.removeAll { $0.at.isBefore } }
    try await clinic.settle()
    #expect(try await clinic.tasks() == ["manual|F-1@2026-12-08"])
    #expect(try await clinic.reminders("day-before") == ["superseded|plan-changed"])
  }

  @Test("A change that was made by a configuration no longer in force is planned anew once it is committed")
  func overtaken() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    let rows = try await clinic.query("SELECT planned_at FROM reminder ORDER BY id")
    // As a command would have left it that began before the reload and ended after.
    try await clinic.edit("UPDATE reminder SET planned_at = planned_at + 600, wake_at = wake_at + 600")
    clinic.dispatcher.planAgain()
    try await clinic.settle()
    #expect(try await clinic.query("SELECT planned_at FROM reminder ORDER BY id") == rows)
  }

  /// Zones whose files change while a command reads them.
  private final class ChangingZones: ZoneSource {
    private let zones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
    private let reloads = Mutex(0)

    var version: String? { zones.version }
    var generation: Int { reloads.withLock { $0 } }

    func zone(named name: String) throws(ZoneError) -> Zone {
      reloads.withLock { $0 += 1 }
      return try zones.zone(named: name)
    }
  }

  @Test("R3: a change made by zone files that were replaced meanwhile is planned anew once it is committed")
  func zonesOvertaken() throws {
    for isChanging in [false, true] {
      let clinic = try SendingClinic()
      try clinic.patient()
      let asked = Mutex(0)
      let (settings, now) = (clinic.settings, clinic.clock.now())
      let zones: any ZoneSource =
        isChanging ? ChangingZones() : SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
      let dispatch = Dispatch(
        context: Context(
          store: clinic.store, now: { now }, zones: zones, settings: { settings },
          withdrawing: clinic.claims, poke: {}, planAgain: { asked.withLock { $0 += 1 } }),
        service: QuietService(),
        identities: Identities(ownUID: 400, userName: { [1001: "ana"][$0] }, group: { ["followup": 50][$0] }))
      let call = VarlinkCall(
        method: AddFollowUp.name, parameters: try WireJSON.encode(Self.add("p1", "2026-12-08 14:30")))
      _ = try dispatch.answer(call, from: Peer(uid: 1001, gid: 1001, pid: 1, groups: [50])).get()
      #expect(asked.withLock { $0 } == (isChanging ? 1 : 0))
    }
  }

  @Test("Series are looked at again a batch a pass, however many there are")
  func seriesInBatches() async throws {
    let clinic = try SendingClinic()
    let count = 2 * Replanner.batch + 100
    try await clinic.edit(
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
      INSERT INTO deadline (kind, subject, due_at, wake_at) SELECT 'horizon', 'F-' || i, 9000000000, 9000000000 FROM n
      """)
    var settings = clinic.settings
    settings.plans["visit"]?.title = "Another"
    let zones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
    let now = clinic.clock.now()
    var state = PlanningState.unchecked
    var woken = [0]
    for _ in 0..<20 where !state.isDone {
      try clinic.store.write { transaction in
        var round = PlanningRound(transaction, state: state, now: now, withdrawing: NoWithdrawal())
        try round.run(by: Replanner(settings, zones))
        state = round.state
      }
      woken.append(
        Int(try await clinic.query("SELECT count(*) FROM deadline WHERE wake_at <= \(now.seconds)")[0]) ?? -1)
    }
    #expect(state.isDone)
    #expect(woken.last == count)
    #expect(zip(woken, woken.dropFirst()).allSatisfy { $1 - $0 <= Replanner.batch }, "\(woken)")
  }

  static func edit(_ who: String, _ change: (inout EditPatient.Request) -> Void) -> EditPatient.Request {
    var request = EditPatient.Request(who: who)
    change(&request)
    return request
  }

  static func add(_ who: String, _ when: String) -> AddFollowUp.Request {
    AddFollowUp.Request(who: who, when: when, anyHour: true)
  }
}
