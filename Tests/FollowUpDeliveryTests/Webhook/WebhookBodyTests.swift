import FollowUpCore
import Foundation
import Testing

@testable import FollowUpDelivery

@Suite struct WebhookBodyTests {
  static let draft = MessageDraft.sample(
    channel: "sms", address: "+15550100", subject: "", text: "Grüße \"M\"\\\n\t\u{1}👩🏽‍⚕️ a=b&c", language: "de")

  static func body(_ preset: String, sender: String? = "5550199") throws -> String {
    String(decoding: try WebhookBody(preset: preset, sender: sender).bytes(of: draft), as: UTF8.self)
  }

  @Test("the JSON of the preset, in a fixed order, readable by others")
  func json() throws {
    let text = try Self.body("json")
    #expect(
      text == """
        {"id":"0e6ba7b8-9dad-51d1-80b4-00c04fd430c8","channel":"sms","to":"+15550100",\
        "text":"Grüße \\"M\\"\\\\\\n\\t\\u0001👩🏽‍⚕️ a=b&c","language":"de","sender":"5550199"}
        """)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
    #expect(object["text"] == Self.draft.text)
    #expect(try Self.body("json", sender: nil).hasSuffix("\"sender\":\"Riverside Family Practice\"}"))
  }

  @Test("forms are read back by Python", arguments: ["form", "twilio", "to={{to}}&msg={{ text }}&fixed=1"])
  func forms(preset: String) async throws {
    let read = try await Program.python(
      "import sys, json, urllib.parse as u; print(json.dumps(dict(u.parse_qsl(sys.stdin.read(), strict_parsing=True))))",
      input: Data(try Self.body(preset).utf8))
    let fields = try #require(read as? [String: String])
    #expect((fields["text"] ?? fields["Body"] ?? fields["msg"]) == Self.draft.text)
    #expect((fields["to"] ?? fields["To"]) == "+15550100")
  }

  @Test("a template that opens like JSON is escaped as JSON")
  func template() throws {
    let text = try Self.body(#"{"messages":[{"destination":"{{to}}","body":"{{text}}","ref":"{{id}}"}]}"#)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [[String: String]]]
    #expect(object?["messages"]?.first?["body"] == Self.draft.text)
  }

  @Test(
    "a template without address or text, or with an unknown placeholder, is refused",
    arguments: [
      "", "xml", "{{to}}", "{{text}}", "{{to}} {{text}} {{name}}", "{{to}} {{text",
    ])
  func refused(preset: String) {
    #expect(
      #expect(throws: AdapterSettingsError.self) { try WebhookBody(preset: preset, sender: nil) }?.key == "preset")
  }

  @Test(
    "the gateway's id is found by its path",
    arguments: [
      ("id", #"{"id":"SM1"}"#, "SM1"), ("id", #"{"id":42}"#, "42"),
      ("messages.0.id", #"{"messages":[{"id":"x"}]}"#, "x"),
      ("messages.1.id", #"{"messages":[{"id":"x"}]}"#, nil), ("id", #"{"id":null}"#, nil),
      ("id", #"{"id":{"a":1}}"#, nil),
      ("id", "not json", nil), ("id", "", nil), ("id", #"{"id":"a b\nc"}"#, nil), ("id", #"{"id":""}"#, nil),
      ("id", String(repeating: "[", count: 20_000), nil),
      ("id", #"{"a":"# + String(repeating: "[", count: 30) + String(repeating: "]", count: 30) + #","id":"x"}"#, "x"),
      // A thread's stack is small, and a gateway's answer is anybody's.
      ("id", #"{"a":"# + String(repeating: "[", count: 500) + String(repeating: "]", count: 500) + #","id":"x"}"#, nil),
      ("id", #"{"a":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[","id":"x"}"#, "x"),
    ])
  func gatewayIDs(path: String, body: String, expected: String?) {
    #expect(GatewayID.find(path, in: Array(body.utf8)) == expected)
  }

  @Test(
    "Promise 28: Retry-After in its odd forms",
    arguments: [
      ("120", 120), (" 5 ", 5), ("0", 0), ("99999999999999999999999", 604_800), ("-5", nil), ("1.5", nil),
      ("soon", nil),
      ("", nil), ("Tue, 01 Dec 2026 14:31:00 GMT", 60), ("Tue, 01 Dec 2026 14:00:00 GMT", 0),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 604_800), ("Tue, 01 Foo 2026 14:31:00 GMT", nil),
      ("Tue, 01 Dec 2026 25:31:00 GMT", nil),
    ])
  func retryAfter(value: String, expected: Int64?) {
    #expect(RetryAfter.seconds(value, now: Instant(1_796_135_400)) == expected)
  }
}
