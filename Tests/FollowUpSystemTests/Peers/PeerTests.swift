import FollowUpSystem
import Glibc
import Testing

@Suite struct PeerTests {
  @Test("The kernel names this process at both ends of a socket pair")
  func socketPair() throws {
    var ends: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { ends.forEach { close($0) } }
    let peer = try Peer(socket: ends[0])
    #expect(peer.uid == geteuid())
    #expect(peer.gid == getegid())
    #expect(peer.pid == getpid())
    var mine = [gid_t](repeating: 0, count: 65536)
    let count = getgroups(Int32(mine.count), &mine)
    #expect(Set(peer.groups) == Set(mine.prefix(Int(count)) + [getegid()]))
  }

  @Test("A file that is no socket has no peer")
  func notASocket() {
    #expect(throws: SystemError(call: "getsockopt SO_PEERCRED", errno: ENOTSOCK)) { try Peer(socket: 0 + devNull()) }
  }

  @Test("The primary group counts among the groups, each once")
  func groups() {
    #expect(Peer(uid: 1, gid: 5, pid: 9, groups: [7, 5, 7]).groups == [5, 7])
  }

  private func devNull() -> Int32 { open("/dev/null", O_RDONLY) }
}

@Suite struct AccountsTests {
  @Test("Groups are found by name, users by number")
  func known() {
    #expect(Accounts.group(named: "root") == 0)
    #expect(Accounts.userName(of: 0) == "root")
  }

  @Test("What does not exist grants nothing", arguments: ["no-such-group-here", "", "root\n"])
  func unknown(name: String) {
    #expect(Accounts.group(named: name) == nil)
    #expect(Accounts.userName(of: 4_000_000_000) == nil)
  }
}
