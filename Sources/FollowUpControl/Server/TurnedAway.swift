internal import FollowUpSystem
internal import NIOCore

/// A client beyond the limits: it is told why and let go. It is not read from, so it costs nothing more.
final class TurnedAway: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let reason: ControlRefusal.Reason
  private let peer: Peer
  private let core: ServerCore
  private let why: String

  init(_ reason: ControlRefusal.Reason, _ peer: Peer, core: ServerCore, why: String) {
    self.reason = reason
    self.peer = peer
    self.core = core
    self.why = why
  }

  func channelActive(context: ChannelHandlerContext) {
    core.refused(reason, peer)
    let error = VarlinkError.unavailable(why, hint: "close others, or try again later")
    let frame = wrapOutboundOut(ByteBuffer(bytes: VarlinkReply(error).frame))
    // A new socket has room for this, so nothing waits for the client.
    context.writeAndFlush(frame, promise: nil)
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
