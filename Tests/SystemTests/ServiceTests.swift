import Glibc
import Support
import Testing

/// The daemon as a service: start, stop, reload, a second instance, and a foreign client.
@Suite struct ServiceTests {
  @Test("PyPI's varlink client lists the interface and calls GetStatus")
  func publicClient() async throws {
    try await withDaemon { daemon in
      let text = try await runOrFail(
        Repository.python, [Repository.fixture("peers/varlink_client.py"), daemon.socket])
      let seen = try JSON(parsing: text)
      #expect(seen["interfaces"].array.contains(.string("org.followupd")))
      #expect(seen["description"].string?.contains("interface org.followupd") == true)
      #expect(seen["description"].string?.contains("method GetStatus") == true)
      let status = seen["status"]["status"].exists ? seen["status"]["status"] : seen["status"]
      #expect(status["mode"].string == "live")
      #expect(status["health"].string != nil)
    }
  }

  @Test("Without a configuration file it runs on defaults in trial mode, in ./followupd-state")
  func defaults() async throws {
    let folder = try TemporaryDirectory()
    let notify = try NotifySocket(path: folder.path("notify.sock"))
    let program = try RunningProgram(
      ProgramUnderTest.followupd, [],
      environment: [
        "NOTIFY_SOCKET": notify.path, "STATE_DIRECTORY": nil, "FOLLOWUPD_SOCKET": folder.path("control.sock"),
        "CONFIGURATION_DIRECTORY": nil,
      ], workingDirectory: folder.path)
    try await eventually("READY=1", seen: { program.standardError }) { notify.lines.contains("READY=1") }
    let status = try await Ctl(socket: folder.path("control.sock"))("status")
    #expect(status["mode"].string == "trial")
    #expect(!folder.names(in: "followupd-state").isEmpty)
    program.send(SIGTERM)
    #expect(try await program.wait() == .exit(0))
  }

  @Test("A second instance on the same state is refused with 75, and the first goes on")
  func secondInstance() async throws {
    try await withDaemon { daemon in
      let second = try await run(
        ProgramUnderTest.followupd, ["--config", daemon.configuration],
        environment: [
          "STATE_DIRECTORY": daemon.state, "FOLLOWUPD_SOCKET": daemon.folder.path("other.sock"),
          "CREDENTIALS_DIRECTORY": daemon.folder.path("credentials"),
        ])
      #expect(second.code == 75, "\(second)")
      try await daemon.ctl("ping")
    }
  }

  @Test("A socket file that a killed daemon left behind is replaced")
  func staleSocket() async throws {
    let daemon = try Daemon(ClinicFile())
    try await daemon.start()
    try await daemon.kill()
    #expect(daemon.folder.names().contains("control.sock"))
    try await daemon.start()
    try await daemon.ctl("ping")
    #expect(try await daemon.stop() == .exit(0))
  }

  @Test("Promise 44: a LISTEN_PID of another process is ignored, and the socket is bound")
  func foreignListenPID() async throws {
    let daemon = try Daemon(ClinicFile())
    try await daemon.start(environment: ["LISTEN_PID": "1", "LISTEN_FDS": "1"])
    try await daemon.ctl("ping")
    #expect(try await daemon.stop() == .exit(0))
  }

  @Test("An inherited socket is served")
  func inheritedSocket() async throws {
    let daemon = try Daemon(ClinicFile())
    let activated = try RunningProgram(
      "systemd-socket-activate",
      ["-l", daemon.socket, "-E", "STATE_DIRECTORY=\(daemon.state)", ProgramUnderTest.followupd, "--config"]
        + [daemon.configuration])
    // The file is there from bind(2) on, but a connection is refused until listen(2).
    try await eventually("the socket listens") { try listens(at: daemon.socket) }
    try await daemon.ctl("ping")
    #expect(try await daemon.ctl("status")["mode"].string == "live")
    activated.send(SIGTERM)
    #expect(try await activated.wait() == .exit(0), "\(activated.standardError)")
  }

  @Test("Promise 37: a reload with a bad configuration changes nothing and says so; a good one counts")
  func reload() async throws {
    var clinic = ClinicFile()
    try await withDaemon(clinic) { daemon in
      clinic.tables.append("[nonsense]\nkey = 1")
      try daemon.write(clinic)
      let refused = try await daemon.ctl.attempt(["reload"])
      #expect(refused.code == 78, "\(refused.finished)")
      #expect(try await daemon.ctl("status")["mode"].string == "live")
      #expect(try daemon.program.isRunning)

      clinic.tables.removeLast()
      clinic.mode = "trial"
      try daemon.write(clinic)
      try await daemon.ctl("reload")
      #expect(try await daemon.ctl("status")["mode"].string == "trial")

      clinic.mode = "live"
      try daemon.write(clinic)
      try daemon.program.send(SIGHUP)
      try await eventually("SIGHUP counts", seen: { daemon.log }) {
        try await daemon.ctl("status")["mode"].string == "live"
      }
      try await eventually("systemd was told") {
        let states = daemon.notified.filter { ["RELOADING=1", "READY=1"].contains($0) }
        return states.contains("RELOADING=1") && states.last == "READY=1"
      }
    }
  }

  @Test("A service manager's watchdog is fed while the daemon works")
  func watchdog() async throws {
    let daemon = try Daemon(ClinicFile())
    try await daemon.start(environment: ["WATCHDOG_USEC": "500000", "WATCHDOG_PID": nil])
    try await eventually("three beats", within: .seconds(10)) {
      daemon.notified.filter { $0 == "WATCHDOG=1" }.count >= 3
    }
    try await daemon.stop()
    #expect(daemon.notified.contains("STOPPING=1"))
  }

  @Test("With a journal it sends fields; without one it logs to standard error, and names nobody")
  func leastData() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.email(port: sink.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1", contacts: ["--email", "secret.person@example.org"])
      let id = try await daemon.addVisit("p1")
      try await sink.wait(for: 1)
      try await daemon.wait(for: id, states: ["sent"])
      try await eventually("it logs the message", seen: { daemon.log }) { daemon.log.contains(id) }
      #expect(!daemon.log.contains("secret.person"))
      #expect(!daemon.log.contains("Patient p1"))
    }
  }

  @Test("Exit codes of a start that cannot be: 73 for the state directory, 65 for a damaged or newer database")
  func refusedStarts() async throws {
    let daemon = try Daemon(ClinicFile())
    try await daemon.start()
    try await daemon.addPatient("p1")
    try await daemon.stop()
    let database = daemon.database
    func attempt(state: String) async throws -> Finished {
      try await run(
        ProgramUnderTest.followupd, ["--config", daemon.configuration],
        environment: ["STATE_DIRECTORY": state, "FOLLOWUPD_SOCKET": daemon.socket])
    }
    #expect(try await attempt(state: "/proc/followupd").code == 73)

    let overwrite = "dd if=/dev/urandom of='\(database)' bs=4096 seek=1 count=20 conv=notrunc; rm -f '\(database)'-wal"
    try await runOrFail("sh", ["-c", overwrite])
    let damaged = try await attempt(state: daemon.state)
    #expect(damaged.code == 65, "\(damaged)")
    #expect(daemon.database == database, "the file is kept")
  }
}
