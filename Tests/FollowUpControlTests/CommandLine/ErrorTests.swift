import Foundation
import Support
import Testing

@testable import FollowUpControl

/// What goes wrong, and how it is said.
@Suite("Errors of followupctl")
struct ErrorTests {
  @Test(
    "Wrong words are one line on standard error, with what to do, and exit 64",
    arguments: [
      ("pnig", "did you mean ping?"), ("confrim F-1", "did you mean confirm?"),
      ("patient ad", "did you mean patient add?"),
      ("patient frobnicate", "followupctl help patient"), ("frobnicate", "followupctl help"),
      ("add", "followupctl help add"), ("add maria", "tue 2:30pm"), ("add maria tue --due wed", "--due"),
      ("add maria tue --pln x", "did you mean '--plan'?"), ("--frobnicate ping", "followupctl help"),
      ("list --limit many", "followupctl help list"), ("ping pong", "followupctl help ping"),
      ("cancel F-1 --this --series", "leave one out"), ("complete", "--day"), ("complete F-1 --day today", "--day"),
      ("hold all", "--reason"), ("hold everything --reason x", "followupctl help hold"),
      ("move F-1", "followupctl help move"),
      ("release backlog --drop", "--reason"), ("outbox retry", "--state"), ("patient edit maria", "followupctl help"),
      ("contact edit maria sms", "--rank"), ("contact consent maria sms granted", "--source"),
      ("-i ../x ping", "letters"),
      ("help frobnicate", "topics"), ("config", "followupctl help config"), ("patient add P-1", "--name"),
      ("upcoming --days", "--days"), ("miss -", "one a line"),
    ])
  func usage(line: String, hint: String) async throws {
    let daemon = try ScriptedDaemon { _ in .hangUp }
    let words = line.split(separator: " ").map(String.init)
    let finished = try await daemon.run(words)
    #expect(finished.code == 64, "\(finished)")
    #expect(finished.standardOutput.isEmpty)
    #expect(finished.standardError.hasPrefix("followupctl: "))
    #expect(finished.standardError.hasSuffix("\n"))
    #expect(finished.standardError.dropLast().contains("\n") == false)
    #expect(finished.standardError.contains(hint), "\(finished)")
    let parts = finished.standardError.components(separatedBy: ": ")
    #expect(parts.count >= 4 && parts.allSatisfy { !$0.isEmpty }, "\(finished)")

    let document = try await daemon.run(["--json"] + words)
    #expect(document.code == 64)
    #expect(document.standardOutput.isEmpty)
    let error = try JSON(parsing: document.standardError)
    #expect(error["code"].string == "usage")
    #expect(error["exit"].int == 64)
    #expect(error["hint"].string?.isEmpty == false)
    #expect(daemon.calls.isEmpty, "nothing reached the daemon")
  }

  @Test("An error of the daemon has its word and its exit code", arguments: ControlError.Kind.allCases)
  func daemonErrors(kind: ControlError.Kind) async throws {
    let error = ControlError(
      kind, what: "follow-up F-9", why: "it is not what it was", hint: "look at followupctl list", field: "id",
      candidates: [Candidate(id: "F-8", text: "Maria")], existing: "F-8")
    let daemon = try ScriptedDaemon.failing(error)
    let finished = try await daemon.run(["show", "F-9"])
    #expect(finished.code == kind.exitCode)
    let tail = kind == .ambiguous ? ": F-8 (Maria)" : ""
    #expect(
      finished.standardError
        == "followupctl: follow-up F-9: it is not what it was: look at followupctl list\(tail)\n")
    let document = try await daemon.run(["show", "F-9", "--json"])
    let object = try JSON(parsing: document.standardError)
    #expect(document.standardOutput.isEmpty)
    #expect(Set(object.keys).isSuperset(of: ["candidates", "code", "error", "exit", "field", "hint"]))
    #expect(object["code"].string == kind.code)
    #expect(object["error"].string == "follow-up F-9: it is not what it was")
    #expect(object["exit"].int == Int(kind.exitCode))
    #expect(object["field"].string == "id")
    #expect(object["candidates"][0]["id"].string == "F-8")
  }

  @Test("Where the daemon names its method, the reader sees the verb that was typed", arguments: ["AddHold", ""])
  func verbOfMethod(what: String) async throws {
    let daemon = try ScriptedDaemon.failing(ControlError(.invalid, what: what, why: "the end is past", hint: "go on"))
    let finished = try await daemon.run(["hold", "all", "--reason", "x", "--until", "yesterday"])
    #expect(finished.standardError == "followupctl: hold all: the end is past: go on\n")
  }

  @Test(
    "What Varlink itself refuses has a word too",
    arguments: [
      ("org.varlink.service.MethodNotFound", "usage", 64), ("org.varlink.service.InvalidParameter", "invalid", 65),
      ("org.varlink.service.PermissionDenied", "not-permitted", 77), ("org.example.Odd", "internal", 70),
    ])
  func varlinkErrors(name: String, code: String, exit: Int32) async throws {
    let daemon = try ScriptedDaemon { _ in .error(name, Array(#"{"parameter":"days"}"#.utf8)) }
    let finished = try await daemon.run(["upcoming", "--json"])
    #expect(finished.code == exit)
    #expect(try JSON(parsing: finished.standardError)["code"].string == code)
  }

  @Test("A daemon that hangs up, or is none, is told from one that is not there")
  func transport() async throws {
    let gone = try ScriptedDaemon { _ in .hangUp }
    #expect(try await gone.run(["ping"]).code == 75)
    let noise = try ScriptedDaemon { _ in .noise(Array("220 mail.example.org ESMTP".utf8)) }
    #expect(try await noise.run(["ping"]).code == 70)
    let odd = try ScriptedDaemon { _ in .reply(Array(#"{"version":1}"#.utf8)) }
    #expect(try await odd.run(["ping"]).code == 70)
    let absent = try await run(ProgramUnderTest.followupctl, ["--socket", "/nowhere/control.sock", "ping"])
    #expect(absent.code == 69)
    #expect(absent.standardError.contains("systemctl start followupd"))
  }

  @Test("A line holds no control characters, whatever the daemon or the caller wrote")
  func escaped() async throws {
    let error = ControlError(.invalid, what: "name", why: "holds \u{1B}[2J\u{7} and\nmore", hint: "\u{202E}again")
    let daemon = try ScriptedDaemon.failing(error)
    let finished = try await daemon.run(["show", "F-1"])
    #expect(finished.standardError == "followupctl: name: holds \\u{1B}[2J\\u{7} and\\nmore: \\u{202E}again\n")
    let words = try await daemon.run(["sh\u{1B}ow\nit"])
    #expect(words.standardError.hasPrefix("followupctl: sh\\u{1B}ow\\nit: "))
  }

  @Test(
    "A patient's file that cannot be used says why",
    arguments: [
      ("/nowhere/file.json", nil, 66), ("-", "[1", 65), ("-", #"{"ref":"P","name":7}"#, 65),
      ("-", #"{"ref":"P","name":"N","contacts":[{"channel":"sms"}]}"#, 65), ("-", "", 65),
    ] as [(String, String?, Int32)])
  func files(path: String, text: String?, code: Int32) async throws {
    let daemon = try ScriptedDaemon { _ in .hangUp }
    let finished = try await daemon.run(["patient", "add", "--file", path], input: text)
    #expect(finished.code == code, "\(finished)")
    #expect(daemon.calls.isEmpty)
    #expect(!finished.standardError.contains("N\""))
  }

  @Test("Output that cannot be written is an error")
  func fullDisk() async throws {
    let daemon = try ScriptedDaemon.replying(Ping.self, Ping.Reply(version: "0.1.0", instance: nil))
    let finished = try await run(
      "/bin/sh", ["-c", "\"$0\" ping >/dev/full", ProgramUnderTest.followupctl],
      environment: ["FOLLOWUPD_SOCKET": daemon.socket])
    #expect(finished.code == 73, "\(finished)")
  }
}
