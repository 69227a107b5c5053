import Foundation
import Glibc
import Support
import Testing

/// Planning anew, on the built programs (R3, R10; promises 18 and 49).
@Suite struct PlanningAnewTests {
  /// Puts a zone of the worked cases into a folder, by renaming.
  private func put(_ zone: String, at name: String, in folder: TemporaryDirectory) throws {
    let file = URL(filePath: folder.path("zoneinfo/\(name)"))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(contentsOf: URL(filePath: Repository.fixture("vectors/zoneinfo/\(zone)"))).write(
      to: file, options: .atomic)
  }

  private static let dayBefore = """
    [plan]
    name = "ahead"
    title = "Visit"
    [[step]]
    id = "day-before"
    at = "-1d 10:00"
    template = "visit"
    """

  private func plannedAt(_ daemon: Daemon, _ id: String) async throws -> [String] {
    try await daemon.reminders(of: id).compactMap { $0["plannedAt"].string }
  }

  @Test(
    "Promise 18: a zone file replaced under the running daemon: future reminders move, sent ones don't, the journal counts"
  )
  func zoneReplaced() async throws {
    let folder = try TemporaryDirectory()
    for zone in ["UTC", "Europe/Berlin"] { try put(zone, at: zone, in: folder) }
    try folder.write("zoneinfo/tzdata.zi", "# version 2026f\n")
    var clinic = ClinicFile()
    clinic.mode = "trial"
    clinic.plans["ahead"] = Self.dayBefore
    let daemon = try Daemon(clinic)
    try await daemon.start(environment: ["TZDIR": folder.path("zoneinfo")])
    try await daemon.addPatient("p1", contacts: ["--email", "p1@example.org", "--zone", "Europe/Berlin"])
    try await daemon.addPatient("p2")
    let sent = try await daemon.addVisit("p1")
    try await daemon.wait(for: sent, states: ["sent"])
    let ahead = try await daemon.addVisit("p1", at: "2031-02-05T14:30", plan: "ahead")
    let other = try await daemon.addVisit("p2", at: "2031-02-05T14:30", plan: "ahead")
    let before = try await (plannedAt(daemon, sent), plannedAt(daemon, other))
    #expect(try await plannedAt(daemon, ahead).map(Visit.sameInstant(as: "2031-02-04T09:00:00Z")) == [true])

    try put("Europe/London", at: "Europe/Berlin", in: folder)
    let release = URL(filePath: folder.path("zoneinfo/tzdata.zi"))
    try Data("# version 2027a\n".utf8).write(to: release, options: .atomic)
    try await eventually("the reminder moves", seen: { daemon.log }) {
      try await plannedAt(daemon, ahead).map(Visit.sameInstant(as: "2031-02-04T10:00:00Z")) == [true]
    }
    try await eventually("the journal counts", seen: { daemon.log }) {
      daemon.log.contains("the rules of the zone files changed, their version is 2027a, reminders moved: 1")
    }
    let after = try await (plannedAt(daemon, sent), plannedAt(daemon, other))
    #expect(after.0 == before.0 && after.1 == before.1)
    #expect(try await daemon.reminders(of: sent).map { $0["state"].string } == ["sent"])
    #expect(try await daemon.ctl("status")["zoneData"]["version"].string == "2027a")

    try FileManager.default.removeItem(atPath: folder.path("zoneinfo/Europe/Berlin"))
    try await eventually("its task", seen: { daemon.log }) {
      try await daemon.query("SELECT subject FROM task WHERE reason = 'manual' AND state = 'open'")
        == ["\(ahead)@2031-02-05"]
    }
    let next = try await daemon.addVisit("p2")
    try await daemon.wait(for: next, states: ["sent"])

    try folder.write("zoneinfo/UTC", "no zone")
    try await eventually("the clinic's zone is told", seen: { daemon.log }) {
      let told = try await daemon.ctl("status")["attention"].array.first {
        $0["what"].string?.contains("damaged") == true
      }
      guard let told else { return false }
      let words = ["what", "why", "action"].compactMap { told[$0].string }.joined(separator: ": ")
      return words.components(separatedBy: "reinstall the package tzdata").count == 2
    }
    try await daemon.stop()
  }

  @Test("Promise 49: a step inserted, reload with 400 open follow-ups: counted first, and nothing sent in the past")
  func stepInserted() async throws {
    var clinic = ClinicFile()
    clinic.mode = "trial"
    clinic.plans["ahead"] = Self.dayBefore
    let daemon = try Daemon(clinic)
    try await daemon.start()
    try await daemon.addPatient("p1")
    // Half of them are in three days, half in a year: a step five days before is past for the former.
    let count = 400
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for index in stride(from: worker, to: count, by: 4) {
            let minutes = (index % 2 == 0 ? 3 : 365) * 1440 + index
            try await daemon.addVisit("p1", at: Visit.minutesAhead(minutes), plan: "ahead")
          }
        }
      }
      try await group.waitForAll()
    }
    clinic.plans["ahead"] =
      Self.dayBefore + "\n[[step]]\nid = \"five-days\"\nat = \"-5d 10:00\"\ntemplate = \"visit\"\n"
    try daemon.write(clinic)
    func counts(_ answer: JSON) -> [Int?] { ["added", "moved", "cancelled"].map { answer[$0].int } }
    #expect(try await counts(daemon.ctl("plan", "check")) == [200, 0, 0])
    // The folder of the configuration means the plans in it.
    #expect(try await counts(daemon.ctl("plan", "check", daemon.folder.path("etc"))) == [200, 0, 0])
    let diff = try await daemon.ctl("config", "diff")
    #expect(counts(diff) == [200, 0, 0])
    #expect(diff["changes"].array.contains { $0["key"].string == "plans.ahead.step.five-days.at" })
    #expect(try await counts(daemon.ctl("reload", "-n")) == [200, 0, 0])
    #expect(try await daemon.query("SELECT count(*) FROM reminder WHERE step = 'five-days'") == ["0"])
    let text = try await daemon.ctl.text("reload")
    #expect(text.contains("Reminders: 200 added, 0 moved, 0 cancelled"))
    #expect(
      try await daemon.query(
        "SELECT state, coalesce(reason, ''), count(*) FROM reminder WHERE step = 'five-days' GROUP BY 1, 2 ORDER BY 1")
        == ["planned||200", "superseded|plan-changed|200"])
    #expect(try await daemon.query("SELECT count(*) FROM message") == ["0"])
    #expect(
      try await daemon.query("SELECT count(*) FROM reminder WHERE step = 'day-before' AND state = 'planned'") == ["400"]
    )
    #expect(try await counts(daemon.ctl("reload")) == [0, 0, 0])

    // A plan in use cannot vanish.
    try FileManager.default.removeItem(atPath: daemon.folder.path("etc/plans.d/ahead.toml"))
    let refused = try await daemon.ctl.attempt(["reload"])
    #expect(refused.code == 78)
    #expect(refused.failure["error"].string.map { $0.contains("'ahead'") && $0.contains("400") } == true, "\(refused)")
    for words in [["reload", "-n"], ["config", "diff"]] {
      let answer = try await daemon.ctl.attempt(words)
      #expect(answer.code == 78)
      #expect(answer.failure["hint"].string == refused.failure["hint"].string, "\(answer)")
      #expect(answer.failure["error"].string?.contains("plan 'ahead' is gone or disabled, but 400") == true)
    }
    #expect(try await daemon.ctl("plan", "show", "ahead")["name"].string == "ahead")
    try await daemon.stop()
    try await daemon.start()
    try await eventually("it is told", seen: { daemon.log }) {
      daemon.log.contains("plans.ahead is not in the configuration")
    }
    let attention = try await daemon.ctl("status")["attention"].array.compactMap { $0["what"].string }
    #expect(attention.contains { $0.contains("plan ahead") }, "\(attention)")
    #expect(try await daemon.query("SELECT count(*) FROM reminder WHERE state = 'planned'") == ["600"])
    try await daemon.stop()
  }
}
