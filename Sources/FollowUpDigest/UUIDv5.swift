internal import Crypto

/// Name-based identifiers (RFC 9562 5.5): the same name always gives the same identifier.
package enum UUIDv5 {
  /// The identifier of `name` within `namespace`, lower case with hyphens.
  ///
  /// `namespace` is the 16 bytes of a UUID, or any other fixed bytes that stand for one.
  package static func make(namespace: [UInt8], name: [UInt8]) -> String {
    var digest = Insecure.SHA1()
    digest.update(data: namespace)
    digest.update(data: name)
    var id = Array(digest.finalize().prefix(16))
    id[6] = (id[6] & 0x0f) | 0x50
    id[8] = (id[8] & 0x3f) | 0x80
    let digits = hex(id)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (index, digit) in digits.utf8.enumerated() {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The 16 bytes of a UUID in its usual spelling, whatever its case; nil if it is not one.
  package static func bytes(of uuid: String) -> [UInt8]? {
    let characters = Array(uuid.utf8)
    guard characters.count == 36, [8, 13, 18, 23].allSatisfy({ characters[$0] == UInt8(ascii: "-") }) else {
      return nil
    }
    let digits = characters.filter { $0 != UInt8(ascii: "-") }
    guard digits.count == 32 else { return nil }
    return unhex(String(decoding: digits, as: UTF8.self))
  }
}
