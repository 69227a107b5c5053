internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// How many messages are shown one by one.
  private static let mostShown = 500

  /// Looks now at what waits for another try, and probes what is paused.
  func flushMessages(_ request: FlushMessages.Request) throws -> FlushMessages.Reply {
    let channel = try request.channel.map { try served($0) }
    let paused = service.channels([]).filter { $0.state == "paused" && (channel == nil || $0.name == channel) }
    let reply = try changeList(request, mayAsk: true) { transaction, _ in
      let waiting = try transaction.waitingMessages(channel: channel)
      let parked = try transaction.parked().filter { channel == nil || $0.key == channel }
      var count = 0
      for id in waiting where try transaction.retryNow(message: id, now: now) { count += 1 }
      if count > 0 || !paused.isEmpty { try record(transaction, channel.map { "C:\($0)" } ?? "clinic", ["wake"]) }
      var said = ["\(counted(count, "message")) tried again now"]
      for channel in paused {
        said.append("\(channel.name) is paused: one is tried now, \(parked[channel.name] ?? 0) wait for how that goes")
      }
      if count == 0, paused.isEmpty { said = ["nothing waits for another try"] }
      var effect = Effect(
        try waiting.prefix(Self.mostShown).map { view(try message($0, in: transaction)) },
        count: count + (paused.isEmpty ? 0 : 1), said: said)
      effect.touched = max(count, paused.reduce(0) { $0 + (parked[$1.name] ?? 0) })
      if waiting.count > Self.mostShown { effect.warnings = ["only the first \(Self.mostShown) messages are shown"] }
      effect.asks = count > 1
      effect.question = "Try these again now?"
      return effect
    }
    if reply.changed > 0 { for channel in paused { service.probeNow(channel: channel.name) } }
    return reply
  }
}
