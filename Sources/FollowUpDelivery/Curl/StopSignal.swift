internal import CCurl
internal import Glibc
internal import Synchronization

/// Tells threads that block in `poll` to stop: first what has not begun, later everything.
final class StopSignal: Sendable {
  /// Readable once what has not begun is to be withdrawn.
  let soft: Int32
  /// Readable once what has begun is to be given up too.
  let hard: Int32
  private let level = Atomic<Int>(0)

  private static let flags = Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)

  init() {
    soft = eventfd(0, StopSignal.flags)
    hard = eventfd(0, StopSignal.flags)
  }

  deinit {
    close(soft)
    close(hard)
  }

  var isSoft: Bool { level.load(ordering: .acquiring) >= 1 }
  var isHard: Bool { level.load(ordering: .acquiring) >= 2 }

  func raiseSoft() { raise(soft, to: 1) }
  func raiseHard() {
    raise(soft, to: 2)
    raise(hard, to: 2)
  }

  private func raise(_ descriptor: Int32, to newLevel: Int) {
    if level.load(ordering: .acquiring) < newLevel { level.store(newLevel, ordering: .releasing) }
    eventfd_write(descriptor, 1)
  }
}
