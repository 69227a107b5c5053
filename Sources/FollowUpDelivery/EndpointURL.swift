internal import Glibc

/// The parts of a configured address that the adapters look at before libcurl does.
struct EndpointURL: Equatable {
  let scheme: String
  /// Lower case, without the brackets of an IPv6 address.
  let host: String
  /// Nil: the scheme's own.
  let port: Int?
  /// From the slash on; may be empty.
  let path: String

  /// Nil for control characters, blanks, a user in the address, an empty host or a port out of range.
  init?(_ text: String) {
    guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }),
      let colon = text.firstRange(of: "://")
    else { return nil }
    scheme = text[..<colon.lowerBound].lowercased()
    let rest = text[colon.upperBound...]
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    path = String(rest[end...])
    var authority = rest[..<end]
    guard !authority.contains("@") else { return nil }
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<close].lowercased()
      authority = authority[authority.index(after: close)...]
      guard authority.isEmpty || authority.hasPrefix(":") else { return nil }
    } else {
      let colon = authority.firstIndex(of: ":") ?? authority.endIndex
      host = authority[..<colon].lowercased()
      authority = authority[colon...]
    }
    guard !host.isEmpty, !scheme.isEmpty else { return nil }
    if authority.isEmpty {
      port = nil
    } else {
      guard let number = Int(authority.dropFirst()), (1...65535).contains(number) else { return nil }
      port = number
    }
  }

  /// Whether the host is this machine by its spelling, without asking any resolver.
  var isLoopback: Bool {
    if host == "localhost" { return true }
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
    return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }

  /// The host as it stands in an address.
  var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
}
