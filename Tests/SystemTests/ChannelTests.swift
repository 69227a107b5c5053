import Support
import Testing

/// Channels as an operator meets them: a server that is down, a test message, a pause.
@Suite struct ChannelTests {
  @Test("Promise 21: a closed port pauses the channel, once for all that wait; it opens by itself, and nothing is lost")
  func downAndUp() async throws {
    let port = try freePort()
    var clinic = ClinicFile()
    clinic.email(port: port)
    try await withDaemon(clinic) { daemon in
      for number in 1...30 { try await daemon.addPatient("p\(number)") }
      for number in 1...30 { try await daemon.addVisit("p\(number)") }
      try await eventually("the channel is paused", within: .seconds(20), seen: { daemon.log }) {
        try await daemon.ctl("channel", "show", "email")["state"].string == "paused"
      }
      let channel = try await daemon.ctl("channel", "show", "email")
      #expect(channel["why"].string?.hasPrefix("connect-refused: ") == true)
      #expect(channel["nextProbe"].string != nil)
      let status = try await daemon.ctl("status")
      #expect(status["health"].string == "degraded")
      #expect(status["attention"].array.count { $0["what"].string?.hasPrefix("channel email is paused") == true } == 1)
      let check = try await run(
        ProgramUnderTest.followupctl, ["status", "--check"], environment: ["FOLLOWUPD_SOCKET": daemon.socket])
      #expect(check.code == 1)
      #expect(check.standardOutput.contains("channel email is paused"))

      let sink = try await SMTPSink(port: port)
      let resumed = try await daemon.ctl("channel", "resume", "email")
      #expect(resumed["changed"].bool == true)
      // What was tried waits for its retry; staff need not.
      try await daemon.ctl("outbox", "flush", "--yes")
      try await sink.wait(for: 30, within: .seconds(30))
      #expect(Set(sink.recipients).count == 30)
      #expect(sink.recipients.count == 30)
      #expect(try await daemon.ctl("channel", "show", "email")["state"].string != "paused")
      let lines = daemon.log.split(separator: "\n")
      #expect(lines.count { $0.contains("is paused") } == 1, "\(daemon.log)")
      #expect(lines.count { $0.contains("waits for another try") } <= 8, "\(daemon.log)")
    }
  }

  @Test("A test message says its stages, in trial too, and writes to no patient")
  func testMessage() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.mode = "trial"
    clinic.email(port: sink.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      let passed = try await daemon.ctl("channel", "test", "email", "admin@example.org")
      #expect(passed["passed"].bool == true)
      #expect(passed["stages"].array.compactMap { $0["name"].string } == ["resolve", "connect", "accepted"])
      let message = try #require(try await sink.wait(for: 1).first)
      #expect(message.contains("Test of followupd"))
      #expect(sink.recipients == ["admin@example.org"])
      let refused = try await daemon.ctl.attempt(["channel", "test", "email", "P1@example.org"])
      #expect(refused.code == 79)
      #expect(refused.failure["code"].string == "conflict")
      await sink.stop()
      let failed = try await daemon.ctl.attempt(["channel", "test", "email", "admin@example.org"])
      #expect(failed.code == 1)
      #expect(try failed.document["stages"].array.last?["code"].string == "connect-refused")
      #expect(!daemon.log.contains("admin@example.org"))
    }
  }

  @Test("A channel that staff pause sends nothing until they resume it")
  func pause() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.email(port: sink.port)
    try await withDaemon(clinic) { daemon in
      let pause = try await daemon.ctl("channel", "pause", "email", "--reason", "relay is moved")
      #expect(pause["changed"].bool == true)
      #expect(pause["name"].string == "email")
      #expect(pause["state"].string == "held")
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1")
      try await daemon.wait(for: id, states: ["held"])
      #expect(try await daemon.ctl("channel", "list")["items"][0]["waiting"].int == 1)
      let resumed = try await daemon.ctl("channel", "resume", "email")
      #expect(resumed["state"].string == "ok")
      try await sink.wait(for: 1)
      try await daemon.wait(for: id, states: ["sent"])
    }
  }
}
