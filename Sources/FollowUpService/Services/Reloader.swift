internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem
internal import Synchronization

/// Loads the configuration anew: checked whole first, and a bad one changes nothing (promise 37).
final class Reloader: Sendable {
  let file: String?
  private let reader: ConfigurationReader
  private let registry: ChannelRegistry
  private let configured: Configured
  private let store: SQLiteStore
  private let dispatcher: Dispatcher
  private let zones: any ZoneSource
  private let clock: any Clock
  private let notifier: Notifier
  private let journal: Journal
  /// One at a time.
  private let lock = Mutex(())
  private let missing = Mutex<[PlanInUse]>([])

  /// How long a reload waits for what is open to be planned anew, in seconds: less than the patience of `followupctl`.
  private static let patience = 120.0

  init(
    file: String?, reader: ConfigurationReader, registry: ChannelRegistry, configured: Configured, store: SQLiteStore,
    dispatcher: Dispatcher, zones: any ZoneSource, clock: any Clock, notifier: Notifier, journal: Journal
  ) {
    self.file = file
    self.reader = reader
    self.registry = registry
    self.configured = configured
    self.store = store
    self.dispatcher = dispatcher
    self.zones = zones
    self.clock = clock
    self.notifier = notifier
    self.journal = journal
  }

  /// - Throws: `ControlError` with the faults, the credential that is missing, or that the clock is not believed (R6).
  func reload(dryRun: Bool, by actor: Actor) throws -> Reload.Reply {
    let (reply, tally) = try lock.withLock { _ in try exchange(dryRun: dryRun, by: actor) }
    if dryRun { return reply }
    // Whoever asks next sees what was planned anew. Others may reload meanwhile.
    let isPlanned = dispatcher.awaitPlanning(within: Self.patience)
    var result = reply
    if !isPlanned, !tally.isEmpty { result.warnings.append("reminders are still being planned anew") }
    return result
  }

  private func exchange(dryRun: Bool, by actor: Actor) throws -> (Reload.Reply, PlanningTally) {
    // The signal asks for it as well as the command, which is refused before it comes here.
    if !dryRun, !dispatcher.isClockBelieved {
      journal.log(.configRefused, [.count: "1"])
      throw ControlError.clockNotBelieved("reload")
    }
    notifier.tell(.reloading)
    defer { notifier.tell(.ready) }
    let (settings, channels) = try candidate(file, for: "reload", isJournaled: true)
    var isInForce = false
    defer { if !isInForce { channels.stop(within: 1) } }
    let tally = try outlook(settings)
    let changed = settings != configured.settings
    if dryRun {
      let said = changed ? "a reload would put the files in force" : "what is in force is what the files say"
      return (reply(changed: false, said: said + tally.words(isDone: false), tally, settings), tally)
    }
    let said = (changed ? "the configuration was read anew" : "nothing has changed") + tally.words(isDone: true)
    let ended = try commit(settings, channels, changed: changed, by: actor)
    isInForce = true
    missing.withLock { $0 = [] }
    var result = reply(changed: changed, said: said, tally, settings)
    result.replanned += ended
    return (result, tally)
  }

  /// Says whether a reload would take a configuration, in the words that it would be refused with.
  func check(_ file: String?, for verb: String) throws -> Settings {
    let (settings, channels) = try candidate(file, for: verb, isJournaled: false)
    channels.stop(within: 1)
    return settings
  }

  /// The configuration as it stands in the files, checked whole, and its adapters.
  /// - Throws: `ControlError` with the faults, the credential or the plan that is missing.
  private func candidate(_ file: String?, for verb: String, isJournaled: Bool) throws -> (Settings, Channels) {
    func refused(_ why: String, _ hint: String, faults: [FollowUpControl.Fault]? = nil) -> ControlError {
      if isJournaled { journal.log(.configRefused, [.count: String(faults?.count ?? 1)]) }
      return ControlError(.configuration, what: verb, why: why, hint: hint, faults: faults)
    }
    do {
      let settings = try reader.read(file: file)
      if let plan = try plansLost(by: settings).first {
        throw refused(plan.why, plan.hint, faults: [FollowUpControl.Fault(plan)])
      }
      return (settings, try registry.channels(settings, stateDirectory: store.directory))
    } catch let error as ConfigurationError {
      throw refused(
        "\(error.faults.count) fault(s), the first: \(error.faults[0])",
        "run 'followupctl config check' for all of them; the configuration in use stays",
        faults: error.faults.map { FollowUpControl.Fault($0) })
    } catch let error as MissingCredential {
      if isJournaled, error.isOfSystemd { journal.log(.reloadNeedsRestart, [.key: error.key]) }
      throw refused("\(error.key): \(error.why)", error.hint)
    } catch let error as ChannelFault {
      throw refused("\(error.key): \(error.why)", error.hint)
    }
  }

  private func commit(_ settings: Settings, _ channels: Channels, changed: Bool, by actor: Actor) throws -> Int {
    let now = clock.now()
    let ended = try dispatcher.replace(settings: settings, channels: channels) { withdrawing in
      let ended = try store.write { transaction in
        try transaction.audit(AuditRecord("reload", "clinic", ["configuration"]), by: actor, at: now)
        // What was claimed for another mode, by another text or for other hours does not leave after the answer.
        if try changed || transaction.mode() != settings.delivery.mode {
          try transaction.withdrawClaims(.all, via: withdrawing, now: now)
        }
        return try transaction.setMode(settings.delivery.mode, now: now)
      }
      configured.settings = settings
      return ended
    }
    journal.log(.configReloaded, [.count: String(ended)])
    return ended
  }

  private func reply(changed: Bool, said: String, _ tally: PlanningTally, _ settings: Settings) -> Reload.Reply {
    Reload.Reply(
      changed: changed, said: said, replanned: tally.occurrences, added: tally.added, moved: tally.moved,
      cancelled: tally.cancelled, restartNeeded: settings.keysOfCredentials, warnings: settings.warningsOfTexts)
  }

  // MARK: What a configuration would do

  /// What `settings` would do to reminders, and the zone files as they are now; nothing while the clock is not believed.
  func outlook(_ settings: Settings) throws -> PlanningTally {
    guard dispatcher.isClockBelieved else { return PlanningTally() }
    return try Replanner(settings, zones.asOnDisk).outlook(store, now: clock.now())
  }

  /// The plans that active follow-ups use and `settings` do not have, by name.
  func plansLost(by settings: Settings) throws -> [PlanInUse] {
    try store.read { try $0.plansInUse(but: settings.plans.keys) }
      .map { PlanInUse(name: $0.key, followUps: $0.value) }.sorted { $0.name < $1.name }
  }

  /// Plans in use that were missing when the daemon started: they go on by their last text.
  var missingPlans: [PlanInUse] { missing.withLock { $0 } }

  /// Looks for them once, at start, and tells the journal.
  func noteMissingPlans() {
    guard let lost = try? plansLost(by: configured.settings) else { return }
    missing.withLock { $0 = lost }
    for plan in lost {
      journal.log(.planMissing, [.key: "plans.\(plan.name)", .count: String(plan.followUps)])
    }
  }
}

/// A plan that the configuration lacks although active follow-ups use it: it cannot vanish under them.
struct PlanInUse: Sendable, Equatable {
  var name: String
  var followUps: Int

  var why: String {
    "plan '\(name)' is gone or disabled, but \(followUps) active follow-up\(followUps == 1 ? " uses" : "s use") it"
  }
  var hint: String {
    "put it back into plans.d, or end those follow-ups first ('followupctl list --plan \(name)')"
  }
}

extension FollowUpControl.Fault {
  init(_ plan: PlanInUse) {
    self.init(file: "plans.d", line: nil, key: "plan.name", what: plan.why, hint: plan.hint)
  }
}

extension PlanningTally {
  /// `; 400 reminders added, 12 moved, 3 cancelled`, or what would be; empty where there are none.
  func words(isDone: Bool) -> String {
    let parts = [(added, "added"), (moved, "moved"), (cancelled, "cancelled")].filter { $0.0 > 0 }
    guard let first = parts.first else { return "" }
    let noun = first.0 == 1 ? "reminder" : "reminders"
    let whole = "\(first.0) \(noun) \(isDone ? "" : "would be ")\(first.1)"
    return "; " + ([whole] + parts.dropFirst().map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }
}
