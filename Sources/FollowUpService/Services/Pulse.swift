internal import Synchronization

/// One question to the dispatcher at a time, and whether it has been answered.
final class Pulse: Sendable {
  private let answered = Atomic(true)

  var isAnswered: Bool { answered.load(ordering: .acquiring) }

  func ask(_ dispatcher: Dispatcher) {
    guard answered.exchange(false, ordering: .acquiringAndReleasing) else { return }
    dispatcher.beat { self.answered.store(true, ordering: .releasing) }
  }
}
