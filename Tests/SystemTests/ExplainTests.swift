import Foundation
import Support
import Testing

/// Why a reminder goes or does not, and what it would say, on the built programs.
@Suite struct ExplainTests {
  @Test(
    "R12: explain says what is decided and why, in text and JSON",
    arguments: [
      (["contact", "consent", "p1", "email", "stopped", "--source", "phone"], "drop", "stopped", "6"),
      (["contact", "wrong", "p1@example.org"], "staff", "wrong-number", "6"),
      (["hold", "patient", "p1", "--reason", "in hospital"], "defer", "held", "5"),
      (["hold", "plan", "now", "--reason", "new texts"], "defer", "held", "5"),
      (["patient", "edit", "p1", "--call-only"], "staff", "call-only", "4"),
      (["patient", "edit", "p1", "--hours", "closed"], "drop", "no-permitted-time", "8"),
    ])
  func reasons(command: [String], decision: String, reason: String, check: String) async throws {
    var clinic = ClinicFile()
    // Nobody listens there: nothing is due before the test ends.
    clinic.email(port: 9)
    try await withDaemon(clinic) { daemon in
      try await daemon.addPatient("p1")
      let id = try await daemon.addVisit("p1", at: Visit.minutesAhead(600))
      let answer = try await daemon.ctl.attempt(command + ["--yes"])
      #expect(answer.code == 0, "\(answer.finished)")
      let item = try await daemon.ctl("explain", id)["items"][0]
      #expect(item["decision"].string == decision, "\(item)")
      #expect(item["reason"].string == reason)
      #expect(item["checks"].array.first { $0["passed"].bool == false }?["n"].int == Int(check))
      let text = try await daemon.ctl.text("explain", id)
      #expect(text.contains("\nDecision  \(decision)\n") && text.contains("\nReason    \(reason)\n"), "\(text)")
      #expect(text.hasPrefix("It ") || text.hasPrefix("A person "), "it can be read out: \(text)")
      let upcoming = try await daemon.ctl("upcoming")["items"].array
      if let first = upcoming.first { #expect(first["decision"].string == decision) }
    }
  }

  @Test("A preview is what the patient gets")
  func preview() async throws {
    let sink = try await SMTPSink()
    var clinic = ClinicFile()
    clinic.email(port: sink.port)
    try await withDaemon(clinic) { daemon in
      try await daemon.ctl(
        "patient", "add", "p1", "--name", "Maya Chen", "--called", "Maya", "--email", "p1@example.org", "--language",
        "de"
      )
      try await daemon.ctl("hold", "patient", "p1", "--reason", "wait", "--yes")
      let id = try await daemon.addVisit("p1", at: Visit.inAnHour)
      let preview = try await daemon.ctl("preview", id)
      #expect(preview["decision"].string == "defer" && preview["reason"].string == "held")
      #expect(preview["channel"].string == "email" && preview["language"].string == "de")
      let body = try #require(preview["body"].string)
      #expect(body.hasPrefix("Guten Tag Maya,\n\nIhr Termin bei Riverside Family Practice ist am "))
      #expect(try await daemon.ctl("outbox", "list")["items"].array.isEmpty, "nothing is sent or written")
      #expect(try await daemon.ctl.text("preview", id, "--language", "fr").contains("Bonjour Maya,"))

      try await daemon.ctl("release", "all", "--yes")
      try await daemon.wait(for: id, states: ["sent"])
      let message = try #require(try await daemon.ctl("outbox", "list")["items"][0]["id"].string)
      let sent = try await daemon.ctl("outbox", "show", message, "--body")
      #expect(sent["body"].string == body && sent["subject"] == preview["subject"])
      let explained = try await daemon.ctl.text("explain", id)
      #expect(explained.hasPrefix("It was sent on ") && explained.contains("sent by email"), "\(explained)")
    }
  }

  @Test("Texts are checked with file and line, and shown in each language")
  func templates() async throws {
    try await withDaemon { daemon in
      #expect(try await daemon.ctl("template", "list")["total"].int == 72)
      #expect(try await daemon.ctl("template", "check")["ok"].bool == true)
      for (language, word) in [("de", "Guten Tag"), ("fr", "Bonjour"), ("es", "Hola"), ("en", "Hello")] {
        #expect(try await daemon.ctl.text("template", "preview", "visit", "--language", language).contains(word))
      }
      let folder = try TemporaryDirectory()
      let file = folder.path("visit.en.sms.txt")
      try "Reviewed: ana 2026-11-23\n\nCome tomorrow. {{patient.nam}}\n".write(
        toFile: file, atomically: true, encoding: .utf8)
      let answer = try await daemon.ctl.attempt(["template", "check", folder.path("")])
      #expect(answer.code == 1)
      #expect(try answer.document["faults"][0]["line"].int == 3)
      try "Reviewed: ana 2026-11-23\n\nCome tomorrow.\n".write(toFile: file, atomically: true, encoding: .utf8)
      let again = try await daemon.ctl.attempt(["template", "check", folder.path("")])
      let keys = try again.document["faults"].array.compactMap { $0["key"].string }
      #expect(again.code == 1 && Set(keys) == ["tomorrow", "{{clinic.name}}", "{{clinic.phone}}", "template"])
    }
  }
}
