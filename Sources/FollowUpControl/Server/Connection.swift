internal import Dispatch
internal import FollowUpSystem
internal import NIOCore

/// One client on the event loop: frames in, one call at a time, replies out in order.
final class Connection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let peer: Peer
  private let core: ServerCore
  private let limits: ControlLimits
  private var context: ChannelHandlerContext?
  private var outbox: Outbox?

  /// The frame that has begun.
  private var partial: [UInt8] = []
  private var frameTimer: Scheduled<Void>?
  private var queue: [[UInt8]] = []
  private var queuedBytes = 0
  private var readWanted = false

  /// Serial queues get a thread as soon as they have work; a concurrent one waits a second for a new thread once those of
  /// the pool are all blocked, as by two slow readers.
  private let calls = DispatchQueue(label: "org.followupd.control.calls")
  private var busy = false
  /// Weak: a handler that lets it go has to be noticed.
  private weak var running: ReplyStream?
  private var runsStream = false

  /// Nothing more is read or begun.
  private var closing = false
  private var inputClosed = false
  private var unwritten = 0
  private var stallTimer: Scheduled<Void>?

  init(peer: Peer, core: ServerCore) {
    self.peer = peer
    self.core = core
    limits = core.limits
  }

  // MARK: The channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    outbox = Outbox(channel: context.channel, limit: limits.outstandingBytes)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !closing else { return }
    let bytes = unwrapInboundIn(data).readableBytesView
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0), !closing {
      guard take(rest[..<end]) else { return }
      frameTimer?.cancel()
      frameTimer = nil
      queuedBytes += partial.count
      queue.append(partial)
      partial = []
      rest = rest[rest.index(after: end)...]
    }
    guard !closing, take(rest) else { return }
    if !partial.isEmpty, frameTimer == nil { startFrameTimer(context) }
    startNext()
  }

  /// Reads on only while little waits to be answered: the kernel then holds the client back.
  func read(context: ChannelHandlerContext) {
    if queue.count >= limits.queuedCalls || queuedBytes >= limits.frameBytes {
      readWanted = true
      // What is not read cannot become complete, and that is not the client's fault.
      frameTimer?.cancel()
      frameTimer = nil
    } else {
      context.read()
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let size = unwrapOutboundIn(data).readableBytes
    unwritten += size
    if stallTimer == nil { startStallTimer(context) }
    let written = promise ?? context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.unwritten -= size
      self.stallTimer?.cancel()
      self.stallTimer = nil
      if self.unwritten > 0, let context = self.context { self.startStallTimer(context) }
    }
    context.write(data, promise: written)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed? = event as? ChannelEvent {
      // A client that only has no more to say still gets its answers.
      inputClosed = true
      frameTimer?.cancel()
      frameTimer = nil
      startNext()
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// The client is gone: ECONNRESET and EPIPE are its right.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelInactive(context: ChannelHandlerContext) {
    closing = true
    self.context = nil
    frameTimer?.cancel()
    stallTimer?.cancel()
    // Before the outbox closes: a handler that then sees `send` fail may let the stream go.
    running?.cancel()
    outbox?.close()
    core.left(self)
    context.fireChannelInactive()
  }

  // MARK: Calls

  /// The running call has its last reply.
  func callEnded() {
    busy = false
    running = nil
    if closing { finish() } else { startNext() }
  }

  /// Stops taking calls; the one that runs is finished, a stream is told to end.
  func drain() {
    closing = true
    queue = []
    frameTimer?.cancel()
    if !busy { finish() } else if runsStream { running?.cancel() }
  }

  func abort() { context?.close(promise: nil) }

  /// Answers with `error`, then closes.
  func refuse(_ reason: ControlRefusal.Reason, _ error: VarlinkError?) {
    core.refused(reason, peer)
    closing = true
    queue = []
    partial = []
    frameTimer?.cancel()
    guard !busy else { return abort() }
    if let error { reply(VarlinkReply(error)) }
    finish()
  }

  private func startNext() {
    while !busy, !closing, !queue.isEmpty {
      let frame = queue.removeFirst()
      queuedBytes -= frame.count
      start(frame)
    }
    if inputClosed, !busy, !closing { finish() }
    if readWanted, queue.count < limits.queuedCalls, queuedBytes < limits.frameBytes, let context {
      readWanted = false
      if !partial.isEmpty, frameTimer == nil { startFrameTimer(context) }
      context.read()
    }
  }

  private func start(_ frame: [UInt8]) {
    let call: VarlinkCall
    do {
      call = try VarlinkCall(frame: frame, depthLimit: limits.depth)
    } catch {
      switch error {
      case .malformed: return refuse(.malformed, .malformed("it is not JSON"))
      case .tooDeep: return refuse(.tooDeep, .malformed("its objects stand more than \(limits.depth) deep"))
      case .member(let name): return reply(VarlinkReply(.invalidParameter(name)))
      }
    }
    if let own = core.service.answer(call) {
      if !call.oneway { reply(own) }
      return
    }
    guard let context, let outbox else { return }
    busy = true
    runsStream = call.more
    let sink = CallSink(
      outbox: outbox, connection: NIOLoopBound(self, eventLoop: context.eventLoop), oneway: call.oneway)
    let stream = ReplyStream(call: call, sink: sink)
    running = stream
    core.run(call, peer, stream, on: calls)
  }

  private func reply(_ reply: VarlinkReply) { _ = outbox?.send(reply.frame) }

  /// Closes once what was written has left, or the client takes too long over it.
  private func finish() {
    closing = true
    guard let context, let outbox else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    // Behind what was sent before: the event loop keeps the order.
    outbox.execute { bound.value.closeWhenWritten() }
  }

  private func closeWhenWritten() {
    guard let context else { return }
    context.channel.writeAndFlush(ByteBuffer()).assumeIsolated().whenComplete { _ in self.abort() }
  }

  // MARK: Frames

  /// Adds to the frame that has begun; false if it became too large, and the client was told.
  private func take(_ bytes: ByteBufferView) -> Bool {
    guard partial.count + bytes.count <= limits.frameBytes else {
      let bound = limits.frameBytes
      refuse(.frameTooLarge, .malformed("it is longer than \(bound) bytes"))
      return false
    }
    partial += bytes
    return true
  }

  private func startFrameTimer(_ context: ChannelHandlerContext) {
    frameTimer = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(limits.frameSeconds))) {
      let bound = self.limits.frameSeconds
      self.refuse(.frameTooSlow, .malformed("it did not end within \(bound) seconds"))
    }
  }

  private func startStallTimer(_ context: ChannelHandlerContext) {
    stallTimer = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(limits.stallSeconds))) {
      self.core.refused(.slowReader, self.peer)
      self.abort()
    }
  }
}
