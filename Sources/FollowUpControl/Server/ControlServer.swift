internal import Dispatch
package import FollowUpSystem
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The control socket of the daemon: Varlink on a Unix stream socket, one thread for all connections.
///
/// `start` it, and `stop` it once; it cannot be started again.
package final class ControlServer: Sendable {
  package enum StartError: Error, Sendable {
    /// The socket cannot be listened on. `reason`: in words for an operator.
    case cannotListen(reason: String)
  }

  private let listener: ListeningSocket
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let refusals = DispatchQueue(label: "org.followupd.control.refusals")
  private let core: NIOLoopBoundBox<ServerCore>
  private let channel = Mutex<(any Channel)?>(nil)
  private let stopping = Mutex<Task<Void, Never>?>(nil)

  /// - Parameters:
  ///   - listener: adopted: closed by `stop`.
  ///   - handler: answers the calls of `org.followupd`, also of methods that it does not know
  ///     (`VarlinkError.methodNotFound`); `org.varlink.service` is answered here.
  ///   - onRefusal: called on a serial queue of the server's, may block.
  package init(
    listener: ListeningSocket, identity: ServiceIdentity, limits: ControlLimits = ControlLimits(),
    handler: any ControlHandler, onRefusal: @escaping @Sendable (ControlRefusal) -> Void = { _ in }
  ) {
    self.listener = listener
    let eventLoop = group.next()
    core = NIOLoopBoundBox.makeBoxSendingValue(
      ServerCore(
        limits: limits, service: ServiceInterface(identity: identity), handler: handler, eventLoop: eventLoop,
        refusals: refusals, onRefusal: onRefusal),
      eventLoop: eventLoop)
  }

  /// Begins to accept; returns at once.
  package func start() throws(StartError) {
    // For a client that leaves in mid-stream, also where nobody else has asked for it.
    signal(SIGPIPE, SIG_IGN)
    let core = core
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause())
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try core.value.accept(channel) }
      }
    do {
      let bound = try bootstrap.withBoundSocket(listener.descriptor).wait()
      channel.withLock { $0 = bound }
    } catch {
      throw .cannotListen(reason: "\(error)")
    }
  }

  /// Stops accepting, gives running calls `seconds` to end, closes all, removes the socket file if it is ours. Called
  /// again, it waits for the first call's work.
  package func stop(within seconds: Int = 5) async {
    let work = stopping.withLock { stopping in
      if let stopping { return stopping }
      let work = Task { await self.end(within: seconds) }
      stopping = work
      return work
    }
    await work.value
  }

  private func end(within seconds: Int) async {
    let bound = channel.withLock { channel in
      defer { channel = nil }
      return channel
    }
    listener.removeFile()
    try? await bound?.close().get()
    let core = core
    let deadline = NIODeadline.now() + .seconds(Int64(seconds))
    try? await group.next().flatSubmit { core.value.drain(until: deadline) }.get()
    try? await group.shutdownGracefully()
    // The last refusals have been told when this returns.
    await withCheckedContinuation { told in refusals.async { told.resume() } }
  }
}
