import Support
import Testing

/// Promise 46: what can stop a message stops it, up to the moment when its first byte leaves.
@Suite struct WithdrawalTests {
  /// Patients whose messages are stopped; the others' must all arrive.
  private static let stopped = ["p7", "p107", "p207", "p307", "p407"]

  @Test(
    "Promise 46: with 500 claimed behind a stalled server, not one more leaves after the answer",
    arguments: ["stop", "deceased", "cancel"])
  func stalledServer(command: String) async throws {
    let server = try await PythonPeer("gated_smtp.py", ["--at", "greeting"])
    var clinic = ClinicFile()
    clinic.maxConnections = 4
    clinic.email(port: server.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.ctl("hold", "all", "--reason", "filling")
      try await daemon.addMany(500)
      try await daemon.ctl("release", "all", "--yes")
      try await eventually("500 are claimed", within: .seconds(60), seen: { daemon.log }) {
        try await daemon.ctl("status")["reminders"]["claimed"].int == 500
      }

      for patient in Self.stopped {
        let arguments =
          switch command {
          case "stop": ["stop", patient, "--yes"]
          case "deceased": ["patient", "deceased", patient, "--yes"]
          default: ["cancel", "F-\(patient.dropFirst())", "--by", "patient", "--yes"]
          }
        let answer = try await daemon.ctl.attempt(arguments)
        #expect(answer.code == 0, "\(answer.finished)")
      }
      let before = server.recipients
      try server.open()
      try await eventually("the others arrive", within: .seconds(120), seen: { "\(server.recipients.count) came" }) {
        server.recipients.count >= 500 - Self.stopped.count
      }
      try await eventually("nothing is left to send", within: .seconds(60), seen: { daemon.log }) {
        let reminders = try await daemon.ctl("status")["reminders"]
        return ["planned", "deferred", "claimed", "waiting", "uncertain"].allSatisfy { reminders[$0].int == 0 }
      }
      #expect(before.isEmpty)
      let arrived = server.recipients
      for patient in Self.stopped { #expect(!arrived.contains("\(patient)@example.org"), "\(patient)") }
      #expect(arrived.count == 500 - Self.stopped.count)
      #expect(Set(arrived).count == arrived.count, "nobody is written to twice")
    }
    await server.stop()
  }

  @Test("A hold of everything withdraws all that has not begun, and its release sends it once")
  func holdAll() async throws {
    let server = try await PythonPeer("gated_smtp.py", ["--at", "greeting"])
    var clinic = ClinicFile()
    clinic.email(port: server.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addMany(20)
      try await server.wait(for: 1)
      try await daemon.ctl("hold", "all", "--reason", "test")
      try server.open()
      let held = try await daemon.ctl("status")
      #expect(held["held"].bool == true)
      #expect(held["reminders"]["claimed"].int == 0)
      #expect(server.recipients.isEmpty)
      try await daemon.ctl("release", "all", "--yes")
      try await eventually("all arrive", seen: { "\(server.recipients.count) came" }) { server.recipients.count == 20 }
      #expect(Set(server.recipients).count == 20)
    }
  }
}

extension PythonPeer {
  /// To whom a message has arrived. An envelope whose message was withdrawn before DATA is none.
  fileprivate var recipients: [String] {
    seen.filter { $0["event"].string == "message" }.compactMap { $0["to"].string }
  }
}

extension Daemon {
  /// Adds patients p1… each with a visit in an hour, over the control socket (500 runs of a program would take minutes).
  fileprivate func addMany(_ count: Int) async throws {
    try await runOrFail(
      Repository.python, [Repository.fixture("peers/add_many.py"), socket, "\(count)", Visit.inAnHour],
      within: .seconds(180))
  }
}
