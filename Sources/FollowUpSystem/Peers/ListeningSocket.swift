internal import CSystemd
internal import Glibc

/// A Unix stream socket that is listened on: inherited, or bound here.
package struct ListeningSocket: Sendable, Hashable {
  package let descriptor: Int32
  /// Where it stands in the file system; nil if inherited: then whoever made it removes it.
  package let ownedPath: String?
  /// Tells the file from another one of the same path.
  private let identity: [Int]

  /// Takes over a socket that another made, e.g. systemd.
  package init(inherited descriptor: Int32) {
    self.descriptor = descriptor
    ownedPath = nil
    identity = []
  }

  /// Binds `path`, see `UnixSocket.bind`.
  package init(path: String, mode: UInt32 = 0o666) throws(UnixSocket.BindError) {
    descriptor = try UnixSocket.bind(path: path, mode: mode)
    ownedPath = path
    identity = Self.identity(of: path)
  }

  /// Removes the file of a socket bound here, unless another process has put its own there since.
  package func removeFile() {
    guard let ownedPath, !identity.isEmpty, Self.identity(of: ownedPath) == identity else { return }
    unlink(ownedPath)
  }

  /// Device, inode and time of change: inodes are used again.
  private static func identity(of path: String) -> [Int] {
    var status = stat()
    guard lstat(path, &status) == 0 else { return [] }
    return [Int(status.st_dev), Int(status.st_ino), status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
