/// Addresses and CIDRs, as the configuration may spell them: dotted quads and RFC 4291 text, nothing shorter.
enum IPNetwork {
  /// Whether the text is a CIDR whose host bits are zero, such as `10.20.0.0/16` or `fd00::/8`.
  static func isNetwork(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bytes = parse(address: String(parts[0])), let length = Int(parts[1]),
      String(length) == parts[1], (0...bytes.count * 8).contains(length)
    else { return false }
    return bytes.indices.allSatisfy { index in
      let kept = min(8, max(0, length - index * 8))
      return kept == 8 || bytes[index] << UInt8(kept) == 0
    }
  }

  /// 4 or 16 bytes; nil for a text that is no address.
  static func parse(address text: String) -> [UInt8]? { text.contains(":") ? version6(text) : version4(text) }

  private static func version4(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part in UInt8(part).flatMap { String($0) == part ? $0 : nil } }
    return parts.count == 4 && bytes.count == 4 ? bytes : nil
  }

  private static func version6(_ text: String) -> [UInt8]? {
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2, let first = groups(halves[0]) else { return nil }
    if halves.count == 1 { return first.count == 16 ? first : nil }
    guard let last = groups(halves[1]), first.count + last.count <= 14 else { return nil }
    return first + [UInt8](repeating: 0, count: 16 - first.count - last.count) + last
  }

  private static func groups(_ text: Substring) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, group) in groups.enumerated() {
      if index == groups.count - 1, group.contains("."), let quad = version4(String(group)) {
        bytes += quad
      } else if (1...4).contains(group.utf8.count), group.allSatisfy(\.isHexDigit), let value = UInt16(group, radix: 16)
      {
        bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
      } else {
        return nil
      }
    }
    return bytes
  }
}
