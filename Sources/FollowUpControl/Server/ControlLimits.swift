/// What the control socket bears (interface.md, "Control protocol"; promise 34).
package struct ControlLimits: Sendable, Hashable {
  /// Bytes of one request without its NUL.
  package var frameBytes = 1 << 20
  package var connections = 64
  package var connectionsPerUser = 16
  /// Seconds to complete a frame once its first byte has come.
  package var frameSeconds = 10
  /// Seconds without a byte taken, while replies wait, after which a reader is too slow.
  package var stallSeconds = 30
  /// Bytes of replies that may wait for one client before `ReplyStream.send` waits.
  package var outstandingBytes = 256 << 10
  /// Requests that one client may send ahead; more are left in the kernel.
  package var queuedCalls = 32
  /// How deep the containers of a request may stand in each other.
  package var depth = 64
  /// Seconds in which equal refusals are told as one.
  package var refusalSeconds = 10

  package init() {}
}
