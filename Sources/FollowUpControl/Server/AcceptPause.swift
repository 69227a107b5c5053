internal import NIOCore

/// Stops accepting for half a second where the process or the machine has no descriptors left (promise 40): clients wait in
/// the kernel's queue meanwhile.
///
/// NIO's `AcceptBackoffHandler` delays the next read, but leaves the socket registered after a failed `accept`, so that
/// the event loop spins; pausing `autoRead` takes it out.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private var paused = false

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !paused, error is IOError else { return }
    paused = true
    set(context, reading: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) {
      self.paused = false
      self.set(context, reading: true)
    }
  }

  private func set(_ context: ChannelHandlerContext, reading: Bool) {
    try? context.channel.syncOptions?.setOption(.autoRead, value: reading)
  }
}
