import Support
import Testing

@testable import FollowUpControl

/// What the words of a command line become on the wire.
@Suite("The grammar of followupctl")
struct GrammarTests {
  @Test(
    "WHO, a WHEN of several words and options in any order become one request",
    arguments: [
      ["add", "maria", "2026-12-01", "14:30", "--plan", "post-op"],
      ["add", "--plan", "post-op", "maria", "2026-12-01", "14:30"],
      ["add", "maria", "--plan=post-op", "2026-12-01", "14:30"],
      ["add", "maria", "--due", "2026-12-01 14:30", "--plan", "post-op"],
      ["add", "--plan", "post-op", "--", "maria", "2026-12-01", "14:30"],
    ])
  func add(words: [String]) async throws {
    let daemon = try ScriptedDaemon.replying(AddFollowUp.self, Samples.added)
    let finished = try await daemon.run(words)
    #expect(finished.code == 0, "\(finished)")
    let request = try #require(daemon.calls.first)
    #expect(request.method == "org.followupd.AddFollowUp")
    #expect(
      request.parameters
        == .object(["who": .string("maria"), "when": .string("2026-12-01 14:30"), "plan": .string("post-op")]))
  }

  @Test(
    "A WHEN reaches the daemon word for word",
    arguments: [
      ["+3d", "14:00"], ["+2w"], ["-3d", "10:00"], ["tue", "2:30pm"], ["1", "dec", "14:30"], ["tomorrow", "9:30"],
      ["12/01/2026"], [""],
    ])
  func when(words: [String]) async throws {
    let daemon = try ScriptedDaemon.replying(AddFollowUp.self, Samples.added)
    let finished = try await daemon.run(["add", "maria"] + words)
    #expect(finished.code == 0, "\(finished)")
    #expect(daemon.calls.first?.parameters["when"].string == words.joined(separator: " "))
    let moving = try ScriptedDaemon.replying(MoveFollowUp.self, Samples.added)
    _ = try await moving.run(["move", "12", "--by", "clinic"] + words)
    #expect(moving.calls.first?.parameters["when"].string == words.joined(separator: " "))
    #expect(moving.calls.first?.parameters["id"].string == "12")
  }

  @Test(
    "Global options stand before the verb, between noun and verb, or after it",
    arguments: [
      ["--json", "--as", "ana", "-n", "hold", "patient", "maria", "--reason", "x"],
      ["hold", "--json", "--as=ana", "--dry-run", "patient", "maria", "--reason", "x"],
      ["hold", "patient", "maria", "--reason", "x", "--json", "--as", "ana", "-n"],
      ["-n", "hold", "--as", "ana", "patient", "--json", "maria", "--reason", "x"],
    ])
  func globals(words: [String]) async throws {
    let daemon = try ScriptedDaemon.replying(
      AddHold.self, Changed(Samples.hold, changed: false, said: "It would hold."))
    let finished = try await daemon.run(words)
    #expect(finished.code == 0, "\(finished)")
    let expected: [String: JSON] = [
      "kind": .string("patient"), "subject": .string("maria"), "reason": .string("x"), "actingAs": .string("ana"),
      "dryRun": .bool(true),
    ]
    #expect(daemon.calls.first?.parameters == .object(expected))
    #expect(try JSON(parsing: finished.standardOutput)["id"].string == "H-3")
  }

  @Test(
    "The verbs of channels and the outbox's flush call their methods",
    arguments: [
      ("channel list", "ListChannels", [:]), ("channel show email", "ShowChannel", ["name": "email"]),
      ("channel pause sms --until +2h", "PauseChannel", ["name": "sms", "until": "+2h"]),
      ("channel resume sms", "ResumeChannel", ["name": "sms"]),
      ("channel test sms +16045550123", "TestChannel", ["name": "sms", "address": "+16045550123"]),
      ("outbox flush --channel email", "FlushMessages", ["channel": "email"]), ("outbox flush", "FlushMessages", [:]),
    ] as [(String, String, [String: String])])
  func channels(line: String, method: String, fields: [String: String]) async throws {
    let daemon = try ScriptedDaemon { _ in .hangUp }
    _ = try await daemon.run(line.split(separator: " ").map(String.init))
    let call = try #require(daemon.calls.first)
    #expect(call.method == "org.followupd." + method)
    #expect(call.parameters == .object(fields.mapValues { .string($0) }))
  }

  @Test("A test of a channel prints its stages, and ends with 1 where one failed", arguments: [true, false])
  func channelTest(passes: Bool) async throws {
    let reply = TestChannel.Reply(
      channel: "email", adapter: "smtp", passed: passes,
      stages: [
        StageView(name: "resolve", passed: true, milliseconds: 2, code: nil, why: nil, action: nil),
        StageView(
          name: "connect", passed: passes, milliseconds: 31, code: passes ? nil : "connect-refused", why: nil,
          action: nil),
      ], said: "email: it was so")
    let daemon = try ScriptedDaemon.replying(TestChannel.self, reply)
    let finished = try await daemon.run(["channel", "test", "email", "a@example.org", "-n"])
    #expect(finished.code == (passes ? 0 : 1))
    #expect(daemon.calls.first?.parameters["dryRun"].bool == true)
    #expect(finished.standardOutput.contains("resolve"))
    #expect(finished.standardOutput.contains("31 ms"))
    #expect(finished.standardOutput.contains("email: it was so"))
    #expect(finished.standardOutput.contains("connect-refused") == !passes)
    let json = try await daemon.run(["channel", "test", "email", "a@example.org", "--json"])
    #expect(try JSON(parsing: json.standardOutput)["stages"][1]["milliseconds"].int == 31)
  }

  @Test("Flags of one letter may stand together")
  func clusters() async throws {
    let daemon = try ScriptedDaemon.replying(MarkDeceased.self, Changed(Samples.patient, changed: true, said: "Done."))
    let finished = try await daemon.run(["-qy", "patient", "deceased", "P-1"])
    #expect(finished.standardOutput == "P-1\n")
    #expect(daemon.calls.first?.parameters["confirmed"].bool == true)
  }

  @Test(
    "A bare noun lists",
    arguments: [
      ("patient", "org.followupd.ListPatients"), ("hold", "org.followupd.ListHolds"),
      ("outbox", "org.followupd.ListMessages"), ("channel", "org.followupd.ListChannels"),
      ("plan", "org.followupd.ListPlans"),
    ])
  func bareNoun(noun: String, method: String) async throws {
    let daemon = try ScriptedDaemon { _ in .reply(Array(#"{"items":[],"total":0,"next":null}"#.utf8)) }
    let finished = try await daemon.run([noun])
    #expect(finished.code == 0, "\(finished)")
    #expect(daemon.calls.map(\.method) == [method])
    #expect(finished.standardOutput.contains("followupctl "), "an empty list says what to do")
  }

  @Test("Contacts of a new patient rank in their order, whichever their channels")
  func contactOrder() async throws {
    let daemon = try ScriptedDaemon.replying(AddPatient.self, Changed(Samples.patient, changed: true, said: "Added."))
    _ = try await daemon.run(
      [
        "patient", "add", "P-1", "--phone", "1", "--email", "a@example.org", "--sms", "2", "--name", "M", "--email",
        "b",
      ])
    let contacts = try #require(daemon.calls.first).parameters["contacts"].array
    #expect(contacts.map { $0["channel"].string } == ["phone", "email", "sms", "email"])
    #expect(contacts.map { $0["address"].string } == ["1", "a@example.org", "2", "b"])
  }

  @Test("A patient may come from a file, so that no name stands among the processes")
  func patientFile() async throws {
    let daemon = try ScriptedDaemon.replying(AddPatient.self, Changed(Samples.patient, changed: true, said: "Added."))
    let text = #"{"ref":"P-1","name":"Maria","contacts":[{"channel":"sms","address":"604 555 0142"}],"callOnly":true}"#
    let finished = try await daemon.run(["patient", "add", "--file", "-", "--called", "Mia"], input: text)
    #expect(finished.code == 0, "\(finished)")
    let request = try #require(daemon.calls.first).parameters
    #expect(request["name"].string == "Maria")
    #expect(request["calledName"].string == "Mia")
    #expect(request["callOnly"].bool == true)
    #expect(request["contacts"][0]["address"].string == "604 555 0142")
  }

  @Test("A receipt is the gateway's id, word and code")
  func receipt() async throws {
    let daemon = try ScriptedDaemon.replying(
      RecordReceipt.self, Changed(Samples.message, changed: true, said: "M-7 did not arrive."))
    let finished = try await daemon.run([
      "inbound", "receipt", "gw-1", "failed", "--code", "30003", "--at", "2026-12-01T17:04:11Z", "-n",
    ])
    #expect(finished.code == 0, "\(finished)")
    #expect(
      daemon.calls.first?.parameters
        == .object([
          "id": .string("gw-1"), "outcome": .string("failed"), "code": .string("30003"),
          "at": .string("2026-12-01T17:04:11Z"), "dryRun": .bool(true),
        ]))
  }

  @Test("A single - reads ids from standard input")
  func idsFromInput() async throws {
    let daemon = try ScriptedDaemon.replying(
      MissFollowUps.self, ChangedList(items: [Samples.followUp], changed: 1, said: ["Missed."]))
    let finished = try await daemon.run(["miss", "F-1", "-"], input: "F-2\nF-3 F-4\n\n")
    #expect(finished.code == 0, "\(finished)")
    #expect(daemon.calls.first?.parameters["ids"].array.compactMap(\.string) == ["F-1", "F-2", "F-3", "F-4"])
  }

  @Test(
    "Each verb calls its method",
    arguments: [
      ("confirm F-1 --via phone", "RecordAnswer", "yes"), ("decline 1", "RecordAnswer", "no"),
      ("rearrange F-1", "RecordAnswer", "rearrange"), ("call-me F-1", "RecordAnswer", "call-me"),
    ])
  func answers(line: String, method: String, answer: String) async throws {
    let daemon = try ScriptedDaemon.replying(RecordAnswer.self, Samples.added)
    let finished = try await daemon.run(line.split(separator: " ").map(String.init))
    #expect(finished.code == 0, "\(finished)")
    #expect(daemon.calls.first?.method == "org.followupd." + method)
    #expect(daemon.calls.first?.parameters["answer"].string == answer)
  }

  @Test(
    "The socket is that of --socket, --instance, $FOLLOWUPD_SOCKET or $FOLLOWUPD_INSTANCE, in this order",
    arguments: [
      (["--socket", "/nowhere/a"], "/nowhere/a"), (["-i", "north"], "/run/followupd-north/control.sock"),
      (["--instance=north"], "/run/followupd-north/control.sock"), ([], "/nowhere/env"),
    ])
  func sockets(options: [String], path: String) async throws {
    let environment = ["FOLLOWUPD_SOCKET": "/nowhere/env", "FOLLOWUPD_INSTANCE": "south"]
    let finished = try await run(ProgramUnderTest.followupctl, options + ["ping"], environment: environment)
    #expect(finished.code == 69)
    #expect(finished.standardError.contains(path + " "), "\(finished)")
    let second = try await run(
      ProgramUnderTest.followupctl, ["ping"], environment: ["FOLLOWUPD_SOCKET": nil, "FOLLOWUPD_INSTANCE": "south"])
    #expect(second.standardError.contains("/run/followupd-south/control.sock "))
  }
}
