/// Which resolved addresses a webhook may connect to. It looks at addresses, never at names: a name can change its mind
/// between a check and the connection (DNS rebinding).
package struct AddressPolicy: Sendable {
  private let allowed: [Network]
  private let onlyListed: Bool

  /// `onlyListed`: nothing but `allowed` will do, as for plain `http`.
  package init(allowing allowed: [Network], onlyListed: Bool = false) {
    self.allowed = allowed
    self.onlyListed = onlyListed
  }

  /// The stable name of the range that forbids `address`; nil if it may be reached.
  package func refusal(of address: IPAddress) -> String? {
    let faces = [address] + (address.embedded.map { [$0] } ?? [])
    if allowed.contains(where: { network in faces.contains(where: network.contains) }) { return nil }
    if onlyListed { return "not-listed" }
    for face in faces {
      if let range = Self.ranges.first(where: { $0.network.contains(face) }) { return range.name }
    }
    return nil
  }

  private struct Range {
    let network: Network
    let name: String
  }

  /// The special-purpose registries of IANA (RFC 6890), and the addresses of clouds' metadata services outside them.
  private static let ranges: [Range] = [
    ("169.254.169.254", "metadata"), ("100.100.100.200", "metadata"), ("168.63.129.16", "metadata"),
    ("192.0.0.192", "metadata"), ("fd00:ec2::254", "metadata"), ("fd20:ce::254", "metadata"),
    ("0.0.0.0/8", "unspecified"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-nat"),
    ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"), ("192.88.99.0/24", "reserved"),
    ("192.168.0.0/16", "private"), ("198.18.0.0/15", "benchmark"), ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"), ("::1/128", "loopback"), ("64:ff9b:1::/48", "local-nat64"), ("100::/64", "discard"),
    ("2001:2::/48", "benchmark"), ("2001:db8::/32", "documentation"), ("3fff::/20", "documentation"),
    ("5f00::/16", "reserved"), ("fc00::/7", "private"), ("fe80::/10", "link-local"), ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
  ].compactMap { text, name in Network(text).map { Range(network: $0, name: name) } }

  /// How many ranges are known; a misspelt one would be missing.
  static var rangeCount: Int { ranges.count }
}
