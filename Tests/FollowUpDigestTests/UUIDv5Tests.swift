import FollowUpDigest
import Testing

@Suite struct UUIDv5Tests {
  static let dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

  @Test(
    "the examples of RFC 9562 and of Python's uuid5",
    arguments: [
      (UUIDv5Tests.dns, "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
      ("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"),
      (UUIDv5Tests.dns, "", "4ebd0208-8328-5d69-8c44-ec50939c0967"),
    ])
  func examples(namespace: String, name: String, expected: String) throws {
    let space = try #require(UUIDv5.bytes(of: namespace))
    #expect(UUIDv5.make(namespace: space, name: Array(name.utf8)) == expected)
  }

  @Test(
    "what is not a UUID names no namespace",
    arguments: [
      "", "6ba7b810", "6ba7b8109dad11d180b400c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
      "6ba7b810-9dad-11d1-80b4--0c04fd430c8",
    ])
  func notANamespace(namespace: String) {
    #expect(UUIDv5.bytes(of: namespace) == nil)
  }
}
