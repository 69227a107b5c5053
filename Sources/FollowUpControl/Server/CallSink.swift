internal import NIOCore

/// Where the replies to one call go: the outbox of its connection, which then learns that the call has ended.
struct CallSink: ReplySink {
  let outbox: Outbox
  let connection: NIOLoopBound<Connection>
  let oneway: Bool

  var isCongested: Bool { outbox.isCongested }

  func send(_ reply: VarlinkReply) -> Bool {
    guard !oneway else {
      if !reply.continues { finish() }
      return true
    }
    guard !reply.continues else { return outbox.send(reply.frame) }
    return outbox.send(reply.frame) { connection.value.callEnded() }
  }

  func end(with error: VarlinkError) { _ = send(VarlinkReply(error)) }

  private func finish() { outbox.execute { connection.value.callEnded() } }
}
