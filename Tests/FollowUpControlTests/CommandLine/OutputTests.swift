import Foundation
import Support
import Testing

@testable import FollowUpControl

/// What the reader sees.
@Suite("Output of followupctl")
struct OutputTests {
  @Test("A change says its one line, and its undo; -q the id; --json the thing")
  func changed() async throws {
    let daemon = try ScriptedDaemon.replying(AddFollowUp.self, Samples.added)
    let words = ["add", "maria", "2026-12-01", "14:30"]
    let text = try await daemon.run(words).standardOutput
    #expect(text == "Maria Silva: Tue 1 Dec 2026 14:30 MST, in 8 days.\nUndo: followupctl undo C-3\n")
    #expect(try await daemon.run(words + ["-q"]).standardOutput == "F-12\n")
    let plain = try await daemon.run(words + ["--plain"]).standardOutput
    #expect(plain.split(separator: "\n").map { $0.prefix { $0 != ":" } } == ["Id", "Said", "Undo"])
    let document = try JSON(parsing: try await daemon.run(words + ["--json"]).standardOutput)
    #expect(document["id"].string == "F-12")
    #expect(document["changed"].bool == true)
    #expect(document["occurrences"][0]["key"].string == "2026-12-01")
    #expect(document.keys.contains("repeat") && document["repeat"] == .null)
  }

  @Test("Of several things, JSON is the list; of one that was named, the thing")
  func several() async throws {
    let daemon = try ScriptedDaemon { call in
      let items = call.parameters["ids"].array.map { _ in Samples.followUp }
      return .reply(
        try WireJSON.encode(ChangedList(items: items, changed: items.count, said: items.map { "\($0.id) missed." })))
    }
    let one = try JSON(parsing: try await daemon.run(["miss", "F-12", "--json"]).standardOutput)
    #expect(one["id"].string == "F-12")
    #expect(one["changed"].bool == true)
    let two = try JSON(parsing: try await daemon.run(["miss", "F-12", "13", "--json"]).standardOutput)
    #expect(two["items"].array.count == 2)
    #expect(two["changed"].int == 2)
  }

  @Test("Done for some only, it says which failed and ends with 1")
  func partly() async throws {
    let reply = ChangedList(
      items: [Samples.followUp], changed: 1, said: ["F-12 is complete."],
      failures: [Failure(id: "F-9", code: "conflict", what: "follow-up F-9", why: "it is over", hint: "leave it")])
    let daemon = try ScriptedDaemon.replying(CompleteFollowUps.self, reply)
    let finished = try await daemon.run(["complete", "F-12", "F-9"])
    #expect(finished.code == 1)
    #expect(finished.standardOutput == "F-12 is complete.\n")
    #expect(finished.standardError == "followupctl: follow-up F-9: it is over: leave it\n")
    let document = try await daemon.run(["complete", "F-12", "F-9", "--json"])
    #expect(document.code == 1)
    #expect(document.standardError.isEmpty)
    #expect(try JSON(parsing: document.standardOutput)["failures"][0]["code"].string == "conflict")
  }

  @Test("A list has ids first, states as words, names last and isolated, columns aligned")
  func table() async throws {
    var second = Samples.followUp
    second.id = "F-7"
    second.patientName = "דנה \u{202E}לוי"
    second.priority = "routine"
    let daemon = try ScriptedDaemon.replying(
      ListFollowUps.self, ItemList(items: [Samples.followUp, second], total: 9, next: "F-7"))
    let lines = try await daemon.run(["list"]).standardOutput.components(separatedBy: "\n")
    let expected = [
      "ID    DUE                       STATUS  PRIORITY  PLAN     WITH    PATIENT  NAME",
      "F-12  Tue 1 Dec 2026 14:30 MST  open    soon      post-op  dr-lee  P-1      \u{2068}Maria Silva\u{2069}",
      "F-7   Tue 1 Dec 2026 14:30 MST  open    routine   post-op  dr-lee  P-1      \u{2068}דנה \\u{202E}לוי\u{2069}",
    ]
    #expect(Array(lines.prefix(3)) == expected)
    #expect(lines.contains("2 of 9; go on with --after F-7"))
    #expect(try await daemon.run(["list", "-q"]).standardOutput == "F-12\nF-7\n")
    let document = try JSON(parsing: try await daemon.run(["list", "--json"]).standardOutput)
    #expect(document["total"].int == 9)
    #expect(document["next"].string == "F-7")
    let plain = try await daemon.run(["list", "--plain"]).standardOutput
    #expect(plain.hasPrefix("Id: F-12\nDue: Tue 1 Dec 2026 14:30 MST\nStatus: open\n"))
    #expect(plain.contains("\n\nId: F-7\n"))
  }

  @Test("show prints whatever the id names")
  func show() async throws {
    let nothing = Show.Reply(
      kind: "followUp", patient: nil, contact: nil, followUp: nil, reminder: nil, message: nil, hold: nil, task: nil,
      plan: nil)
    var followUp = nothing
    followUp.followUp = Samples.followUp
    let first = try ScriptedDaemon.replying(Show.self, followUp)
    let text = try await first.run(["show", "12"]).standardOutput
    #expect(text.hasPrefix("Id        F-12\n"), "\(text)")
    #expect(text.contains("F-12@2026-12-01/1/step/day-before  Mon 30 Nov 2026 10:00 MST  planned\n"), "\(text)")
    #expect(try JSON(parsing: try await first.run(["show", "12", "--json"]).standardOutput)["id"].string == "F-12")
    var message = nothing
    message.message = Samples.message
    let second = try ScriptedDaemon.replying(Show.self, message)
    #expect(try await second.run(["show", "M-7"]).standardOutput.contains("503"))
    #expect(try JSON(parsing: try await second.run(["--json", "show", "M-7"]).standardOutput)["id"].string == "M-7")
  }

  @Test("What happened to messages, tasks, holds, reminders and patients is told in the clinic's time, on any machine")
  func clinicTime() async throws {
    let nothing = Show.Reply(
      kind: "", patient: nil, contact: nil, followUp: nil, reminder: nil, message: nil, hold: nil, task: nil, plan: nil)
    var replies = Array(repeating: nothing, count: 5)
    replies[0].message = Samples.message
    replies[0].message?.zone = "America/Phoenix"
    replies[1].hold = Samples.hold
    replies[1].hold?.zone = "America/Phoenix"
    replies[2].reminder = Samples.reminder
    replies[2].reminder?.zone = "America/Phoenix"
    replies[3].patient = Samples.patient
    replies[3].patient?.localZone = "America/Phoenix"
    replies[4].task = TaskView(
      id: "T-1", subject: "F-12@2026-12-01", reason: "manual", patient: nil, followUp: nil, followUpDue: nil,
      priority: "routine", owner: "role:nurse", due: "2026-11-25T00:00:00Z", state: "open", takenBy: nil, takenAt: nil,
      tried: [], outcome: nil, note: nil, createdAt: "2026-11-23T18:00:00Z", closedAt: nil, zone: "America/Phoenix")
    for reply in replies {
      let text = try await ScriptedDaemon.replying(Show.self, reply).run(["show", "X-1"]).standardOutput
      #expect(text.contains(" MST") && !text.contains(" UTC"), "\(text)")
    }
    let list = ItemList(items: [try #require(replies[0].message)], total: 1)
    let text = try await ScriptedDaemon.replying(ListMessages.self, list).run(["outbox", "list"]).standardOutput
    #expect(text.contains("Mon 30 Nov 2026 10:00 MST"), "\(text)")
  }

  @Test(
    "Promise 18: where a zone's file cannot be read, an instant is told in UTC under that name, a visit in its zone")
  func unreadableZone() async throws {
    var message = Samples.message
    message.zone = "America/Nowhere"
    let text = try await ScriptedDaemon.replying(ShowMessage.self, message).run(["outbox", "show", "M-7"])
      .standardOutput
    #expect(text.contains("Mon 30 Nov 2026 17:00 UTC"), "\(text)")
    var followUp = Samples.followUp
    followUp.zone = "America/Nowhere"
    let list = ItemList(items: [followUp], total: 1)
    let rows = try await ScriptedDaemon.replying(ListFollowUps.self, list).run(["list"]).standardOutput
    #expect(rows.contains("Tue 1 Dec 2026 14:30 America/Nowhere"), "\(rows)")
    message.zone = "Etc/UTC"
    let same = try await ScriptedDaemon.replying(ShowMessage.self, message).run(["outbox", "show", "M-7"])
      .standardOutput
    #expect(same.contains("Mon 30 Nov 2026 17:00 UTC"), "\(same)")
  }

  @Test("A message's body keeps its lines and nothing that a terminal would obey")
  func body() async throws {
    var message = Samples.message
    message.body = "Hello\u{1B}[31m\nSee you"
    let daemon = try ScriptedDaemon.replying(ShowMessage.self, message)
    let text = try await daemon.run(["outbox", "show", "M-7", "--body"]).standardOutput
    #expect(text.hasSuffix("\nHello\\u{1B}[31m\nSee you\n"))
    #expect(daemon.calls.first?.parameters["body"].bool == true)
  }

  @Test("explain shows each check in words")
  func explain() async throws {
    let item = ExplanationView(
      decision: "defer", until: "2026-11-30T17:00:00Z", reason: "outside-hours",
      checks: [
        CheckView(n: 1, name: "patient alive and active", passed: true, reason: nil, detail: nil),
        CheckView(n: 8, name: "contact hours", passed: false, reason: "outside-hours", detail: "they begin at 9:00"),
      ], reminder: Samples.reminder, history: [], said: "It waits until Mon 30 Nov 10:00, because it is night.")
    let daemon = try ScriptedDaemon.replying(Explain.self, ItemList(items: [item], total: 1))
    let text = try await daemon.run(["explain", "F-12"]).standardOutput
    #expect(text.hasPrefix("It waits until Mon 30 Nov 10:00, because it is night.\n\nId"), "\(text)")
    #expect(text.contains("Reason    outside-hours\nUntil     Mon 30 Nov 2026 17:00 UTC"), "\(text)")
    #expect(
      text.contains("8  no      contact hours             outside-hours  \u{2068}they begin at 9:00\u{2069}"), "\(text)"
    )
    let document = try JSON(parsing: try await daemon.run(["explain", "F-12", "--json"]).standardOutput)
    #expect(document["items"][0]["checks"].array.count == 2)
  }

  @Test("status shows first what needs a person")
  func status() async throws {
    let attention = [AttentionView(what: "channel sms", why: "the gateway answers 503", action: "call its operator")]
    let daemon = try ScriptedDaemon.replying(GetStatus.self, Samples.status(health: "degraded", attention: attention))
    let lines = try await daemon.run(["status"]).standardOutput.components(separatedBy: "\n")
    #expect(Array(lines.prefix(2)) == ["Needs a person", "- channel sms: the gateway answers 503: call its operator"])
    #expect(lines.contains("Health      degraded"))
    #expect(lines.contains { $0.hasPrefix("sms   retrying  webhook") }, "\(lines)")
    let plain = try await daemon.run(["status", "--plain"]).standardOutput.split(separator: "\n")
    #expect(plain.allSatisfy { $0.contains(": ") })
    #expect(try JSON(parsing: try await daemon.run(["status", "--json"]).standardOutput)["schema"].int == 1)
  }

  @Test(
    "status --check ends as Nagios wants it",
    arguments: [
      ("ok", 0, "OK - "), ("degraded", 1, "WARNING - "), ("failing", 2, "CRITICAL - "), ("odd", 3, "UNKNOWN - "),
    ])
  func nagios(health: String, code: Int32, start: String) async throws {
    let daemon = try ScriptedDaemon.replying(GetStatus.self, Samples.status(health: health))
    let finished = try await daemon.run(["status", "--check"])
    #expect(finished.code == code)
    #expect(finished.standardOutput.hasPrefix(start))
    #expect(finished.standardOutput.split(separator: "\n").count == 1)
  }

  @Test("status --check without a daemon is critical; without the right to ask, unknown")
  func nagiosWithout() async throws {
    let absent = try await run(ProgramUnderTest.followupctl, ["--socket", "/nowhere/s", "status", "--check"])
    #expect(absent.code == 2)
    #expect(absent.standardOutput.hasPrefix("CRITICAL - "))
    let daemon = try ScriptedDaemon.failing(ControlError(.notPermitted, what: "status", why: "not yours", hint: "ask"))
    #expect(try await daemon.run(["status", "--check"]).code == 3)
  }

  @Test("Without a verb it shows the day and where to go next")
  func overview() async throws {
    let status = try WireJSON.encode(Samples.status())
    let daemon = try ScriptedDaemon { call in
      .reply(call.method == GetStatus.name ? status : Array(#"{"items":[],"total":0,"next":null}"#.utf8))
    }
    let finished = try await daemon.run([])
    #expect(finished.code == 0, "\(finished)")
    #expect(finished.standardOutput.contains("Health"))
    #expect(finished.standardOutput.contains("followupctl help"))
    #expect(try JSON(parsing: try await daemon.run(["--json"]).standardOutput)["mode"].string == "trial")
  }

  @Test("A check that finds faults prints each with file and line, and ends with 1")
  func faults() async throws {
    let faults = [
      Fault(
        file: "/etc/followupd/followupd.toml", line: 7, key: "clinic.zone", what: "no such zone", hint: "see tzselect"),
      Fault(file: "/etc/followupd/plans.d/a.toml", line: nil, key: nil, what: "it is empty", hint: "remove it"),
    ]
    let daemon = try ScriptedDaemon.replying(
      CheckConfiguration.self, CheckConfiguration.Reply(ok: false, checked: 2, faults: faults))
    let finished = try await daemon.run(["config", "check", "etc"])
    #expect(finished.code == 1)
    #expect(
      finished.standardOutput == """
        /etc/followupd/followupd.toml:7: clinic.zone: no such zone: see tzselect
        /etc/followupd/plans.d/a.toml: it is empty: remove it

        """)
    #expect(daemon.calls.first?.parameters["directory"].string?.hasSuffix("/etc") == true)
    #expect(daemon.calls.first?.parameters["directory"].string?.hasPrefix("/") == true)
    let fine = try ScriptedDaemon.replying(
      CheckPlans.self, CheckPlans.Reply(ok: true, checked: 6, faults: []))
    #expect(try await fine.run(["plan", "check"]).code == 0)
  }

  @Test(
    "Every help opens with two real examples",
    arguments: [
      "add", "status", "patient", "patient add", "hold", "cancel", "outbox drop", "help", "release", "contact consent",
    ])
  func help(verb: String) async throws {
    let words = verb.split(separator: " ").map(String.init)
    let lines = try await run(ProgramUnderTest.followupctl, words + ["--help"]).standardOutput
      .components(separatedBy: "\n")
    #expect(lines[0] == "EXAMPLES:")
    #expect(lines[1].hasPrefix("  followupctl ") && lines[2].hasPrefix("  followupctl "))
    #expect(lines[3].isEmpty)
  }

  @Test("The version is that of the daemon it was built with")
  func version() async throws {
    for words in [["--version"], ["add", "--version"]] {
      let finished = try await run(ProgramUnderTest.followupctl, words)
      #expect(finished.code == 0)
      #expect(finished.standardOutput == "followupctl \(ProgramVersion.text)\n")
    }
  }

  @Test("Completion scripts are there", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) async throws {
    let finished = try await run(ProgramUnderTest.followupctl, ["--generate-completion-script", shell])
    #expect(finished.code == 0)
    #expect(finished.standardOutput.contains("outbox"))
  }
}
