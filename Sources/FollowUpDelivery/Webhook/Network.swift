/// A range of addresses, `10.0.0.0/8` or `fd00::/8` (RFC 4632).
package struct Network: Sendable, Hashable {
  private let base: IPAddress
  private let length: Int

  /// Reads a CIDR; an address alone means itself. Nil for anything else, and for bits set beyond the length.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let base = IPAddress(String(first)) else { return nil }
    let whole = base.bytes.count * 8
    if parts.count == 2 {
      guard let length = Int(parts[1]), (0...whole).contains(length),
        parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
      else { return nil }
      self.length = length
    } else {
      length = whole
    }
    self.base = base
    for bit in length..<whole where base.bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
  }

  package func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == base.bytes.count else { return false }
    let full = length / 8
    guard address.bytes[..<full] == base.bytes[..<full] else { return false }
    let rest = length % 8
    guard rest > 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xff00 >> rest)
    return address.bytes[full] & mask == base.bytes[full] & mask
  }
}
