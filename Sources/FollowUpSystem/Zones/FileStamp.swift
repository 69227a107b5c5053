internal import CSystemd
internal import Glibc

/// What tells that a file was changed or replaced, without reading it.
struct FileStamp: Equatable {
  var device: UInt64
  var inode: UInt64
  var size: Int
  var modifiedSeconds: Int
  var modifiedNanoseconds: Int
  var isFile: Bool

  /// Of what is not there.
  static let absent = FileStamp()

  private init() {
    (device, inode, size, modifiedSeconds, modifiedNanoseconds, isFile) = (0, 0, 0, 0, 0, false)
  }

  /// Links are followed. nil if there is nothing, or it may not be seen.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    modifiedSeconds = status.st_mtim.tv_sec
    modifiedNanoseconds = status.st_mtim.tv_nsec
    isFile = status.st_mode & S_IFMT == S_IFREG
  }

  /// The first bytes of a file, up to `limit`; nil if it cannot be read.
  static func contents(of path: String, atMost limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit, 16_384))
    while bytes.count < limit {
      let count = read(file, &chunk, min(chunk.count, limit - bytes.count))
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        return nil
      }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
