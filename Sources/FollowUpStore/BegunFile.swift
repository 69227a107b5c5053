internal import Glibc
internal import Synchronization

/// Which attempts have begun (their first byte may have left), kept in a mapped file so that `kill -9` does not lose it
/// (`delivery.md`, Doubt), and which of them a peer has taken, so that what no commit has recorded yet is no doubt. A slot
/// holds an attempt's id and its complement, or its id twice once it was delivered; the header names the boot.
package final class BegunFile: Sendable {
  /// What the file of the run before says.
  package enum Found: Sendable, Equatable {
    /// Written in this boot: only these had begun, and those beside them were delivered.
    case begun(Set<Int64>, delivered: Set<Int64>)
    /// Another boot, missing or damaged: any claim may have begun.
    case unknown
  }

  private static let slots = 4096
  private static let headerSize = 64
  private static let size = headerSize + slots * 16
  private static let magic: [UInt8] = Array("followupd-begun1".utf8)
  private static let bootSize = 48

  package let found: Found
  private let address: UInt
  /// The slots that are free.
  private let free = Mutex<[Int]>([])

  private let boot: [UInt8]

  /// Reads what the run before left, and leaves it there until `startAnew()`. `bootID`: the kernel's, 36 characters.
  package init(path: String, bootID: String) throws(StoreError) {
    boot = Array((Array(bootID.utf8) + [UInt8](repeating: 0, count: Self.bootSize)).prefix(Self.bootSize))
    found = Self.read(path, boot: boot)
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: path, why: errorText()) }
    defer { close(descriptor) }
    // The blocks are reserved now: a write into the map on a full disk would be a SIGBUS.
    let full = posix_fallocate(descriptor, 0, off_t(Self.size))
    guard full == 0 else { throw .notWritable(path: path, why: errorText(full)) }
    guard ftruncate(descriptor, off_t(Self.size)) == 0,
      let base = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED
    else { throw .notWritable(path: path, why: errorText()) }
    address = UInt(bitPattern: base)
  }

  /// Forgets what the run before left, once what followed from it is committed; before that nothing can be marked.
  package func startAnew() {
    free.withLock { free in
      guard let base = UnsafeMutableRawPointer(bitPattern: address) else { return }
      memset(base, 0, Self.size)
      memcpy(base + 16, boot, boot.count)
      memcpy(base, Self.magic, 16)
      free = Array((0..<Self.slots).reversed())
    }
  }

  deinit { munmap(UnsafeMutableRawPointer(bitPattern: address), Self.size) }

  /// Marks an attempt and returns where; nil if there is no room, and then nothing may be sent.
  package func mark(_ attempt: Int64) -> Int? {
    guard let slot = free.withLock({ $0.popLast() }) else { return nil }
    store(attempt, in: slot)
    return slot
  }

  /// A peer has taken what the attempt that is marked in `slot` carried. One word is written, so that `kill -9` leaves the
  /// old or the new.
  package func markDelivered(_ attempt: Int64, in slot: Int) {
    place(slot).storeBytes(of: attempt, toByteOffset: 8, as: Int64.self)
  }

  /// Forgets the attempt that is marked in `slot`, whose outcome is committed.
  package func clear(_ slot: Int) {
    store(0, in: slot)
    free.withLock { $0.append(slot) }
  }

  private func place(_ slot: Int) -> UnsafeMutableRawPointer {
    // The map's address: never nil.
    UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped + Self.headerSize + slot * 16
  }

  private func store(_ attempt: Int64, in slot: Int) {
    let place = place(slot)
    place.storeBytes(of: attempt == 0 ? 0 : ~attempt, toByteOffset: 8, as: Int64.self)
    place.storeBytes(of: attempt, as: Int64.self)
  }

  private static func read(_ path: String, boot: [UInt8]) -> Found {
    // One byte more than it should have tells of a file that is none of ours.
    guard let bytes = SmallFile.read(path, limit: size + 1), bytes.count == size,
      Array(bytes[0..<16]) == magic, Array(bytes[16..<headerSize]) == boot
    else { return .unknown }
    var begun: Set<Int64> = []
    var delivered: Set<Int64> = []
    for slot in 0..<slots {
      let at = headerSize + slot * 16
      let (id, complement) = bytes.withUnsafeBytes {
        ($0.loadUnaligned(fromByteOffset: at, as: Int64.self), $0.loadUnaligned(fromByteOffset: at + 8, as: Int64.self))
      }
      if id == 0 && complement == 0 { continue }
      if id == complement {
        delivered.insert(id)
        continue
      }
      // A half-written slot is doubt, not knowledge: whichever half is whole names an attempt.
      if id != 0 { begun.insert(id) }
      if complement != 0 { begun.insert(~complement) }
    }
    return .begun(begun, delivered: delivered)
  }
}
