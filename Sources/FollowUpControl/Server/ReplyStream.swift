internal import Synchronization

/// The way back to the client of one call. May be used from any thread and kept after `handle` returned.
///
/// It ends with the first reply that does not continue, with `fail`, or when the client leaves; what is sent after the
/// end goes nowhere.
package final class ReplyStream: Sendable {
  private struct State {
    var ended = false
    var cancelled = false
    var onCancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let more: Bool
  private let sink: any ReplySink

  init(call: VarlinkCall, sink: any ReplySink) {
    more = call.more
    self.sink = sink
  }

  deinit {
    // A handler that forgot its caller must not leave the connection waiting for ever.
    if !state.withLock({ $0.ended }) { sink.end(with: .unanswered) }
  }

  /// Sends one reply: `parameters` is one JSON object in UTF-8. With `continues` more follow, which only a call with
  /// `more` may get: another is answered with `ExpectedMore`.
  ///
  /// Waits while the client is slow to read and much is waiting for it already, so never call it where that would
  /// matter to others. False once nobody listens any more.
  @discardableResult
  package func send(_ parameters: [UInt8], continues: Bool = false) -> Bool {
    if continues, !more {
      fail(.expectedMore)
      return false
    }
    let open = state.withLock { state in
      guard !state.ended else { return false }
      if !continues { state.ended = true }
      return true
    }
    guard open else { return false }
    return sink.send(VarlinkReply(parameters: parameters, continues: continues))
  }

  /// Ends the call with an error.
  package func fail(_ error: VarlinkError) {
    let open = state.withLock { state in
      defer { state.ended = true }
      return !state.ended
    }
    if open { sink.end(with: error) }
  }

  /// Ends the call with an error of an interface's own: `name` fully qualified, `parameters` one JSON object in UTF-8.
  package func fail(_ name: String, parameters: [UInt8] = Array("{}".utf8)) {
    fail(VarlinkError(name: name, parameters: parameters))
  }

  /// So much waits for the client that `send` would wait: a fan-out to many skips this one, or ends it.
  package var isCongested: Bool { sink.isCongested }

  /// The client left, or the server stops: a stream of replies should end.
  package var isCancelled: Bool { state.withLock { $0.cancelled } }

  /// `action` runs once when the client leaves or the server stops, at once if that has happened; on a thread of the
  /// server's, so it must not block. It is let go when the call ends.
  package func onCancel(_ action: @escaping @Sendable () -> Void) {
    let now = state.withLock { state in
      if !state.cancelled, !state.ended { state.onCancel = action }
      return state.cancelled
    }
    if now { action() }
  }

  func cancel() {
    let action = state.withLock { state in
      state.cancelled = true
      defer { state.onCancel = nil }
      return state.onCancel
    }
    action?()
  }
}

/// Where the replies of a call go: the connection.
protocol ReplySink: Sendable {
  /// False once the connection is gone. Waits while too much is outstanding.
  func send(_ reply: VarlinkReply) -> Bool
  func end(with error: VarlinkError)
  var isCongested: Bool { get }
}
