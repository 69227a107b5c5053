internal import CSystemd
internal import Glibc
internal import Synchronization

/// The datagram socket of journald, spoken to in its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL).
///
/// Not `sd_journal_sendv`: that one blocks once journald is stopped and its queue full, and reports success where there is
/// none. Here a line that cannot be taken at once is dropped and counted (promise 41).
package final class JournaldSocket: Sendable {
  private struct State {
    var descriptor: Int32
    var connected = false
    var dropped = 0
  }

  private let path: String
  private let state: Mutex<State>

  /// Nothing is opened that could fail: journald may come later. `path`: its socket.
  package init(path: String = "/run/systemd/journal/socket") {
    self.path = path
    let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    state = Mutex(State(descriptor: socket(AF_UNIX, type, 0)))
  }

  deinit {
    let descriptor = state.withLock { $0.descriptor }
    if descriptor >= 0 { close(descriptor) }
  }

  /// journald's socket if it is what reads this process's standard error: `JOURNAL_STREAM` is its device and inode.
  package static func ofThisProcess() -> JournaldSocket? {
    guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }) else { return nil }
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0 else { return nil }
    return isJournal(stream: stream, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
      ? JournaldSocket() : nil
  }

  /// Whether `JOURNAL_STREAM` ("DEVICE:INODE") names the file with those numbers.
  package static func isJournal(stream: String, device: UInt64, inode: UInt64) -> Bool {
    let parts = stream.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 && UInt64(parts[0]) == device && UInt64(parts[1]) == inode
  }

  /// Lines lost since the last that was taken.
  package var dropped: Int { state.withLock { $0.dropped } }

  /// Sends one entry; `fields` in their order. What cannot go at once is dropped; the next entry that goes is followed by
  /// one that says how many were lost, made by `lost`.
  package func send(_ fields: [(String, String)], lost: (Int) -> [(String, String)]) {
    let entry = Self.encoded(fields)
    state.withLock { state in
      guard write(entry, &state) else {
        state.dropped += 1
        return
      }
      let count = state.dropped
      if count > 0, write(Self.encoded(lost(count)), &state) { state.dropped = 0 }
    }
  }

  private func write(_ entry: [UInt8], _ state: inout State) -> Bool {
    // Connected once; again after journald was restarted.
    for _ in 0..<2 {
      if !state.connected {
        let descriptor = state.descriptor
        let result = try? UnixSocket.withAddress(path) { (address, length) throws(SystemError) in
          Glibc.connect(descriptor, address, length)
        }
        guard result == 0 else { return false }
        state.connected = true
      }
      if Glibc.send(state.descriptor, entry, entry.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) >= 0 {
        return true
      }
      guard errno == ECONNREFUSED || errno == ENOTCONN || errno == ECONNRESET else { return false }
      state.connected = false
    }
    return false
  }

  /// `KEY=value` lines; a value with a line break goes with its length instead.
  static func encoded(_ fields: [(String, String)]) -> [UInt8] {
    var out: [UInt8] = []
    for (key, value) in fields {
      out += Array(key.utf8)
      let bytes = Array(value.utf8.prefix(16 << 10))
      if bytes.contains(0x0A) {
        out.append(0x0A)
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { out += Array($0) }
      } else {
        out.append(UInt8(ascii: "="))
      }
      out += bytes
      out.append(0x0A)
    }
    return out
  }
}
