import Support
import Testing

/// A follow-up added by the command line reaches real peers.
@Suite struct DeliveryTests {
  @Test("A reminder arrives at Postfix's smtp-sink, once, with the identity that the outbox shows")
  func plainSMTP() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.email(port: sink.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1")
      let message = try #require(try await sink.wait(for: 1).first)
      #expect(sink.recipients == ["p1@example.org"])
      try await daemon.wait(for: id, states: ["sent"])

      let sent = try await daemon.ctl("outbox", "list")["items"][0]
      let identity = try #require(sent["messageId"].string)
      #expect(message.header("Message-ID")?.contains(identity.filter { !"<>".contains($0) }) == true)
      #expect(sent["state"].string == "sent")
      #expect(sent["attempts"].array.map { $0["outcome"].string } == ["delivered"])
      #expect(message.header("Auto-Submitted") == "auto-generated")
      #expect(message.contains("+1 604 555 0100"), "M2: names a phone number with a human")
      #expect(sink.messages.count == 1)
    }
  }

  @Test("A reminder goes at its minute")
  func atItsMinute() async throws {
    let server = try await PythonPeer("smtp_server.py")
    var clinic = ClinicFile()
    clinic.plans["at-anchor"] = ClinicFile.atAnchor
    clinic.email(port: server.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      // The minute must not begin before the command is heard, else the visit is past and refused.
      let id = try await daemon.addVisit("p1", at: Visit.minutesAhead(1, leaving: 10), plan: "at-anchor")
      let planned = try #require(try await daemon.query("SELECT planned_at FROM reminder").first.flatMap(Double.init))
      let message = try #require(try await server.wait(for: 1, within: .seconds(90)).first)
      let arrived = try #require(message["at"].seconds)
      #expect(arrived >= planned, "never before its instant")
      #expect(arrived < planned + 2, "this machine is shared: scripts/bench measures the milliseconds")
      try await daemon.wait(for: id, states: ["sent"])
    }
  }

  @Test("A server that demands STARTTLS and AUTH gets the reminder, encrypted and under the clinic's name")
  func encryptedSMTP() async throws {
    let certificate = try await Certificate()
    let server = try await PythonPeer(
      "smtp_server.py",
      ["--cert", certificate.file, "--key", certificate.key, "--user", "reminders", "--password", "correct horse"])
    var clinic = ClinicFile()
    clinic.tables.append(
      """
      [channels.email]
      adapter = "smtp"
      url = "smtp://localhost:\(server.port)"
      tls = "starttls"
      from = "Riverside Family Practice <reminders@example.org>"
      user = "reminders"
      password_credential = "smtp-password"
      ca_file = "\(certificate.file)"
      """)
    try await withDaemon(clinic, credentials: ["smtp-password": "correct horse"]) { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1")
      let message = try #require(try await server.wait(for: 1).first)
      #expect(message["tls"].bool == true)
      #expect(message["user"].string == "reminders")
      #expect(message["to"][0].string == "p1@example.org")
      try await daemon.wait(for: id, states: ["sent"])
    }
  }

  @Test("A server that wants XOAUTH2 gets the token that lies in its file when the connection is made")
  func accessToken() async throws {
    let certificate = try await Certificate()
    let server = try await PythonPeer(
      "smtp_server.py",
      [
        "--cert", certificate.file, "--key", certificate.key, "--user", "reminders@example.org", "--token", "ya29.new",
        "--mechanisms", "XOAUTH2,PLAIN",
      ])
    let folder = try TemporaryDirectory()
    let token = try folder.write("token", "ya29.old\n", mode: 0o600)
    var clinic = ClinicFile()
    clinic.tables.append(
      """
      [channels.email]
      adapter = "smtp"
      url = "smtp://localhost:\(server.port)"
      from = "Riverside Family Practice <reminders@example.org>"
      user = "reminders@example.org"
      token_file = "\(token)"
      ca_file = "\(certificate.file)"
      """)
    try await withDaemon(clinic) { daemon in
      try folder.write("token", "ya29.new\n", mode: 0o600)
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1")
      let message = try #require(try await server.wait(for: 1).first)
      #expect(message["mechanism"].string == "XOAUTH2")
      #expect(message["user"].string == "reminders@example.org")
      try await daemon.wait(for: id, states: ["sent"])
      #expect(!daemon.log.contains("ya29"))
    }
  }

  @Test("A signed webhook is accepted by the public Standard Webhooks library")
  func webhook() async throws {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    let receiver = try await PythonPeer("webhook_receiver.py", ["--secret", secret])
    var clinic = ClinicFile()
    clinic.sms(port: receiver.port)
    try await withDaemon(clinic, credentials: ["webhook-key": secret]) { daemon in
      try await daemon.addPatient("p1", contacts: ["--sms", "604 555 0123"])
      let id = try await daemon.addVisit("p1")
      let call = try #require(try await receiver.wait(for: 1).first)
      #expect(call["verified"].bool == true, "\(call["why"])")
      #expect(call["headers"]["idempotency-key"].string == call["id"].string)
      #expect(call["body"].string?.contains("+16045550123") == true, "the number of [clinic] country")
      try await daemon.wait(for: id, states: ["sent"])
      let sent = try await daemon.ctl("outbox", "list")["items"][0]
      #expect(sent["messageId"].string.map { $0.contains(call["id"].string ?? "-") } == true)
    }
  }

  @Test("In trial mode a reminder goes into a Maildir that Python's mailbox and email read without defects")
  func maildir() async throws {
    var clinic = ClinicFile()
    clinic.mode = "trial"
    clinic.email(port: try freePort())
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1")
      try await daemon.wait(for: id, states: ["sent"])
      let read = try JSON(
        parsing: try await runOrFail(
          Repository.python, [Repository.fixture("peers/read_maildir.py"), "\(daemon.state)/trial"]))
      #expect(read.array.count == 1)
      let message = read[0]
      #expect(message["defects"].array == [])
      #expect(message["to"].string == "p1@example.org")
      #expect(message["text"].string?.contains("+1 604 555 0100") == true)
      #expect(message["html"].string != nil)
      for header in ["date", "message-id", "from", "subject", "mime-version", "auto-submitted"] {
        #expect(message["headers"].array.contains(.string(header)), "\(header)")
      }
      #expect(try await daemon.ctl("outbox", "list")["items"][0]["mode"].string == "trial")
    }
  }
}
