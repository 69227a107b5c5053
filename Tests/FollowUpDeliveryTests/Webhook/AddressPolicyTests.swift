import Testing

@testable import FollowUpDelivery

@Suite struct AddressPolicyTests {
  @Test(
    "Promise 29: one case a range, in each spelling that carries it",
    arguments: [
      ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("::1", "loopback"), ("::ffff:127.0.0.1", "loopback"),
      ("::127.0.0.1", "loopback"), ("64:ff9b::7f00:1", "loopback"), ("2002:7f00:1::", "loopback"),
      ("2001:0:1:2:3:4:80ff:fffe", "loopback"), ("10.1.2.3", "private"), ("172.16.0.1", "private"),
      ("172.31.255.255", "private"), ("192.168.1.1", "private"), ("::ffff:10.0.0.1", "private"), ("fd12::1", "private"),
      ("fc00::1", "private"), ("169.254.1.1", "link-local"), ("fe80::1", "link-local"), ("fec0::1", "site-local"),
      ("169.254.169.254", "metadata"), ("::ffff:a9fe:a9fe", "metadata"), ("64:ff9b::169.254.169.254", "metadata"),
      ("fd00:ec2::254", "metadata"), ("100.100.100.200", "metadata"), ("168.63.129.16", "metadata"),
      ("100.64.0.1", "carrier-nat"), ("100.127.255.255", "carrier-nat"), ("0.0.0.0", "unspecified"),
      ("0.1.2.3", "unspecified"), ("::", "unspecified"), ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"),
      ("ff02::1", "multicast"), ("255.255.255.255", "reserved"), ("240.0.0.1", "reserved"), ("192.0.0.1", "reserved"),
      ("198.18.0.1", "benchmark"), ("192.0.2.1", "documentation"), ("2001:db8::1", "documentation"),
      ("64:ff9b:1::1", "local-nat64"), ("100::1", "discard"),
    ])
  func blocked(address: String, range: String) throws {
    let address = try #require(IPAddress(address))
    #expect(AddressPolicy(allowing: []).refusal(of: address) == range)
  }

  @Test(
    "public addresses pass, next to each range's ends",
    arguments: [
      "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
      "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
      "223.255.255.255",
      "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2a00::1",
    ])
  func allowed(address: String) throws {
    let address = try #require(IPAddress(address))
    #expect(AddressPolicy(allowing: []).refusal(of: address) == nil)
    #expect(AddressPolicy(allowing: [], onlyListed: true).refusal(of: address) == "not-listed")
  }

  @Test(
    "the clinic's own networks pass, and only they",
    arguments: [
      ("10.20.0.0/16", "10.20.3.4", true), ("10.20.0.0/16", "10.21.0.1", false),
      ("10.20.0.0/16", "::ffff:10.20.0.1", true),
      ("192.168.1.5", "192.168.1.5", true), ("192.168.1.5", "192.168.1.6", false), ("fd00::/8", "fd12::1", true),
      ("127.0.0.0/8", "::1", false), ("0.0.0.0/0", "127.0.0.1", true), ("172.16.0.0/13", "172.23.255.255", true),
      ("172.16.0.0/13", "172.24.0.0", false),
    ])
  func lists(network: String, address: String, passes: Bool) throws {
    let policy = AddressPolicy(allowing: [try #require(Network(network))])
    #expect((policy.refusal(of: try #require(IPAddress(address))) == nil) == passes)
  }

  @Test(
    "what is no network is refused",
    arguments: [
      "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.1/8", "gateway", "::/129", "10.0.0.0/+8",
      "10.1",
    ])
  func noNetworks(text: String) {
    #expect(Network(text) == nil)
  }

  @Test("every range of the list was understood")
  func complete() {
    #expect(AddressPolicy.rangeCount == 33)
  }
}
