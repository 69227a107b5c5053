internal import FollowUpSystem

/// Where the control socket stands if systemd does not hand one over (`interface.md`, followupd).
enum ListenAddress {
  /// `$FOLLOWUPD_SOCKET`, else `/run/followupd/control.sock`, with `$FOLLOWUPD_INSTANCE` `/run/followupd-NAME/control.sock`.
  static func path(_ environment: [String: String]) -> String {
    if let path = environment["FOLLOWUPD_SOCKET"], !path.isEmpty { return path }
    if let name = environment["FOLLOWUPD_INSTANCE"], !name.isEmpty { return "/run/followupd-\(name)/control.sock" }
    return "/run/followupd/control.sock"
  }

  static func listen(_ environment: [String: String]) throws(StartError) -> ListeningSocket {
    if let inherited = InheritedSockets.take().first { return inherited }
    let path = path(environment)
    do {
      return try ListeningSocket(path: path)
    } catch {
      switch error {
      case .anotherInstance(let path):
        throw StartError(
          exitCode: 75, event: .anotherInstance, fields: [.path: path],
          sentence: "another followupd answers at \(path): stop it first, or set FOLLOWUPD_SOCKET to another path")
      case .system(let cause):
        throw StartError(
          exitCode: 73, event: .stateDirectoryUnwritable, fields: [.path: path],
          sentence: "the control socket \(path) cannot be made: \(cause): make its folder writable, "
            + "or set FOLLOWUPD_SOCKET to a path that is")
      }
    }
  }
}
