internal import Dispatch
internal import FollowUpSystem
internal import NIOCore

/// What the connections of one server share; lives on its event loop.
final class ServerCore {
  private struct Flood: Hashable {
    let reason: ControlRefusal.Reason
    let uid: UInt32?
  }

  let limits: ControlLimits
  let service: ServiceInterface
  private let handler: any ControlHandler
  private let onRefusal: @Sendable (ControlRefusal) -> Void
  private let eventLoop: any EventLoop
  private let refusals: DispatchQueue

  private var connections: [ObjectIdentifier: Connection] = [:]
  private var perUser: [UInt32: Int] = [:]
  private var floods: [Flood: ControlRefusal] = [:]
  private var emptied: EventLoopPromise<Void>?

  init(
    limits: ControlLimits, service: ServiceInterface, handler: any ControlHandler, eventLoop: any EventLoop,
    refusals: DispatchQueue, onRefusal: @escaping @Sendable (ControlRefusal) -> Void
  ) {
    self.limits = limits
    self.service = service
    self.handler = handler
    self.eventLoop = eventLoop
    self.refusals = refusals
    self.onRefusal = onRefusal
  }

  /// Takes a client in, or turns it away with the reason.
  func accept(_ channel: any Channel) throws {
    let operations = channel.pipeline.syncOperations
    guard
      let peer = try operations.withUnsafeTransportIfAvailable(
        of: NIOBSDSocket.Handle.self, { try? Peer(socket: $0) }) ?? nil
    else {
      refused(.unknownPeer, nil)
      throw ChannelError.ioOnClosedChannel
    }
    let ofUser = perUser[peer.uid, default: 0]
    if emptied != nil || connections.count >= limits.connections {
      return try operations.addHandler(
        TurnedAway(.connections, peer, core: self, why: "all \(limits.connections) connections are taken"))
    }
    if ofUser >= limits.connectionsPerUser {
      return try operations.addHandler(
        TurnedAway(
          .connectionsPerUser, peer, core: self, why: "this user has \(limits.connectionsPerUser) connections already"))
    }
    let connection = Connection(peer: peer, core: self)
    try operations.addHandler(connection)
    connections[ObjectIdentifier(connection)] = connection
    perUser[peer.uid] = ofUser + 1
  }

  func left(_ connection: Connection) {
    guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
    let left = perUser[connection.peer.uid, default: 1] - 1
    perUser[connection.peer.uid] = left > 0 ? left : nil
    if connections.isEmpty { emptied?.succeed() }
  }

  /// Hands a call to the handler, on the queue of its connection.
  func run(_ call: VarlinkCall, _ peer: Peer, _ reply: ReplyStream, on queue: DispatchQueue) {
    let handler = handler
    queue.async { handler.handle(call, from: peer, reply: reply) }
  }

  /// Tells of a refusal: the first at once, equal ones of the next seconds together.
  func refused(_ reason: ControlRefusal.Reason, _ peer: Peer?) {
    let flood = Flood(reason: reason, uid: peer?.uid)
    if floods[flood] != nil {
      floods[flood]?.count += 1
      return
    }
    let refusal = ControlRefusal(reason: reason, peer: peer, count: 1)
    tell(refusal)
    floods[flood] = ControlRefusal(reason: reason, peer: peer, count: 0)
    eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(limits.refusalSeconds))) {
      if let rest = self.floods.removeValue(forKey: flood), rest.count > 0 { self.tell(rest) }
    }
  }

  /// Ends all connections: those that answer a call get until `deadline`.
  func drain(until deadline: NIODeadline) -> EventLoopFuture<Void> {
    let emptied = eventLoop.makePromise(of: Void.self)
    self.emptied = emptied
    if connections.isEmpty { emptied.succeed() }
    for connection in connections.values { connection.drain() }
    let cut = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      for connection in self.connections.values { connection.abort() }
    }
    emptied.futureResult.whenComplete { _ in cut.cancel() }
    for rest in floods.values where rest.count > 0 { tell(rest) }
    floods = [:]
    return emptied.futureResult
  }

  private func tell(_ refusal: ControlRefusal) {
    let onRefusal = onRefusal
    refusals.async { onRefusal(refusal) }
  }
}
