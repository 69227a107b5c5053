/// One message handed to an adapter for one attempt.
package struct DeliveryJob: Sendable {
  package var message: RenderedMessage
  /// Asked before anything of the message leaves, its recipient included, as often as an adapter likes; false means that
  /// `permit` would refuse. A mail server with PIPELINING may be told the recipient behind the content of the message before,
  /// whose answer may be slow: should the message no longer stand by then, its recipient is known to the server, never its
  /// content.
  package var stands: @Sendable () -> Bool
  /// Asked once, just before the first byte of the message's content leaves; false means withdrawn or past its `sendBy`.
  package var permit: @Sendable () -> Bool
  /// Called once, on any thread.
  package var finished: @Sendable (Outcome) -> Void

  package init(
    message: RenderedMessage, stands: @escaping @Sendable () -> Bool = { true },
    permit: @escaping @Sendable () -> Bool, finished: @escaping @Sendable (Outcome) -> Void
  ) {
    self.message = message
    self.stands = stands
    self.permit = permit
    self.finished = finished
  }
}

/// A draft that an adapter cannot turn into bytes; it concerns that message alone.
package struct RenderError: Error, Sendable, Equatable {
  /// A stable code: `bad-address`, `bad-subject`, `bad-sender`, …
  package var code: String
  package var detail: String

  package init(code: String, detail: String) {
    self.code = code
    self.detail = detail
  }
}

/// The port through which messages leave. Each implementation owns its threads and connections.
package protocol Adapter: Sendable {
  /// The name in the configuration: `smtp`, `webhook`, `maildir`.
  static var kind: String { get }
  /// How many jobs it works on at the same time.
  var capacity: Int { get }
  /// Fixes a message's bytes. Deterministic: the same draft gives the same bytes.
  func render(_ draft: MessageDraft) throws(RenderError) -> RenderedMessage
  /// Takes jobs, in their order, and returns at once; queued beyond `capacity`.
  func submit(_ jobs: [DeliveryJob])
  /// Walks the way of a message stage by stage, on a connection of its own, up to the first that fails (`channel test`).
  /// Blocks for at most about `seconds`.
  /// - Parameter message: sent in the end; nil: nothing is sent.
  func test(_ message: RenderedMessage?, within seconds: Double) -> [TestStage]
  /// Finishes what has begun, withdraws what has not, ends the threads; returns after at most `seconds`.
  func stop(within seconds: Double)
}
