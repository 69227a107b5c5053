internal import CSystemd
internal import Glibc

/// Users and groups of this machine, by whatever sources its name service switch asks.
package enum Accounts {
  /// The number of a group; nil if there is none of that name.
  package static func group(named name: String) -> UInt32? {
    withBuffer { (buffer, size) in
      var entry = Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      let code = getgrnam_r(name, &entry, buffer, size, &found)
      return (code, found?.pointee.gr_gid)
    }
  }

  /// The name of a user; nil if the number has none.
  package static func userName(of uid: UInt32) -> String? {
    withBuffer { (buffer, size) in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let code = getpwuid_r(uid, &entry, buffer, size, &found)
      return (code, found?.pointee.pw_name.map { String(cString: $0) })
    }
  }

  /// Asks with more and more room for as long as the entry does not fit (ERANGE).
  private static func withBuffer<R>(_ ask: (UnsafeMutablePointer<CChar>, Int) -> (code: Int32, answer: R?)) -> R? {
    var size = 4096
    while size <= 4 << 20 {
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
      defer { buffer.deallocate() }
      let (code, answer) = ask(buffer, size)
      if code == 0 { return answer }
      // A signal says nothing of the entry; any other error is as good as no entry.
      guard code == ERANGE || code == EINTR else { return nil }
      if code == ERANGE { size *= 4 }
    }
    return nil
  }
}
