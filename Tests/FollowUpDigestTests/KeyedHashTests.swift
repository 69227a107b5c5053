import FollowUpDigest
import Testing

@Suite struct KeyedHashTests {
  @Test(
    "test cases 1, 2 and 6 of RFC 4231",
    arguments: [
      (
        [UInt8](repeating: 0x0b, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func examples(key: [UInt8], text: String, expected: String) {
    #expect(hex(KeyedHash(key: key).code(of: text.utf8)) == expected)
  }

  @Test("a code holds for its own bytes and no others")
  func validity() {
    let hash = KeyedHash(key: [1, 2, 3])
    let code = hash.code(of: [4, 5, 6])
    #expect(hash.isValid(code, for: [4, 5, 6]))
    #expect(!hash.isValid(code, for: [4, 5, 7]))
    #expect(!hash.isValid(Array(code.dropLast()), for: [4, 5, 6]))
    #expect(!KeyedHash(key: [1, 2, 4]).isValid(code, for: [4, 5, 6]))
  }

  @Test(
    "SHA-256 of the empty text and of abc",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func digests(text: String, expected: String) {
    #expect(hex(sha256(text.utf8)) == expected)
  }

  @Test("hexadecimal digits are read back")
  func hexadecimal() {
    #expect(unhex("00ff7Fa0") == [0, 255, 127, 160])
    #expect(unhex("0") == nil)
    #expect(unhex("0g") == nil)
    #expect(hex([0, 255, 127, 160]) == "00ff7fa0")
  }

  @Test("random keys have their length and differ")
  func random() {
    let first = RandomKey.make(bytes: 32)
    #expect(first.count == 32)
    #expect(first != RandomKey.make(bytes: 32))
  }
}
