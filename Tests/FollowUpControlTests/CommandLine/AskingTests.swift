import Support
import Testing

@testable import FollowUpControl

/// What touches much is shown first, and asked about.
@Suite("Asking before it is done")
struct AskingTests {
  /// Asks until it is confirmed, and shows on a dry run.
  private func daemon() throws -> ScriptedDaemon {
    let preview = try WireJSON.encode(
      ChangedList(items: [Samples.followUp], changed: 0, said: [], preview: Samples.preview))
    let done = try WireJSON.encode(ChangedList(items: [Samples.followUp], changed: 1, said: ["F-12 is cancelled."]))
    return try ScriptedDaemon { call in
      let goes = call.parameters["confirmed"].bool == true && call.parameters["dryRun"].bool != true
      return .reply(goes ? done : preview)
    }
  }

  private let words = ["cancel", "F-12", "F-15"]

  @Test("Without a terminal and without --yes it is refused with 64, and nothing is confirmed")
  func refused() async throws {
    let daemon = try daemon()
    let finished = try await daemon.run(words, input: "y\n")
    #expect(finished.code == 64)
    #expect(finished.standardOutput.isEmpty)
    #expect(
      finished.standardError
        == "followupctl: cancel: it would touch 2 things and must be confirmed: look with --dry-run, then add --yes\n")
    #expect(daemon.calls.allSatisfy { $0.parameters["confirmed"] == .null })
    let document = try await daemon.run(words + ["--json"])
    #expect(try JSON(parsing: document.standardError)["code"].string == "usage")
  }

  @Test("With --yes it is done in one call")
  func yes() async throws {
    let daemon = try daemon()
    let finished = try await daemon.run(words + ["--yes"])
    #expect(finished.code == 0)
    #expect(finished.standardOutput == "F-12 is cancelled.\n")
    #expect(daemon.calls.count == 1)
  }

  @Test("A dry run shows what would happen, and changes nothing, even with --yes", arguments: [["-n"], ["-n", "-y"]])
  func dryRun(flags: [String]) async throws {
    let daemon = try daemon()
    let finished = try await daemon.run(words + flags)
    #expect(finished.code == 0)
    #expect(finished.standardOutput == Samples.preview.lines.joined(separator: "\n") + "\nNothing was changed.\n")
    #expect(daemon.calls.map { $0.parameters["dryRun"].bool } == [true])
    let document = try JSON(parsing: try await daemon.run(words + flags + ["--json"]).standardOutput)
    #expect(document["preview"]["count"].int == 2)
    #expect(document["changed"].int == 0)
  }

  @Test("At a terminal it shows what it would do, asks, and does it on yes", arguments: ["y", "yes", "Y"])
  func agreed(answer: String) async throws {
    let daemon = try daemon()
    let finished = try await Terminal.run(words, typing: answer + "\n", against: daemon)
    #expect(finished.code == 0, "\(finished)")
    #expect(finished.standardOutput.contains("F-15 Tue 8 Dec 2026 14:30 is cancelled"))
    #expect(finished.standardOutput.contains("Cancel 2 follow-ups? [y/N] "))
    #expect(finished.standardOutput.contains("F-12 is cancelled."))
    #expect(daemon.calls.map { $0.parameters["confirmed"].bool } == [nil, true])
  }

  @Test("At a terminal anything else is no", arguments: ["", "n", "yess", "ja"])
  func declined(answer: String) async throws {
    let daemon = try daemon()
    let finished = try await Terminal.run(words, typing: answer + "\n", against: daemon)
    #expect(finished.code == 0, "\(finished)")
    #expect(finished.standardOutput.contains("Nothing was changed."))
    #expect(daemon.calls.count == 1)
  }

  @Test("At a terminal, one of several who are meant is chosen by number")
  func choice() async throws {
    let error = try WireJSON.encode(
      ControlError(
        .ambiguous, what: "patient mar", why: "2 patients answer to it", hint: "say which", field: "who",
        candidates: [Candidate(id: "P-1", text: "Maria Silva"), Candidate(id: "P-2", text: "Marta Novak")]))
    let done = try WireJSON.encode(Samples.added)
    let daemon = try ScriptedDaemon { call in
      call.parameters["who"].string == "P-2" ? .reply(done) : .error(ControlError.Kind.ambiguous.varlinkName, error)
    }
    let words = ["add", "mar", "tue"]
    let finished = try await Terminal.run(words, typing: "2\n", against: daemon)
    #expect(finished.code == 0, "\(finished)")
    #expect(finished.standardOutput.contains("  2  P-2  \u{2068}Marta Novak\u{2069}"))
    #expect(daemon.calls.map { $0.parameters["who"].string } == ["mar", "P-2"])
    let without = try await daemon.run(words)
    #expect(without.code == 65)
    #expect(
      without.standardError
        == "followupctl: patient mar: 2 patients answer to it: say which: P-1 (Maria Silva), P-2 (Marta Novak)\n")
    let wrong = try await Terminal.run(words, typing: "3\n", against: daemon)
    #expect(wrong.code == 65)
  }

  @Test(
    "Colours are for terminals that want them",
    arguments: [
      ([], [:], true), (["--no-color"], [:], false), ([], ["NO_COLOR": "1"], false), (["--plain"], [:], false),
      ([], ["TERM": "dumb"], false),
    ] as [([String], [String: String], Bool)])
  func colour(flags: [String], environment: [String: String], coloured: Bool) async throws {
    let daemon = try ScriptedDaemon.replying(ListFollowUps.self, ItemList(items: [Samples.followUp], total: 1))
    let finished = try await Terminal.run(["list"] + flags, typing: "", against: daemon, environment: environment)
    #expect(finished.standardOutput.contains("\u{1B}[") == coloured, "\(finished)")
    #expect(try await daemon.run(["list"]).standardOutput.contains("\u{1B}") == false)
  }

  /// Says what a reload would do, and does it.
  private func reloading() throws -> ScriptedDaemon {
    let reply = try WireJSON.encode(
      Reload.Reply(
        changed: true, said: "the configuration was read anew", replanned: 400, added: 400, moved: 2, cancelled: 1,
        restartNeeded: [], warnings: []))
    return try ScriptedDaemon { _ in .reply(reply) }
  }

  @Test("At a terminal reload first shows what it does to reminders, and asks", arguments: ["y", "n"])
  func reload(answer: String) async throws {
    let daemon = try reloading()
    let finished = try await Terminal.run(["reload"], typing: answer + "\n", against: daemon)
    #expect(finished.code == 0)
    #expect(finished.standardOutput.contains("Reminders: 400 added, 2 moved, 1 cancelled"))
    let dryRuns = daemon.calls.map { $0.parameters["dryRun"].bool ?? false }
    #expect(dryRuns == (answer == "y" ? [true, false] : [true]))
  }

  @Test("Without a terminal, and with --yes, reload goes ahead in one call, and prints the counts first")
  func reloadAtOnce() async throws {
    let daemon = try reloading()
    let finished = try await daemon.run(["reload"])
    #expect(finished.code == 0)
    #expect(
      finished.standardOutput
        == "Reminders: 400 added, 2 moved, 1 cancelled\nthe configuration was read anew\n")
    #expect(daemon.calls.map { $0.parameters["dryRun"].bool ?? false } == [false])
  }
}
