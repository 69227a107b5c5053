import Support
import Testing

/// `kill -9` at the worst moments: nothing is lost, and what is repeated can be recognised.
@Suite struct CrashTests {
  @Test("Killed after the claim and before the first byte: sent once after the restart, under the same identity")
  func beforeTheFirstByte() async throws {
    let server = try await PythonPeer("gated_smtp.py", ["--at", "greeting"])
    var clinic = ClinicFile()
    clinic.email(port: server.port)
    let daemon = try Daemon(clinic)
    try await daemon.start()
    try await daemon.addPatient("p1")
    let id = try await daemon.addVisit("p1")
    try await server.wait(for: 1)
    let claimed = try await daemon.ctl("outbox", "list")["items"][0]
    #expect(claimed["state"].string == "claimed")
    let identity = try #require(claimed["messageId"].string)

    try await daemon.kill()
    try server.open()
    try await daemon.start()
    try await eventually("it arrives", seen: { daemon.log }) { server.messages.count == 1 }
    try await daemon.wait(for: id, states: ["sent"])
    #expect(server.messages[0].header("Message-ID")?.contains(identity.filter { !"<>".contains($0) }) == true)
    #expect(server.messages.count == 1)
    try await daemon.stop()
  }

  @Test("Killed while the server holds back its last answer: uncertain, and not repeated at once")
  func afterTheDot() async throws {
    let server = try await PythonPeer("gated_smtp.py", ["--at", "."])
    var clinic = ClinicFile()
    clinic.email(port: server.port)
    let daemon = try Daemon(clinic)
    try await daemon.start()
    try await daemon.addPatient("p1")
    let id = try await daemon.addVisit("p1")
    try await eventually("the server has it all") { server.seen.contains { $0["stage"].string == "." } }
    let identity = try #require(try await daemon.ctl("outbox", "list")["items"][0]["messageId"].string)

    try await daemon.kill()
    try server.open()
    try await daemon.start()
    try await daemon.wait(for: id, states: ["uncertain"])
    let message = try await daemon.ctl("outbox", "list")["items"][0]
    #expect(message["messageId"].string == identity)
    #expect(message["state"].string == "uncertain")
    try await daemon.stop()
    #expect(server.messages.count <= 1, "the peer may have taken it; it is not sent again for ten minutes")
  }

  @Test("Killed in a webhook: the same identity and the same bytes come again, for the peer to recognise")
  func insideAWebhook() async throws {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    let receiver = try await PythonPeer("webhook_receiver.py", ["--secret", secret, "--gated"])
    var clinic = ClinicFile()
    clinic.sms(port: receiver.port, more: "idempotent = true")
    let daemon = try Daemon(clinic, credentials: ["webhook-key": secret])
    try await daemon.start()
    try await daemon.addPatient("p1", contacts: ["--sms", "+1 604 555 0123"])
    let id = try await daemon.addVisit("p1")
    try await receiver.wait(for: 1)

    try await daemon.kill()
    try receiver.open()
    try await daemon.start()
    let calls = try await receiver.wait(for: 2, within: .seconds(40))
    #expect(calls.allSatisfy { $0["verified"].bool == true })
    #expect(calls[0]["id"].string != nil)
    #expect(calls[0]["id"] == calls[1]["id"])
    #expect(calls[0]["body"] == calls[1]["body"])
    try await daemon.wait(for: id, states: ["sent"])
    try await daemon.stop()
  }

  @Test("Killed while patients are added: each one that was acknowledged is there after the restart")
  func whileWriting() async throws {
    let daemon = try Daemon(ClinicFile())
    try await daemon.start()
    let ctl = daemon.ctl
    let adding = Task {
      var acknowledged: [String] = []
      for number in 1...200 {
        let answer = try await ctl.attempt(["patient", "add", "p\(number)", "--name", "Patient \(number)"])
        guard answer.code == 0 else { break }
        acknowledged.append("p\(number)")
      }
      return acknowledged
    }
    try await eventually("some are there") { try await ctl.attempt(["patient", "show", "p5"]).code == 0 }
    try await daemon.kill()
    let acknowledged = try await adding.value
    try await daemon.start()
    let kept = Set(try await ctl("patient", "list", "--limit", "1000")["items"].array.compactMap { $0["ref"].string })
    #expect(acknowledged.count >= 5)
    #expect(Set(acknowledged).isSubset(of: kept))
    #expect(try await daemon.query("PRAGMA integrity_check") == ["ok"])
    try await daemon.stop()
  }
}

extension PythonPeer {
  fileprivate var messages: [String] {
    seen.filter { $0["event"].string == "message" }.compactMap { $0["content"].string }
  }
}
