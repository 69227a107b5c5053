internal import Glibc

/// A Unix stream socket that is listened on: inherited, or bound here.
package struct ListeningSocket: Sendable, Hashable {
  package let descriptor: Int32
  /// Where it stands in the file system; nil if inherited: then whoever made it removes it.
  package let ownedPath: String?
  private let device: UInt64
  private let inode: UInt64

  /// Takes over a socket that another made, e.g. systemd.
  package init(inherited descriptor: Int32) {
    self.descriptor = descriptor
    ownedPath = nil
    device = 0
    inode = 0
  }

  /// Binds `path`, see `UnixSocket.bind`.
  package init(path: String, mode: UInt32 = 0o666) throws(UnixSocket.BindError) {
    descriptor = try UnixSocket.bind(path: path, mode: mode)
    ownedPath = path
    var status = stat()
    let known = lstat(path, &status) == 0
    device = known ? UInt64(status.st_dev) : 0
    inode = known ? UInt64(status.st_ino) : 0
  }

  /// Removes the file of a socket bound here, unless another process has put its own there since.
  package func removeFile() {
    guard let ownedPath else { return }
    var status = stat()
    guard lstat(ownedPath, &status) == 0, UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
      return
    }
    unlink(ownedPath)
  }
}
