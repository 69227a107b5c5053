import Testing

@testable import FollowUpService

@Suite struct EndpointTests {
  @Test(
    "A CIDR is a network without host bits",
    arguments: [
      ("10.0.0.0/8", true), ("192.168.1.0/24", true), ("0.0.0.0/0", true), ("10.1.2.3/32", true), ("fd00::/8", true),
      ("::1/128", true), ("::/0", true), ("2001:db8::/32", true), ("::ffff:10.0.0.0/104", true), ("10.0.0.1/8", false),
      ("10.0.0.0/33", false), ("10.0.0.0", false), ("10.0.0/8", false), ("010.0.0.0/8", false), ("10.0.0.0/08", false),
      ("10.0.0.0/+8", false), ("fd00::1/8", false), ("fd00:::/8", false), ("1:2:3:4:5:6:7:8:9/64", false), ("", false),
      ("12345::/16", false), ("example.org/8", false),
    ])
  func networks(text: String, isNetwork: Bool) {
    #expect(IPNetwork.isNetwork(text) == isNetwork)
  }

  @Test(
    "This machine is known by its names and addresses",
    arguments: [
      ("smtp://localhost:25", true), ("smtp://127.0.0.1", true), ("smtp://127.8.8.8:25", true),
      ("smtp://[::1]:25", true),
      ("smtp://LOCALHOST", true), ("smtp://localhost.example.org", false), ("smtp://10.0.0.1", false),
      ("smtp://[::2]", false), ("smtp://127.0.0.1.example.org", false),
    ])
  func loopback(text: String, isLoopback: Bool) throws {
    #expect(try #require(ServerURL(text)).isLoopback == isLoopback)
  }

  @Test(
    "A text that is no URL of a server is none",
    arguments: [
      "", "mail.example.org", "://host", "smtp://", "smtp://host:0", "smtp://host:65536", "smtp://host:",
      "smtp://ho st",
      "smtp://host:+25", "smtp://[::1", "smtp://[host]", "smtp://host\n", "smtp://[::1]25", "smtp://a:1:2",
    ])
  func noURL(text: String) {
    #expect(ServerURL(text) == nil)
  }

  @Test("A name and password in a URL are seen")
  func userInfo() throws {
    let url = try #require(ServerURL("https://me:secret@gateway.example.org:8443/a?b"))
    #expect(url.hasUserInfo && url.host == "gateway.example.org" && url.port == 8443 && url.path == "/a?b")
  }
}
