internal import Glibc

/// The folder that holds the database and what stands beside it, owned by one daemon at a time.
package struct StateDirectory: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var database: String { path + "/followupd.sqlite" }
  var lock: String { path + "/lock" }
  var head: String { path + "/head" }
  var mark: String { path + "/mark" }
  package var begun: String { path + "/begun" }
  /// See `Ballast`.
  var ballast: String { path + "/ballast" }
  /// Present while a daemon runs: found at start, it tells of an unclean stop.
  var running: String { path + "/running" }
  var keys: String { path + "/keys" }
  /// Where trial mode writes.
  package var trialMaildir: String { path + "/trial" }

  /// Makes the folder (0700) if it is missing and proves that it can be written.
  package func prepare() throws(StoreError) {
    try makeDirectory(path)
    let probe = path + "/.probe"
    let descriptor = open(probe, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
    close(descriptor)
    unlink(probe)
  }

  func makeDirectory(_ path: String) throws(StoreError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .notWritable(path: path, why: errorText())
    }
    try makeDirectory(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .notWritable(path: path, why: errorText()) }
  }
}

/// What `errno` says, in words.
func errorText(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

/// Held for the daemon's life; the kernel lets go of it when the process ends, however it ends.
struct InstanceLock: ~Copyable, Sendable {
  private let descriptor: Int32

  init(_ directory: StateDirectory) throws(StoreError) {
    descriptor = open(directory.lock, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: directory.path, why: errorText()) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .anotherInstance(path: directory.path)
    }
  }

  deinit { close(descriptor) }
}

/// Whole small files, written so that a reader sees the old or the new one.
enum SmallFile {
  static func read(_ path: String, limit: Int = 65_536) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var length = 0
    while length < limit {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: length), limit - length)
      }
      if count <= 0 { break }
      length += count
    }
    return Array(bytes.prefix(length))
  }

  /// Writes beside, syncs, renames, and syncs the folder: what is committed later may rely on it.
  static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws(StoreError) {
    let beside = path + ".new"
    let descriptor = open(beside, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    let synced = fsync(descriptor)
    close(descriptor)
    guard written == bytes.count, synced == 0, rename(beside, path) == 0, syncFolder(of: path) else {
      throw .notWritable(path: path, why: errorText())
    }
  }

  private static func syncFolder(of path: String) -> Bool {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  /// Its length; nil if it is not there.
  static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}
