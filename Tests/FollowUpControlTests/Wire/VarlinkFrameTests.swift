import FollowUpControl
import Testing

@Suite struct VarlinkFrameTests {
  @Test("A call is read with its flags, and its parameters byte for byte")
  func call() throws {
    let frame = #"{"method":"org.followupd.Watch","parameters":{ "days" : 3 },"more":true,"x":1}"#
    let call = try VarlinkCall(frame: Array(frame.utf8))
    #expect(call == VarlinkCall(method: "org.followupd.Watch", parameters: Array(#"{ "days" : 3 }"#.utf8), more: true))
    #expect(call.interface == "org.followupd")
    #expect(call.name == "Watch")
  }

  @Test("What is left out or null has its default")
  func defaults() throws {
    let call = try VarlinkCall(frame: Array(#"{"method":"a.B","parameters":null,"more":null,"oneway":false}"#.utf8))
    #expect(call == VarlinkCall(method: "a.B"))
  }

  @Test(
    "A member of the wrong kind is named",
    arguments: [
      (#"{}"#, "method"), (#"{"method":1}"#, "method"), (#"{"method":null}"#, "method"),
      (#"{"method":"a.B","parameters":[]}"#, "parameters"), (#"{"method":"a.B","parameters":"x"}"#, "parameters"),
      (#"{"method":"a.B","more":1}"#, "more"), (#"{"method":"a.B","oneway":"yes"}"#, "oneway"),
      (#"{"method":"a.B","upgrade":[]}"#, "upgrade"), (#"{"method":"a.B","method":"a.C"}"#, "method"),
      (#"{"method":"a.B","more":true,"oneway":true}"#, "oneway"),
    ])
  func wrong(frame: String, member: String) {
    #expect(throws: FrameFault.member(member)) { try VarlinkCall(frame: Array(frame.utf8)) }
  }

  @Test("A reply is read as it was written")
  func replies() throws {
    for reply in [
      VarlinkReply(parameters: Array(#"{"a":1}"#.utf8)), VarlinkReply(parameters: Array("{}".utf8), continues: true),
      VarlinkReply(parameters: Array(#"{"what":"x"}"#.utf8), error: "org.followupd.NotFound"),
    ] {
      #expect(reply.frame.last == 0)
      #expect(VarlinkReply(frame: reply.frame.dropLast()) == reply)
    }
  }

  @Test(
    "What is no reply is not taken for one",
    arguments: ["", "[]", #"{"parameters":1}"#, #"{"continues":1}"#, #"{"error":1}"#])
  func notReplies(text: String) {
    #expect(VarlinkReply(frame: Array(text.utf8)) == nil)
  }
}
