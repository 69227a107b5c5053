package import FollowUpSystem

/// What answers the calls of the control socket.
package protocol ControlHandler: Sendable {
  /// Called on a Dispatch queue of the connection's own, never on the event loop: it may block on the database, and
  /// calls of different connections run at the same time.
  ///
  /// The calls of one connection come one at a time; the next comes after `reply` has ended. The method may return
  /// before that and keep `reply` for later (a stream of events needs no thread). A `reply` let go without an end is
  /// answered with an internal error.
  func handle(_ call: VarlinkCall, from peer: Peer, reply: ReplyStream)
}
