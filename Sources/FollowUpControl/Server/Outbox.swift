internal import Dispatch
internal import NIOCore
internal import Synchronization

/// The replies on their way to one client, bounded: who writes waits while too much is outstanding.
final class Outbox: Sendable {
  private struct State {
    var outstanding = 0
    var waiting = 0
    var open = true
  }

  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: 0)
  private let channel: any Channel
  private let limit: Int

  init(channel: any Channel, limit: Int) {
    self.channel = channel
    self.limit = limit
  }

  var isCongested: Bool { state.withLock { $0.open && $0.outstanding >= limit } }

  /// Writes one frame, then runs `next` on the event loop. Waits for room, but never on the event loop, which is what
  /// makes room. False once the connection is closed; then `next` does not run.
  func send(_ frame: [UInt8], then next: @escaping @Sendable () -> Void = {}) -> Bool {
    let mayWait = !channel.eventLoop.inEventLoop
    while true {
      let sent: Bool? = state.withLock { state in
        guard state.open else { return false }
        if mayWait, state.outstanding >= limit {
          state.waiting += 1
          return nil
        }
        state.outstanding += frame.count
        // Under the lock, so that nothing reaches the event loop after `close`, when it may have ended.
        channel.eventLoop.execute { self.write(frame, then: next) }
        return true
      }
      if let sent { return sent }
      room.wait()
    }
  }

  /// Runs `action` on the event loop unless the connection is closed.
  func execute(_ action: @escaping @Sendable () -> Void) {
    state.withLock { state in
      if state.open { channel.eventLoop.execute(action) }
    }
  }

  /// After this nothing is written, and nobody waits.
  func close() { release(0, closing: true) }

  /// In pieces, so that a slow reader shows progress before the whole of a long reply has left.
  private func write(_ frame: [UInt8], then next: @escaping @Sendable () -> Void) {
    let pieceBytes = 64 << 10
    for start in stride(from: 0, to: frame.count, by: pieceBytes) {
      let piece = frame[start..<min(start + pieceBytes, frame.count)]
      let written = channel.eventLoop.makePromise(of: Void.self)
      written.futureResult.whenComplete { _ in self.release(piece.count) }
      channel.write(ByteBuffer(bytes: piece), promise: written)
    }
    channel.flush()
    next()
  }

  private func release(_ bytes: Int, closing: Bool = false) {
    let woken = state.withLock { state in
      state.outstanding -= bytes
      if closing { state.open = false }
      guard !state.open || state.outstanding < limit else { return 0 }
      defer { state.waiting = 0 }
      return state.waiting
    }
    for _ in 0..<woken { room.signal() }
  }
}
