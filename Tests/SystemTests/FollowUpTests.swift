import Support
import Testing

/// What a follow-up is after it was added, moved and answered, as scripts see it.
@Suite struct FollowUpTests {
  @Test("R1, R3: a visit in Vancouver in December 2027 is at 16:00 UTC, as the system's zone files say")
  func vancouver() async throws {
    var clinic = ClinicFile()
    clinic.zone = "Europe/Berlin"
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      let made = try await daemon.ctl(
        "add", "p1", "2027-12-09", "09:00", "--zone", "America/Vancouver", "--plan", "now", "--any-hour")
      #expect(made["due"].string == "2027-12-09T09:00")
      #expect(made["zone"].string == "America/Vancouver")
      #expect(made["dueAt"].string.map(Visit.sameInstant(as: "2027-12-09T16:00:00Z")) == true, "\(made["dueAt"])")
      #expect(made["occurrences"][0]["dueAt"] == made["dueAt"])
    }
  }

  @Test("A follow-up moved after its reminder was sent gets new reminders under other identities")
  func movedAfterSending() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.email(port: sink.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1", at: Visit.minutesAhead(60))
      try await sink.wait(for: 1)
      try await daemon.wait(for: id, states: ["sent"])
      try await daemon.ctl("move", id, Visit.minutesAhead(61), "--by", "patient")

      let messages = try await sink.wait(for: 2, within: .seconds(90))
      // The sink has a message before its answer reaches the daemon.
      try await daemon.wait(for: id, states: ["sent"])
      let identities = Set(messages.compactMap { $0.header("Message-ID") })
      #expect(identities.count == 2)
      let reminders = try await daemon.reminders(of: id)
      #expect(Set(reminders.compactMap { $0["revision"].int }).count == 2)
      #expect(Set(reminders.compactMap { $0["id"].string }).count == reminders.count)
      #expect(reminders.filter { $0["state"].string == "sent" }.count == 2)
    }
  }

  @Test(
    "R14: an answer ends the reminders that ask for one",
    arguments: ["confirm", "decline", "cancel", "complete", "miss"])
  func answered(verb: String) async throws {
    try await withDaemon { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1", at: Visit.minutesAhead(600))
      let answer = try await daemon.ctl.attempt([verb, id, "--yes"])
      #expect(answer.code == 0, "\(answer.finished)")
      for reminder in try await daemon.reminders(of: id) {
        #expect(["dropped", "cancelled", "superseded"].contains(reminder["state"].string), "\(reminder)")
      }
      #expect(try await daemon.ctl("upcoming")["items"].array.isEmpty)
    }
  }

  @Test("What was added is listed, shown by its id, explained, and upcoming")
  func seen() async throws {
    try await withDaemon { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1", at: Visit.minutesAhead(600))
      #expect(try await daemon.ctl("list")["items"].array.map { $0["id"].string } == [id])
      let number = String(id.dropFirst(2))
      #expect(try await daemon.ctl("show", number)["id"].string == id)
      let upcoming = try await daemon.ctl("upcoming")["items"][0]
      #expect(upcoming["followUp"].string == id)
      #expect(upcoming["patient"].string == "p1" || upcoming["patient"]["ref"].string == "p1")
      let explained = try await daemon.ctl("explain", id)["items"][0]
      #expect(explained["checks"].array.count == 9, "R12: each check is answered")
      let status = try await daemon.ctl("status")
      #expect(status["patients"].int == 1)
      #expect(status["followUps"]["active"].int == 1)
      #expect(status["reminders"]["planned"].int == 1)
      #expect(status["nextWake"].string != nil)
    }
  }
}
