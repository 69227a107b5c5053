internal import Glibc
internal import Synchronization

/// Reads back what commits wrote into SQLite's log, for a disk can say that it wrote and not have done so (promise 6). A
/// commit counts once each of its frames is in the file under the checksums that the next start goes by: else that start
/// would drop it, and with it all that was promised on its strength. (SQLite's "WAL File Format".)
final class LogCheck: Sendable {
  /// How far the log is known to be whole.
  private struct Position {
    var salts: UInt64
    var frames: Int
    var sum: Sum

    /// Goes one frame further; false if it is none of this log, or not as its checksum says.
    mutating func take(_ frame: UnsafeRawBufferPointer, headerSize: Int, isBig: Bool) -> Bool {
      func word(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      }
      guard frame.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == salts else { return false }
      sum.add(UnsafeRawBufferPointer(rebasing: frame[0..<8]), isBig: isBig)
      sum.add(UnsafeRawBufferPointer(rebasing: frame[headerSize...]), isBig: isBig)
      frames += 1
      return sum == Sum(first: word(16), second: word(20))
    }
  }

  /// SQLite's running checksum: two words, over words of the log's own byte order.
  private struct Sum: Equatable {
    var first: UInt32 = 0
    var second: UInt32 = 0

    mutating func add(_ bytes: UnsafeRawBufferPointer, isBig: Bool) {
      var offset = 0
      while offset < bytes.count {
        let one = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        let two = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
        first &+= (isBig ? UInt32(bigEndian: one) : UInt32(littleEndian: one)) &+ second
        second &+= (isBig ? UInt32(bigEndian: two) : UInt32(littleEndian: two)) &+ first
        offset += 8
      }
    }
  }

  private struct State {
    var position: Position?
    /// Frames as they were read: kept, for to clear it for each commit costs more than to read.
    var frames: [UInt8] = []
  }

  struct Unreadable: Error {}

  private let path: String
  private let state = Mutex(State())

  private static let headerSize = 32
  private static let frameHeaderSize = 24
  /// How many frames are read at once.
  private static let batch = 64

  init(database: String) { path = database + "-wal" }

  /// Reads on from where the last call ended. Whether a commit is there that was not there then. To be asked after each
  /// commit that something relies on, while no other thread of ours writes.
  ///
  /// The `-shm` file would tell how much there must be; but whoever closes a file gives up all locks that his process holds
  /// on it, SQLite's among them.
  /// - Throws: `Unreadable` if the log is there and cannot be opened, for want of descriptors or memory: nothing is known then.
  func hasAdvanced() throws(Unreadable) -> Bool {
    try state.withLock { state throws(Unreadable) in
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        if errno == ENOENT { return false }
        throw Unreadable()
      }
      defer { close(descriptor) }
      var header = [UInt8](repeating: 0, count: Self.headerSize)
      // Emptied by another program's checkpoint: the commit lies in the database itself.
      guard fill(&header, from: descriptor, at: 0) == Self.headerSize else { return header.allSatisfy { $0 == 0 } }
      let before = state.position
      state.position = header.withUnsafeBytes { follow($0, from: before, descriptor, &state.frames) }
      guard let position = state.position else { return false }
      return position.frames > (before?.salts == position.salts ? before?.frames ?? 0 : 0)
    }
  }

  /// The end of the last whole commit; nil if the header is none.
  private func follow(
    _ header: UnsafeRawBufferPointer, from known: Position?, _ descriptor: Int32, _ bytes: inout [UInt8]
  ) -> Position? {
    func word(_ offset: Int) -> UInt32 {
      UInt32(bigEndian: header.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    let isBig = word(0) & 1 == 1
    let frameSize = Self.frameHeaderSize + Int(word(8))
    let salts = header.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    var start = Sum()
    start.add(UnsafeRawBufferPointer(rebasing: header[0..<24]), isBig: isBig)
    guard word(0) & ~1 == 0x377f_0682, (512...65_536).contains(Int(word(8))),
      start == Sum(first: word(24), second: word(28))
    else { return nil }
    var whole = Position(salts: salts, frames: 0, sum: start)
    if let known, known.salts == salts { whole = known }
    var next = whole
    if bytes.count != Self.batch * frameSize { bytes = [UInt8](repeating: 0, count: Self.batch * frameSize) }
    while true {
      let length = fill(&bytes, from: descriptor, at: Self.headerSize + next.frames * frameSize)
      let isFollowing = bytes.withUnsafeBytes { buffer in
        for frame in 0..<length / frameSize {
          let bytes = UnsafeRawBufferPointer(rebasing: buffer[frame * frameSize..<(frame + 1) * frameSize])
          guard next.take(bytes, headerSize: Self.frameHeaderSize, isBig: isBig) else { return false }
          // The size of the database stands in the last frame of each commit.
          if bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self) != 0 { whole = next }
        }
        return length == buffer.count
      }
      if !isFollowing { return whole }
    }
  }

  /// Returns how many bytes there were.
  private func fill(_ bytes: inout [UInt8], from descriptor: Int32, at offset: Int) -> Int {
    bytes.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
        if count <= 0 { break }
        done += count
      }
      return done
    }
  }
}
