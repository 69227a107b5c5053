import FollowUpControl
import Testing

@Suite struct JSONScannerTests {
  func members(_ text: String, depth: Int = 64) throws -> [String: String] {
    let bytes = Array(text.utf8)
    return try JSONScanner.members(of: bytes, depthLimit: depth).mapValues {
      String(decoding: bytes[$0], as: UTF8.self)
    }
  }

  @Test("The members of the outermost object are found as they stand")
  func found() throws {
    let text = #" { "a" : {"b":[1,2,{"c":"}"}]} , "d\u0065" : -1.5E+3 ,"f":"x\"\\","g":null,"h":true } "#
    #expect(
      try members(text) == [
        "a": #"{"b":[1,2,{"c":"}"}]}"#, "de": "-1.5E+3", "f": #""x\"\\""#, "g": "null", "h": "true",
      ])
    #expect(try members("{}").isEmpty)
  }

  @Test(
    "What is not JSON is refused",
    arguments: [
      "", " ", "{", "}", "[]", "1", "null", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#,
      #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#, #"{"a":-}"#, #"{"a":tru}"#, #"{"a":TRUE}"#,
      #"{"a":NaN}"#, #"{'a':1}"#, #"{a:1}"#, #"{"a":"x}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u+123"}"#,
      #"{"a":"\u00g0"}"#, "{\"a\":\"\n\"}",
      #"{"a":[1}"#, #"{"a":[1,]}"#, #"{"a":{]}"#, #"{"a":1}}"#, #"{"a":1}{"#, #"{"\ud800":1}"#, "\u{FEFF}{}",
    ])
  func malformed(text: String) {
    let error = #expect(throws: JSONScanner.Fault.self) { try members(text) }
    guard case .malformed? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "Bytes that are not UTF-8 are refused",
    arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    #expect(throws: JSONScanner.Fault.malformed(offset: 0)) {
      try JSONScanner.members(of: Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8))
    }
  }

  @Test("A member named twice is refused, in whatever spelling")
  func repeated() {
    #expect(throws: JSONScanner.Fault.repeated(key: "a")) { try members(#"{"a":1,"\u0061":2}"#) }
  }

  @Test("Promise 34: depth is counted before anything recurses", arguments: ["[", #"{"a":"#])
  func deep(open: String) throws {
    let close = open == "[" ? "]" : "}"
    func nested(_ count: Int) -> String {
      #"{"a":"# + String(repeating: open, count: count) + "1" + String(repeating: close, count: count) + "}"
    }
    #expect(try members(nested(63)).count == 1)
    #expect(throws: JSONScanner.Fault.tooDeep(limit: 64)) { try members(nested(64)) }
    #expect(throws: JSONScanner.Fault.tooDeep(limit: 64)) {
      try members(#"{"a":"# + String(repeating: open, count: 20_000))
    }
  }

  @Test(
    "Texts are read with their escapes",
    arguments: [
      (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\ud83d\ude00""#, "é😀"),
      (#""é""#, "é"),
      (#""""#, ""),
    ])
  func strings(literal: String, text: String) {
    #expect(JSONScanner.string(in: Array(literal.utf8)[...]) == text)
  }

  @Test(
    "Half a surrogate pair is no text", arguments: [#""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, "1", #"""#, ""])
  func notStrings(literal: String) {
    #expect(JSONScanner.string(in: Array(literal.utf8)[...]) == nil)
  }

  @Test("What is quoted is read back the same", arguments: ["", "a\"b\\c", "\u{0}\u{1F}\n", "é😀\u{2028}", "</script>"])
  func quoted(text: String) {
    #expect(JSONScanner.string(in: JSONText.quoted(text)[...]) == text)
  }
}
