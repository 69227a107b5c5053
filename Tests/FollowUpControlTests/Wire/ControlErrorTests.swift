import Testing

@testable import FollowUpControl

@Suite("Errors of the control protocol")
struct ControlErrorTests {
  @Test(
    "Stable words, Varlink names and exit codes are as the interface has them",
    arguments: [
      ("not-found", "org.followupd.NotFound", 66), ("ambiguous", "org.followupd.Ambiguous", 65),
      ("duplicate", "org.followupd.Duplicate", 79), ("conflict", "org.followupd.Conflict", 79),
      ("not-permitted", "org.followupd.NotPermitted", 77), ("invalid", "org.followupd.Invalid", 65),
      ("usage", "org.followupd.Usage", 64), ("later", "org.followupd.Unavailable", 75),
      ("internal", "org.followupd.Internal", 70), ("configuration", "org.followupd.Configuration", 78),
      ("damaged", "org.followupd.Damaged", 65),
    ])
  func words(code: String, name: String, exit: Int32) throws {
    let kind = try #require(ControlError.Kind(varlinkName: name))
    #expect(kind.code == code)
    #expect(kind.exitCode == exit)
  }

  @Test("The words are one to one with the names")
  func oneToOne() {
    #expect(Set(ControlError.Kind.allCases.map(\.code)).count == ControlError.Kind.allCases.count)
    #expect(Set(ControlError.Kind.allCases.map(\.varlinkName)).count == ControlError.Kind.allCases.count)
    #expect(ControlError.Kind(varlinkName: "org.varlink.service.MethodNotFound") == nil)
  }

  @Test("Parameters that an older daemon leaves out are empty")
  func leftOut() throws {
    let error = try WireJSON.decode(ControlError.self, from: Array(#"{"why":"it is gone"}"#.utf8))
    #expect(error == ControlError(.internal, what: "", why: "it is gone", hint: ""))
  }
}

@Suite("Replies to changes")
struct ChangedTests {
  let hold = HoldView(
    id: "H-1", kind: "all", subject: nil, until: nil, reason: "move", createdAt: "2026-11-23T18:00:00Z")

  @Test("The thing's fields stand beside what happened, all of them, empty ones as null")
  func flattened() throws {
    let text = String(
      decoding: try WireJSON.encode(Changed(hold, changed: true, said: "All sending is held.")), as: UTF8.self)
    let expected =
      #"{"changed":true,"createdAt":"2026-11-23T18:00:00Z","id":"H-1","kind":"all","preview":null,"reason":"move","#
      + #""said":"All sending is held.","subject":null,"undo":null,"until":null,"warnings":[],"zone":null}"#
    #expect(text == expected)
  }

  @Test("A field that is absent reads as one that is null")
  func absent() throws {
    let text =
      #"{"changed":false,"createdAt":"2026-11-23T18:00:00Z","id":"H-1","kind":"all","reason":"move","said":""}"#
    let reply = try WireJSON.decode(Changed<HoldView>.self, from: Array(text.utf8))
    #expect(reply == Changed(hold, changed: false, said: ""))
  }

  @Test(
    "What cannot be read is named with its path",
    arguments: [
      (#"{"ids":"F-1"}"#, "ids"), (#"{}"#, "ids"), (#"{"ids":["F-1",2]}"#, "ids.Index 1"),
    ])
  func faults(text: String, field: String) throws {
    do {
      _ = try WireJSON.decode(MissFollowUps.Request.self, from: Array(text.utf8))
      Issue.record("\(text) was read")
    } catch let error as DecodingError {
      #expect(WireJSON.fault(error).field == field)
    }
  }
}
