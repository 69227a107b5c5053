internal import Glibc
internal import Synchronization

/// Room on the disk that is given up when the rest is gone: on a full disk SQLite could record neither what was sent nor a
/// STOP, nor delete anything (`delivery.md`, trap 3). Space counts as low from then until the file is back in its place.
package final class Ballast: Sendable {
  private let path: String
  private let folder: String
  /// Its length in bytes.
  private let size: Int64
  private let isHeld: Mutex<Bool>

  /// What results, commands and a checkpoint need for hours: several times SQLite's log at its longest.
  private static let standard: Int64 = 64 << 20

  /// How long SQLite's log may become, in its pages of 4 KiB: the longer, the less often it is folded in.
  var logPages: Int64 { max(1000, min(4000, size / 4 / 4096)) }

  init(_ directory: StateDirectory) {
    path = directory.ballast
    folder = directory.path
    // On a very small disk not more than an eighth.
    let whole = Self.space(folder).map(\.whole) ?? 0
    size = max(64 << 10, min(Self.standard, whole / 8))
    let found = SmallFile.size(path)
    isHeld = Mutex(found == Int(size))
    if found != Int(size) { unlink(path) }
    look()
  }

  /// Whether nothing new may be begun.
  package var isLow: Bool { isHeld.withLock { !$0 } }

  /// Gives it up where less than half its size is free besides, takes it back where its size is free besides. A few
  /// microseconds.
  package func look() {
    guard let free = Self.space(folder)?.free else { return }
    isHeld.withLock { isHeld in
      if isHeld, free < size / 2 {
        unlink(path)
        isHeld = false
      } else if !isHeld, free >= 2 * size {
        isHeld = make()
      }
    }
  }

  /// The disk was found full.
  func giveUp() {
    isHeld.withLock { isHeld in
      unlink(path)
      isHeld = false
    }
  }

  private func make() -> Bool {
    let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Its length comes with its blocks: a file that a kill left without them would free nothing.
    guard posix_fallocate(descriptor, 0, off_t(size)) == 0 else {
      unlink(path)
      return false
    }
    return true
  }

  private static func space(_ path: String) -> (free: Int64, whole: Int64)? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let block = Int64(status.f_frsize)
    return (Int64(status.f_bavail) * block, Int64(status.f_blocks) * block)
  }
}
