internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore

extension Desk {
  /// The whole state of the service in one view, without a name of anybody (monitors may read it).
  func status(_ request: GetStatus.Request) throws -> GetStatus.Reply {
    let zone = try clinicZone()
    let dayStart = zone.instant(of: CivilDateTime(date: zone.civil(at: now).date, time: .midnight))
    let isBelieved = service.isClockBelieved
    return try read { transaction in
      let figures = try transaction.figures(dayStart: dayStart, now: now)
      let holds = try transaction.openHolds()
      let health = service.channels(holds)
      let channels = try channelViews(holds, waiting: try transaction.waiting())
      let pressing = try transaction.pressingTasks(limit: Self.mostPressing, now: now)
      let backlog = holds.contains { $0.kind == .backlog } ? try transaction.backlog() : [:]
      let attention = attention(figures, holds, channels, pressing, backlog: backlog)
      return GetStatus.Reply(
        version: service.version, schema: SQLiteStore.schema, instance: service.instanceName,
        mode: settings.delivery.mode.rawValue, health: self.health(figures, holds, health, isBelieved),
        held: !isBelieved || holds.contains { [.all, .restored].contains($0.kind) }, since: service.startedAt.rfc3339,
        zone: settings.clinic.zone,
        zoneData: ZoneDataView(source: service.zoneSource, version: context.zones.version ?? "unknown"),
        clock: ClockStateView(believed: isBelieved), patients: figures.patients,
        followUps: FollowUpCountsView(
          active: figures.followUps[.active] ?? 0, ended: figures.followUps[.ended] ?? 0),
        occurrences: OccurrenceCountsView(
          open: figures.occurrences[.open] ?? 0, confirmed: figures.occurrences[.confirmed] ?? 0,
          completed: figures.occurrences[.completed] ?? 0, missed: figures.occurrences[.missed] ?? 0,
          cancelled: figures.occurrences[.cancelled] ?? 0),
        reminders: ReminderCountsView(
          planned: figures.reminders[.planned] ?? 0, deferred: figures.reminders[.deferred] ?? 0,
          held: figures.reminders[.held] ?? 0, claimed: figures.reminders[.claimed] ?? 0,
          waiting: figures.reminders[.waiting] ?? 0, uncertain: figures.reminders[.uncertain] ?? 0,
          sentToday: figures.sentToday, failedToday: figures.failedToday, oldestDue: figures.oldestDue?.rfc3339),
        nextWake: try transaction.nextWake()?.rfc3339,
        tasks: TaskCountsView(
          open: figures.openTasks, urgent: figures.urgentTasks, overdue: figures.overdueTasks,
          unowned: figures.unownedTasks),
        holds: try holds.map { try holdForMonitors($0, in: transaction) } + clockHold,
        channels: channels, attention: attention, lastBackup: nil)
    }
  }

  /// A monitor learns that a patient is held, not which one, nor the words that somebody wrote.
  private func holdForMonitors(_ hold: Hold, in transaction: Transaction) throws -> HoldView {
    var view = try view(hold, in: transaction)
    if !caller.rights.contains(.staff) {
      view.reason = nil
      if hold.kind == .patient { view.subject = hold.subject }
    }
    return view
  }

  /// `failing`: nothing may leave, or patients are lost; `degraded`: somebody must look today.
  private func health(
    _ figures: Figures, _ holds: [Hold], _ channels: [ChannelHealth], _ isBelieved: Bool
  ) -> String {
    let isStuck = figures.oldestDue.map { now - $0 > 900 } ?? false
    if !isBelieved || isStuck || holds.contains(where: { [.clock, .restored].contains($0.kind) }) { return "failing" }
    let isUneasy =
      channels.contains(where: \.isUneasy) || figures.urgentTasks > 0 || service.isStoreUneasy
      || holds.contains { [.all, .channel, .backlog].contains($0.kind) }
    return isUneasy ? "degraded" : "ok"
  }

  /// How many tasks `status` names.
  private static let mostPressing = 5

  private func attention(
    _ figures: Figures, _ holds: [Hold], _ channels: [ChannelView], _ pressing: [ListedTask],
    backlog: [Priority: Int]
  ) -> [AttentionView] {
    var items = service.attention()
    for hold in holds where hold.kind == .backlog {
      let other = holds.first(where: \.stopsAll).map { "; \(SubjectID.hold($0.id)) keeps everything back meanwhile" }
      items.append(
        AttentionView(
          // What it will hold is not sorted out yet where it holds nothing.
          what: "\(SubjectID.hold(hold.id)) backlog: "
            + (backlog.isEmpty ? hold.reason : "\(spelled(backlog)) would go out"),
          why: "they are overdue by more than an hour: staff decide whether they still help\(other ?? "")",
          action: "followupctl release backlog, or followupctl release backlog --drop --reason R"))
    }
    // A channel's own hold is told with the channel.
    let told = Set(channels.compactMap(\.hold))
    for hold in holds
    where hold.kind != .patient && hold.kind != .backlog && !told.contains(SubjectID.hold(hold.id)) {
      items.append(
        AttentionView(
          what: "\(SubjectID.hold(hold.id)) \(hold.kind.rawValue)\(hold.subject.map { " \($0)" } ?? "")",
          why: "sending is on hold", action: "followupctl release \(SubjectID.hold(hold.id))"))
    }
    for channel in channels {
      guard let action = channel.action else { continue }
      let waits = channel.waiting == 0 ? "" : ", \(channel.waiting) wait"
      items.append(
        AttentionView(
          what: "channel \(channel.name) is \(channel.state)\(waits)", why: channel.why ?? "sending is on hold",
          action: action))
    }
    for task in pressing {
      let isOverdue = task.dueAt < now
      items.append(
        AttentionView(
          what: "\(SubjectID.task(task.id)) \(task.reason.rawValue), \(task.priority.rawValue)",
          why: isOverdue ? "nobody has done it in time" : "a person must act now",
          action: "followupctl show \(SubjectID.task(task.id))"))
    }
    if figures.failedToday > 0 {
      items.append(
        AttentionView(
          what: counted(figures.failedToday, "failed reminder"), why: "they could not be delivered today",
          action: "followupctl outbox list --since today"))
    }
    return items
  }
}
