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
  private let clock: any Clock
  private let notifier: Notifier
  private let journal: Journal
  /// One at a time.
  private let lock = Mutex(())

  init(
    file: String?, reader: ConfigurationReader, registry: ChannelRegistry, configured: Configured, store: SQLiteStore,
    dispatcher: Dispatcher, clock: any Clock, notifier: Notifier, journal: Journal
  ) {
    self.file = file
    self.reader = reader
    self.registry = registry
    self.configured = configured
    self.store = store
    self.dispatcher = dispatcher
    self.clock = clock
    self.notifier = notifier
    self.journal = journal
  }

  /// - Throws: `ControlError` with the faults, or the credential that is missing.
  func reload(dryRun: Bool, by actor: Actor) throws -> Reload.Reply {
    try lock.withLock { _ in
      notifier.tell(.reloading)
      defer { notifier.tell(.ready) }
      let settings: Settings
      let channels: Channels
      do {
        settings = try reader.read(file: file)
        channels = try registry.channels(settings, stateDirectory: store.directory)
      } catch let error as ConfigurationError {
        throw refused(
          "\(error.faults.count) fault(s), the first: \(error.faults[0])",
          "run 'followupctl config check' for all of them; the configuration in use stays",
          faults: error.faults.map { FollowUpControl.Fault($0) })
      } catch let error as MissingCredential {
        if error.isOfSystemd { journal.log(.reloadNeedsRestart, [.key: error.key]) }
        throw refused("\(error.key): \(error.why)", error.hint)
      } catch let error as ChannelFault {
        throw refused("\(error.key): \(error.why)", error.hint)
      }
      let said = settings == configured.settings ? "nothing has changed" : "the configuration was read anew"
      if dryRun {
        channels.stop(within: 1)
        return Reload.Reply(
          changed: false, said: said, replanned: 0, restartNeeded: settings.keysOfCredentials, warnings: [])
      }
      let now = clock.now()
      let changed = settings != configured.settings
      let ended = try dispatcher.replace(settings: settings, channels: channels) { withdrawing in
        let ended = try store.write { transaction in
          try transaction.audit(AuditRecord("reload", "clinic", ["configuration"]), by: actor, at: now)
          // From live to trial: what was claimed for patients does not leave after the answer.
          if try transaction.mode() != settings.delivery.mode {
            try transaction.withdrawClaims(.all, via: withdrawing, now: now)
          }
          return try transaction.setMode(settings.delivery.mode, now: now)
        }
        configured.settings = settings
        return ended
      }
      journal.log(.configReloaded, [.count: String(ended)])
      return Reload.Reply(
        changed: changed, said: said, replanned: ended, restartNeeded: settings.keysOfCredentials, warnings: [])
    }
  }

  private func refused(_ why: String, _ hint: String, faults: [FollowUpControl.Fault]? = nil) -> ControlError {
    journal.log(.configRefused, [.count: String(faults?.count ?? 1)])
    return ControlError(.configuration, what: "reload", why: why, hint: hint, faults: faults)
  }
}
