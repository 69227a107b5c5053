internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

/// The channels: how they fare, and what staff do about it.
extension Desk {
  func listChannels(_ request: ListChannels.Request) throws -> ListChannels.Reply {
    try read { transaction in
      let items = try channelViews(try transaction.openHolds(), waiting: try transaction.waiting())
      return ItemList(items: items, total: items.count)
    }
  }

  func showChannel(_ request: ShowChannel.Request) throws -> ShowChannel.Reply {
    let name = try served(request.name)
    return try read { try channelView(name, in: $0) }
  }

  /// A hold of the channel by staff: until it is resumed, whatever its server does.
  func pauseChannel(_ request: PauseChannel.Request) throws -> PauseChannel.Reply {
    let name = try served(request.name)
    var holding = AddHold.Request(
      kind: HoldKind.channel.rawValue, subject: name, until: request.until, reason: request.reason ?? "paused by staff")
    (holding.dryRun, holding.confirmed) = (request.dryRun, request.confirmed)
    let held = try addHold(holding)
    return Changed(
      try read { try channelView(name, in: $0) }, changed: held.changed, said: held.said, warnings: held.warnings,
      preview: held.preview)
  }

  /// Ends the channel's holds and forgets its server's pause: what waits is looked at now.
  func resumeChannel(_ request: ResumeChannel.Request) throws -> ResumeChannel.Reply {
    let name = try served(request.name)
    let wasDown = service.channels([]).contains { $0.name == name && $0.state != "ok" }
    var released: [String] = []
    var reply = try changeOne(request) { transaction, _ in
      let holds = try transaction.openHolds().filter { $0.kind == .channel && $0.subject == name }
      for hold in holds {
        try transaction.release(hold: hold.id, by: actor.staff, now: now)
        try record(transaction, SubjectID.hold(hold.id), ["kind=channel", "channel=\(name)"])
      }
      if !holds.isEmpty { try transaction.wakeHeld(now: now) } else if wasDown { try record(transaction, "C:\(name)") }
      released = holds.map { SubjectID.hold($0.id) }
      let view = try channelView(name, in: transaction)
      guard wasDown || !holds.isEmpty else { return .none(view, "\(name) is neither on hold nor paused") }
      let ended = released.isEmpty ? "" : "; \(released.joined(separator: ", ")) ended"
      return Effect(view, said: ["\(name) is tried again now\(ended)"])
    }
    if reply.changed {
      service.resume(channel: name, uid: actor.uid)
      for hold in released { service.released(hold: hold, uid: actor.uid) }
      reply.thing = try read { try channelView(name, in: $0) }
    }
    return reply
  }

  // MARK: Views

  /// The one channel, as the configuration names it.
  func served(_ name: String) throws -> String {
    guard settings.channels[name] == nil else { return name }
    throw ControlError(
      .notFound, what: "channel \(name.shown)", why: "the configuration has no such channel",
      hint: Spelling.nearest(to: name, among: settings.channels.keys).map { "did you mean '\($0)'?" }
        ?? "see 'followupctl channel list'", field: "name")
  }

  private func channelView(_ name: String, in transaction: Transaction) throws -> ChannelView {
    let views = try channelViews(try transaction.openHolds(), waiting: try transaction.waiting())
    guard let view = views.first(where: { $0.name == name }) else { throw ControlError.unexpected(verb) }
    return view
  }

  func channelViews(_ holds: [Hold], waiting: [String: Transaction.Waiting]) throws -> [ChannelView] {
    service.channels(holds).map { channel in
      let waits = waiting[channel.name]
      // What somebody wrote of a hold is not a monitor's.
      let isShown = caller.rights.contains(.staff) || channel.code != nil
      return ChannelView(
        name: channel.name, adapter: channel.adapter, state: channel.state, why: isShown ? channel.why : nil,
        since: channel.since?.rfc3339, waiting: waits?.count ?? 0, nextProbe: channel.nextProbe?.rfc3339,
        firstExpiry: waits?.firstExpiry?.rfc3339, action: channel.action, hold: channel.hold,
        perMinute: settings.channels[channel.name]?.perMinute ?? 0, zone: settings.clinic.zone)
    }
  }
}
