internal import CSystemd
internal import Glibc

/// The sockets that systemd opened for this process (sd_listen_fds(3)).
package enum InheritedSockets {
  /// Listening Unix stream sockets among the inherited descriptors, in their order; none where `LISTEN_PID` names another
  /// process (promise 44). Takes them once: the environment is unset, and no child of ours inherits them.
  package static func take() -> [ListeningSocket] {
    let count = sd_listen_fds(1)
    guard count > 0 else { return [] }
    return (SD_LISTEN_FDS_START..<SD_LISTEN_FDS_START + count)
      .filter { sd_is_socket_unix($0, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0 }
      .map { ListeningSocket(inherited: $0) }
  }
}
