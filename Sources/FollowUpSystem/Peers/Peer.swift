internal import CSystemd
internal import Glibc

/// Who is at the other end of a Unix socket, as the kernel tells it; nothing that the peer says counts.
package struct Peer: Sendable, Hashable {
  package var uid: UInt32
  package var gid: UInt32
  /// The process that connected; another may hold the socket by now, so it serves the journal only.
  package var pid: Int32
  /// Primary and supplementary groups, sorted, each once.
  package var groups: [UInt32]

  package init(uid: UInt32, gid: UInt32, pid: Int32, groups: [UInt32]) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.groups = Set(groups + [gid]).sorted()
  }

  /// Reads SO_PEERCRED and SO_PEERGROUPS of a connected socket.
  /// Errors: `errno` of the kernel, e.g. ENOTSOCK; a peer that cannot be known must be refused.
  package init(socket descriptor: Int32) throws(SystemError) {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
    guard followup_peer_credentials(descriptor, &pid, &uid, &gid) == 0 else {
      throw SystemError(call: "getsockopt SO_PEERCRED", errno: errno)
    }
    var groups = [UInt32](repeating: 0, count: 64)
    var count = Int(followup_peer_groups(descriptor, &groups, Int32(groups.count)))
    if count > groups.count {
      groups = [UInt32](repeating: 0, count: count)
      count = Int(followup_peer_groups(descriptor, &groups, Int32(groups.count)))
    }
    guard (0...groups.count).contains(count) else {
      throw SystemError(call: "getsockopt SO_PEERGROUPS", errno: errno)
    }
    self.init(uid: uid, gid: gid, pid: pid, groups: Array(groups[..<count]))
  }
}
