package import FollowUpSystem

/// A client that the transport turned away, to be logged and recorded.
package struct ControlRefusal: Sendable, Hashable {
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    case connections
    case connectionsPerUser = "connections-per-user"
    case frameTooLarge = "frame-too-large"
    case frameTooSlow = "frame-too-slow"
    case malformed
    case tooDeep = "too-deep"
    case slowReader = "slow-reader"
    /// The kernel would not say who it is.
    case unknownPeer = "unknown-peer"
  }

  package var reason: Reason
  /// Who, as far as known; of several, the first.
  package var peer: Peer?
  /// How many equal ones (same reason, same user) this stands for: a flood is told once in ten seconds.
  package var count: Int
}
