internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// What commands ask of the running service beside its database.
struct Runtime: ServicePort {
  let version = ProgramVersion.text
  let instanceName: String?
  let startedAt: Instant
  let zones: SystemZones
  let store: SQLiteStore
  let dispatcher: Dispatcher
  let configured: Configured
  let reader: ConfigurationReader
  let reloader: Reloader
  let journal: Journal
  let tests: ChannelTests
  private let told = ToldRows()

  var isClockBelieved: Bool { dispatcher.isClockBelieved }
  var isStoreUneasy: Bool { dispatcher.trouble != nil || dispatcher.isSpaceLow }
  var zoneSource: String { zones.folder }

  func channels(_ holds: [Hold]) -> [ChannelHealth] {
    configured.settings.channels.values.sorted { $0.name < $1.name }.map { channel in
      let hold = holds.first { $0.kind == .channel && $0.subject == channel.name }
      let (health, nextProbe) = dispatcher.destination(channel.name)
      return ChannelHealth(channel, hold: hold, destination: health, nextProbe: nextProbe)
    }
  }

  func resume(channel: String, uid: UInt32) {
    dispatcher.resume(channel)
    journal.log(.channelResumed, [.channel: channel, .actorUID: String(uid)])
  }

  func probeNow(channel: String) { dispatcher.probeNow(channel) }

  func test(channel: String, address: String, sends: Bool) throws -> [TestStage] {
    try tests.run(channel, address: address, sends: sends, settings: configured.settings)
  }

  func attention() -> [AttentionView] {
    var found: [AttentionView] = []
    if let doubt = dispatcher.clockDoubt {
      found.append(
        AttentionView(
          what: "the clock is not believed (\(doubt)): nothing is sent",
          why: "the machine's time jumped, or is impossible",
          action: "set the clock ('timedatectl'); if it is right, 'followupctl release clock'"))
    }
    if let trouble = dispatcher.trouble {
      found.append(
        AttentionView(
          what: "the database refuses work (\(trouble)): nothing is sent",
          why: "the disk fails, is full or may only be read",
          action: "see 'df -h' and 'journalctl -u followupd'; sending goes on by itself once it works again"))
    }
    if dispatcher.isSpaceLow {
      found.append(
        AttentionView(
          what: "the disk is nearly full: no new message is begun",
          why: "what is sent could not be recorded",
          action: "see 'df -h' and make room outside the state directory; sending goes on by itself"))
    }
    if let trouble = dispatcher.zoneTrouble {
      found.append(
        AttentionView(
          what: "the zone files cannot be used (\(trouble.code)): those read before stay in force",
          why: trouble.why, action: "reinstall the package tzdata; it is noticed by itself"))
    }
    for plan in reloader.missingPlans {
      found.append(
        AttentionView(
          what: "plan \(plan.name) is not in the configuration: it goes on by its last text",
          why: "active follow-ups use it: \(plan.followUps)",
          action: "put it back into plans.d, then 'followupctl reload'"))
    }
    return found
  }

  func planSource(_ name: String) -> String {
    ConfigurationReader.builtIn.plans[name] == configured.settings.plans[name] ? "shipped" : "plans.d"
  }

  var templatesFolder: String? { reader.templatesFolder(of: reloader.file) }

  func reload(dryRun: Bool, by actor: Actor) throws -> Reload.Reply { try reloader.reload(dryRun: dryRun, by: actor) }

  func believeClock() { dispatcher.releaseClock() }

  func raised(hold id: String, kind: HoldKind, uid: UInt32) {
    journal.log(.holdRaised, [.hold: id, .reason: kind.rawValue, .actorUID: String(uid)])
  }

  func released(hold id: String, uid: UInt32) { journal.log(.holdReleased, [.hold: id, .actorUID: String(uid)]) }

  func received(
    _ outcome: ReceiptOutcome, of message: String, channel: String, code: ReceiptCode?, task: String?, bounced: String?,
    uid: UInt32
  ) {
    var fields: JournalFields = [
      .message: message, .channel: channel, .outcome: outcome.rawValue, .actorUID: String(uid),
    ]
    fields[.reason] = code?.word
    fields[.task] = task
    journal.log(outcome == .delivered ? .receiptDelivered : .receiptFailed, fields)
    guard let bounced else { return }
    var told: JournalFields = [.channel: channel, .message: message, .task: bounced]
    told[.reason] = code?.word
    journal.log(.contactBounced, told)
  }

  func refused(method: String, needs group: String, uid: UInt32) {
    journal.log(.refused, [.actorUID: String(uid), .reason: group])
  }

  func unreadable(_ rows: [UnreadableRow]) {
    for row in told.new(rows) {
      journal.log(
        .rowUnreadable, row.subject.hasPrefix("F-") ? [.row: row.name, .followup: row.subject] : [.row: row.name])
    }
  }

  func failed(method: String, why: String) {
    journal.log(.internalError, [.reason: why])
    // What failed a command may stop all sending: the dispatcher finds out before it claims.
    dispatcher.poke()
  }
}

extension FollowUpControl.Fault {
  /// A fault as it goes over the wire.
  init(_ fault: ConfigFault) {
    self.init(file: fault.file, line: fault.line, key: fault.key, what: fault.what, hint: fault.whatToDo)
  }
}
