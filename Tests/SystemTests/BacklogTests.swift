import Support
import Testing

/// What waits for staff, and what a relay that says "later" does to a morning (R11, R13).
@Suite struct HeldBackTests {
  private static func plan(_ name: String, _ priority: String) -> String {
    """
    [plan]
    name = "\(name)"
    title = "Visit"
    priority = "\(priority)"
    [[step]]
    id = "before"
    at = "-1d 10:00"
    template = "visit"
    """
  }

  @Test("R11: after an outage a backlog is held and shown, the urgent goes on, and staff release it in triage order")
  func backlog() async throws {
    let server = try await PythonPeer("smtp_server.py")
    func recipients() -> [String] { server.seen.compactMap { $0["to"][0].string } }
    var clinic = ClinicFile()
    clinic.backlogLimit = 3
    clinic.maxConnections = 1
    clinic.plans["later"] = Self.plan("later", "routine")
    clinic.plans["pressing"] = Self.plan("pressing", "urgent")
    clinic.email(port: server.port)
    let daemon = try Daemon(clinic)
    try await daemon.start()
    for (number, ref) in ["d", "b", "a", "c"].enumerated() {
      try await daemon.addPatient(ref)
      let day = try #require(["d": 8, "b": 6, "a": 5, "c": 7][ref])
      #expect(try await daemon.addVisit(ref, at: Visit.minutesAhead(day * 1440), plan: "later") == "F-\(number + 1)")
    }
    try await daemon.addPatient("u")
    try await daemon.addVisit("u", at: Visit.minutesAhead(9 * 1440), plan: "pressing")
    try await daemon.stop()

    // Two hours ago, while it was down, all of them were due.
    try await runOrFail(
      "sqlite3",
      [
        daemon.database,
        """
        UPDATE reminder SET intended_at = unixepoch() - 7200, planned_at = unixepoch() - 7200,
          wake_at = unixepoch() - 7200
        """,
      ])
    try await daemon.start()
    try await eventually("the urgent one leaves", seen: { daemon.log }) { recipients() == ["u@example.org"] }
    let status = try await daemon.ctl("status")
    #expect(status["reminders"]["held"].int == 4)
    #expect(status["holds"].array.map { $0["kind"].string } == ["backlog"])
    let shown = try #require(
      status["attention"].array.first { $0["action"].string?.contains("release backlog") ?? false })
    #expect(shown["what"].string?.contains("4 routine reminders") == true)
    #expect(try await daemon.query("SELECT reason, subject, priority FROM task") == ["backlog|clinic|0"])
    let explained = try await daemon.ctl("explain", "F-1")["items"][0]
    #expect(explained["reason"].string == "backlog")
    #expect(explained["decision"].string == "defer")

    #expect(try await daemon.ctl.attempt(["release", "backlog"]).code == 64)
    #expect(recipients() == ["u@example.org"])
    #expect(try await daemon.ctl.attempt(["release", "backlog", "--yes"]).code == 0)
    try await eventually("all leave", seen: { daemon.log }) { recipients().count == 5 }
    #expect(recipients() == ["u", "a", "b", "c", "d"].map { "\($0)@example.org" })
    #expect(try await daemon.ctl("status")["holds"].array.isEmpty)
    try await daemon.stop()
  }

  @Test("R11: a dropped backlog leaves a reason with each, and nothing is sent")
  func dropped() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.backlogLimit = 1
    clinic.plans["later"] = Self.plan("later", "routine")
    clinic.plans["sooner"] = Self.plan("sooner", "soon")
    clinic.email(port: sink.port)
    let daemon = try Daemon(clinic)
    try await daemon.start()
    for (ref, plan) in [("a", "later"), ("b", "sooner")] {
      try await daemon.addPatient(ref)
      try await daemon.addVisit(ref, at: Visit.minutesAhead(5 * 1440), plan: plan)
    }
    try await daemon.stop()
    try await runOrFail(
      "sqlite3",
      [daemon.database, "UPDATE reminder SET planned_at = unixepoch() - 7200, wake_at = unixepoch() - 7200"])
    try await daemon.start()
    try await daemon.wait(for: "F-1", states: ["held"])
    #expect(try await daemon.ctl.attempt(["release", "backlog", "--drop", "--yes"]).code == 64)
    #expect(try await daemon.ctl.attempt(["release", "backlog", "--drop", "--reason", "too late"]).code == 64)
    #expect(try await daemon.ctl.attempt(["release", "backlog", "--drop", "--reason", "too late", "--yes"]).code == 0)
    try await daemon.wait(for: "F-1", states: ["dropped"])
    try await daemon.wait(for: "F-2", states: ["handed"])
    #expect(
      try await daemon.query("SELECT reason FROM task WHERE state = 'open' AND subject LIKE 'F-2%'") == ["backlog"])
    #expect(sink.recipients.isEmpty)
    try await daemon.stop()
  }

  @Test("Promise 48: a bundle of which one part is cancelled between tries becomes a new message with a new identity")
  func bundleRecomposed() async throws {
    let relay = try await PythonPeer("greylisting_smtp.py")
    var clinic = ClinicFile()
    clinic.email(port: relay.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      _ = try await daemon.ctl("hold", "all", "--reason", "both first")
      let first = try await daemon.addVisit("p1", at: Visit.minutesAhead(60))
      let second = try await daemon.addVisit("p1", at: Visit.minutesAhead(100))
      #expect(try await daemon.ctl.attempt(["release", "all", "--yes"]).code == 0)
      try await daemon.wait(for: first, states: ["waiting"])
      try await daemon.wait(for: second, states: ["waiting"])
      let tried = try await daemon.ctl("outbox", "list")["items"][0]
      #expect(tried["reminders"].array.count == 2)
      #expect(try await daemon.ctl.attempt(["cancel", first]).code == 0)
      try relay.open()
      #expect(try await daemon.ctl.attempt(["outbox", "retry", "M-1"]).code == 0)
      try await daemon.wait(for: second, states: ["sent"])
      let outbox = try await daemon.ctl("outbox", "list")["items"].array
      #expect(outbox.map { $0["state"].string } == ["sent", "cancelled"])
      #expect(outbox[0]["messageId"] != tried["messageId"])
      #expect(outbox[0]["reminders"].array.count == 1)
      let arrived = relay.seen.filter { $0["event"].string == "message" }
      #expect(arrived.count == 1)
      #expect(arrived[0]["content"].string?.contains("more than one appointment") == false)
    }
  }

  @Test("Promise 50: a relay that greylists a morning's visits makes no backlog; all leave once it lifts")
  func greylisting() async throws {
    let relay = try await PythonPeer("greylisting_smtp.py")
    var clinic = ClinicFile()
    clinic.backlogLimit = 5
    clinic.email(port: relay.port)
    let daemon = try Daemon(clinic)
    try await daemon.start()
    for number in 1...12 {
      try await daemon.addPatient("p\(number)")
      try await daemon.addVisit("p\(number)", at: Visit.minutesAhead(60))
    }
    for number in 1...12 { try await daemon.wait(for: "F-\(number)", states: ["waiting"]) }
    // The rows as they are after 61 minutes of it.
    try await daemon.stop()
    try await runOrFail(
      "sqlite3",
      [
        daemon.database,
        """
        UPDATE reminder SET intended_at = intended_at - 3660, planned_at = planned_at - 3660, wake_at = unixepoch() + 5;
        UPDATE message SET created_at = created_at - 3660, first_try_at = first_try_at - 3660;
        """,
      ])
    try relay.open()
    try await daemon.start()
    for number in 1...12 { try await daemon.wait(for: "F-\(number)", states: ["sent"]) }
    #expect(try await daemon.ctl("status")["holds"].array.isEmpty)
    let arrived = relay.seen.filter { $0["event"].string == "message" }
    #expect(Set(arrived.map { $0["to"][0].string }).count == 12)
    #expect(arrived.count == 12)
    try await daemon.stop()
  }
}
