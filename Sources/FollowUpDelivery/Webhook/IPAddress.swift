internal import Glibc

/// An IPv4 or IPv6 address by its bytes, 4 or 16 of them.
package struct IPAddress: Sendable, Hashable {
  package let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the usual spellings; a name, a port or a zone is none.
  package init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      bytes = withUnsafeBytes(of: six) { Array($0) }
    } else {
      return nil
    }
  }

  /// From what a resolver answered; nil for a family that is neither.
  init?(_ address: UnsafeRawPointer, length: Int) {
    guard length >= MemoryLayout<sa_family_t>.size else { return nil }
    switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
    case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
      bytes = withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
    case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
      bytes = withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
    default: return nil
    }
  }

  /// The IPv4 address that an IPv6 one stands for: mapped, compatible, translated (NAT64) or tunnelled (6to4, Teredo).
  package var embedded: IPAddress? {
    guard bytes.count == 16 else { return nil }
    func starts(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
    let zeros = [UInt8](repeating: 0, count: 10)
    if starts(zeros + [0xff, 0xff]) { return IPAddress(bytes: Array(bytes[12...])) }
    if starts(zeros + [0, 0]), bytes[12...] != [0, 0, 0, 0], bytes[12...] != [0, 0, 0, 1] {
      return IPAddress(bytes: Array(bytes[12...]))
    }
    if starts([0, 0x64, 0xff, 0x9b] + [UInt8](repeating: 0, count: 8)) { return IPAddress(bytes: Array(bytes[12...])) }
    if starts([0x20, 0x02]) { return IPAddress(bytes: Array(bytes[2..<6])) }
    if starts([0x20, 0x01, 0, 0]) { return IPAddress(bytes: bytes[12...].map { ~$0 }) }
    return nil
  }
}
