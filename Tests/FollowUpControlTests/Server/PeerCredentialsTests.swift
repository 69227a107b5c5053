import FollowUpControl
import FollowUpSystem
import Foundation
import Glibc
import Synchronization
import Testing

@Suite struct PeerCredentialsTests {
  @Test("Promise 35: a client of another user and other groups is known as such, whatever it says")
  func otherUser() async throws {
    let peers = Mutex<[Peer]>([])
    try await TestServer.with(handler: { _, peer, reply in
      peers.withLock { $0.append(peer) }
      reply.send(Array("{}".utf8))
    }) { server in
      // Only root may become another; anyone else is seen as what they are.
      let asRoot = geteuid() == 0
      let client = """
        use Socket;
        socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die "socket";
        connect($s, sockaddr_un($ARGV[0])) or die "connect: $!";
        syswrite($s, '{"method":"org.followupd.WhoAmI","parameters":{"uid":0}}' . "\\0");
        sysread($s, my $reply, 100) or die "no reply";
        """
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/setpriv")
      process.arguments =
        (asRoot ? ["--reuid=65534", "--regid=65533", "--groups=4242,4343"] : [])
        + ["/usr/bin/perl", "-e", client, server.path]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let peer = try #require(peers.withLock { $0 }.first)
      #expect(peer.pid == process.processIdentifier)
      #expect(peer.uid == (asRoot ? 65534 : geteuid()))
      if asRoot {
        #expect(peer.gid == 65533)
        #expect(peer.groups == [4242, 4343, 65533])
      }
    }
  }
}
