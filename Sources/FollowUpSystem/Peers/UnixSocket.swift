internal import CSystemd
internal import Glibc

/// Makes and reaches Unix stream sockets.
package enum UnixSocket {
  package enum BindError: Error, Sendable, Hashable {
    /// A living process listens at the path (exit 75).
    case anotherInstance(path: String)
    /// The path is too long for a socket, holds something that is not a socket, or may not be written (exit 73).
    case system(SystemError)
  }

  /// A listening socket at `path`, whose mode becomes `mode`: with 0o666 everybody may connect, and rights are decided
  /// by the peer's credentials. Makes the last directory of the path (0755) if it is missing, and replaces the file
  /// that a killed daemon left behind, but never one that still answers.
  package static func bind(path: String, mode: UInt32 = 0o666, backlog: Int32 = 128) throws(BindError) -> Int32 {
    makeDirectory(of: path)
    do {
      switch try occupant(of: path) {
      case .nobody: break
      case .living: throw BindError.anotherInstance(path: path)
      case .stale: unlink(path)
      }
      let descriptor = try open()
      do {
        try withAddress(path) { (address, length) throws(SystemError) in
          guard Glibc.bind(descriptor, address, length) == 0 else {
            throw SystemError(call: "bind \(path)", errno: errno)
          }
        }
        // Before `listen`, so that nobody connects under another mode.
        guard chmod(path, mode) == 0 else { throw SystemError(call: "chmod \(path)", errno: errno) }
        guard listen(descriptor, backlog) == 0 else { throw SystemError(call: "listen \(path)", errno: errno) }
        return descriptor
      } catch {
        close(descriptor)
        throw error
      }
    } catch let error as SystemError {
      throw .system(error)
    } catch let error as BindError {
      throw error
    } catch {
      throw .system(SystemError(call: "bind \(path)", errno: EINVAL))
    }
  }

  /// A connected socket, blocking. Errors: ENOENT, ECONNREFUSED, EACCES, ENAMETOOLONG, …
  package static func connect(path: String) throws(SystemError) -> Int32 {
    let descriptor = try open()
    do {
      try withAddress(path) { (address, length) throws(SystemError) in
        var result: Int32
        repeat { result = Glibc.connect(descriptor, address, length) } while result != 0 && errno == EINTR
        guard result == 0 else { throw SystemError(call: "connect \(path)", errno: errno) }
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private enum Occupant { case nobody, living, stale }

  /// Who holds the path: asked by connecting, without waiting where the listener's queue is full.
  private static func occupant(of path: String) throws(SystemError) -> Occupant {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw SystemError(call: "stat \(path)", errno: errno) }
      return .nobody
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError(call: "bind \(path)", errno: EEXIST) }
    let probe = try open(flags: Int32(SOCK_NONBLOCK.rawValue))
    defer { close(probe) }
    var failure: Int32 = 0
    try withAddress(path) { (address, length) throws(SystemError) in
      failure = Glibc.connect(probe, address, length) == 0 ? 0 : errno
    }
    return failure == ECONNREFUSED || failure == ENOENT ? .stale : .living
  }

  private static func open(flags: Int32 = 0) throws(SystemError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | flags
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", errno: errno) }
    return descriptor
  }

  private static func makeDirectory(of path: String) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    mkdir(String(path[..<slash]), 0o755)
  }

  /// The path as the kernel takes it: at most 107 bytes.
  static func withAddress<R>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> R
  ) throws(SystemError) -> R {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard !bytes.isEmpty, bytes.count <= room, !bytes.contains(0) else {
      throw SystemError(call: "socket path \(path)", errno: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let outcome: Result<R, SystemError> = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        do throws(SystemError) {
          return .success(try body(address, socklen_t(MemoryLayout<sockaddr_un>.size)))
        } catch {
          return .failure(error)
        }
      }
    }
    return try outcome.get()
  }
}
