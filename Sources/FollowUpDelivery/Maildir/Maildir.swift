internal import FollowUpCore
internal import Glibc

/// A Maildir: a message is written in `tmp` and appears in `new` whole or not at all.
struct Maildir: Sendable {
  /// A call to the system that failed, by its `errno`.
  struct Failure: Error {
    let number: Int32
    /// The message is in `new`, but may not outlive a power cut.
    var mayBeThere = false
  }

  let path: String

  /// Writes `content` as the message `name`, on disk when it returns; false if it was there already.
  ///
  /// The name is the message's own, so that a repeated attempt finds the first one and nobody reads it twice.
  func add(_ content: [UInt8], name: String) throws(Failure) -> Bool {
    try makeFolders()
    if isThere(name) { return false }
    let draft = "\(path)/tmp/\(name)"
    try write(content, to: draft)
    defer { unlink(draft) }
    guard link(draft, "\(path)/new/\(name)") == 0 else {
      if errno == EEXIST { return false }
      throw Failure(number: errno)
    }
    do {
      try synchronise("\(path)/new")
    } catch {
      throw Failure(number: error.number, mayBeThere: true)
    }
    return true
  }

  private func makeFolders() throws(Failure) {
    for folder in ["", "/tmp", "/new", "/cur"] where mkdir(path + folder, 0o700) != 0 && errno != EEXIST {
      throw Failure(number: errno)
    }
  }

  /// Also in `cur`, where a reader moves what it has seen, with its flags in the order of the alphabet.
  private func isThere(_ name: String) -> Bool {
    if access("\(path)/new/\(name)", F_OK) == 0 || access("\(path)/cur/\(name)", F_OK) == 0 { return true }
    let flags = Array("DFPRST")
    return (0..<(1 << flags.count)).contains { choice in
      let chosen = String(flags.indices.filter { choice & (1 << $0) != 0 }.map { flags[$0] })
      return access("\(path)/cur/\(name):2,\(chosen)", F_OK) == 0
    }
  }

  private func write(_ content: [UInt8], to file: String) throws(Failure) {
    // What a crash left in `tmp` is of no use to anyone.
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(number: errno) }
    defer { close(descriptor) }
    var written = 0
    while written < content.count {
      let count = content.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), content.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return try fail(file, errno) }
      written += count
    }
    if fsync(descriptor) != 0 { try fail(file, errno) }
  }

  private func fail(_ file: String, _ number: Int32) throws(Failure) {
    unlink(file)
    throw Failure(number: number)
  }

  private func synchronise(_ folder: String) throws(Failure) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(number: errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw Failure(number: errno) }
  }
}
