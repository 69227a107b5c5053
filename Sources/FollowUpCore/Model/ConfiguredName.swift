/// A name that a clinic gives to a plan, step, role, channel, …: part of keys, ids and commands, and therefore plain.
package struct ConfiguredName: Hashable, Sendable {
  package let text: String

  /// Lower-case letters, digits, `-` and `_`, beginning with a letter or digit, 64 characters at most; nil for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 64, Self.isAlphanumeric(first),
      bytes.allSatisfy({ Self.isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
    else { return nil }
    self.text = text
  }

  /// What a fault says of a name that is none.
  package static let rule = "a name has lower-case letters, digits, - and _ only, 64 at most"

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
