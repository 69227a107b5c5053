internal import Dispatch
internal import FollowUpControl
internal import FollowUpCore
internal import FollowUpDigest
internal import FollowUpStore
internal import FollowUpSystem
internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// From which level on events are logged (`interface.md`, Journal).
package enum LogLevel: String, CaseIterable, Sendable {
  case debug, info, notice, warning, error

  fileprivate var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}

/// The daemon, from its arguments and environment to its exit code. Everything is made here and handed down.
package struct Daemon: Sendable {
  private let configuration: String?
  private let logLevel: LogLevel
  private let environment: [String: String]

  /// - Parameters:
  ///   - configuration: the file named by `--config`; nil: the default file, else built-in defaults.
  ///   - environment: of the process.
  package init(configuration: String?, logLevel: LogLevel, environment: [String: String]) {
    self.configuration = configuration
    self.logLevel = logLevel
    self.environment = environment
  }

  /// Runs until it is told to stop. Returns the exit code (`interface.md`, followupd); what ended it stands in the journal.
  package func run() async -> Int32 {
    let journal = Journal.standard(level: logLevel.level)
    do {
      try await serve(journal)
      journal.log(.stopped)
      return 0
    } catch let error as StartError {
      journal.log(error.event, error.fields, detail: OperatorText(configuration: error.sentence))
      return error.exitCode
    } catch {
      journal.log(.internalError, [.reason: SQLiteStore.code(of: error)])
      return 70
    }
  }

  private func serve(_ journal: Journal) async throws {
    // Until reloads are served a SIGHUP would end the daemon.
    signal(SIGHUP, SIG_IGN)
    // A peer that leaves in mid-stream is an error of one write, not the end of the daemon (promise 36).
    signal(SIGPIPE, SIG_IGN)
    let zones = SystemZones(environment: environment)
    let reader = ConfigurationReader(zones: zones)
    let settings = try read(reader)
    // First of all: a second daemon at the same socket leaves nothing behind.
    let listener = try ListenAddress.listen(environment)
    // Patients' data is nobody else's, whatever the folder's own mode is (R22).
    umask(0o077)
    do {
      try await serve(journal, listener, zones, reader, settings)
    } catch {
      listener.removeFile()
      throw error
    }
  }

  private func serve(
    _ journal: Journal, _ listener: ListeningSocket, _ zones: SystemZones, _ reader: ConfigurationReader,
    _ settings: Settings
  ) async throws {
    let notifier = Notifier()
    let clock = SystemClock()
    let configured = Configured(settings)

    // Everything is acquired before READY=1.
    let directory = StateDirectory(path: stateDirectory)
    let store = try open(directory, settings, clock)
    try adopt(settings, zones, store, clock)
    let registry = ChannelRegistry(
      credentials: Credentials(directory: environment["CREDENTIALS_DIRECTORY"]), clock: clock)
    let channels = try channels(registry, settings, directory)
    let begun = try begunFile(directory)
    let claims = ClaimTable(begunFile: begun)
    let invocation = hex(RandomKey.make(bytes: 8))
    let (failures, failed) = AsyncStream.makeStream(of: StartError.self)
    let dispatcher = Dispatcher(
      store: store, clock: clock, zones: zones, claims: claims, journal: journal, invocation: invocation,
      settings: settings, channels: channels, belief: try belief(store, clock, journal),
      recovery: Recovery(begun: begun, invocation: invocation, isRestored: store.restored),
      onDamage: { why in failed.yield(StartError(.damaged(path: directory.database, why: why))) })
    let reloader = Reloader(
      file: configuration, reader: reader, registry: registry, configured: configured, store: store,
      dispatcher: dispatcher, zones: zones, clock: clock, notifier: notifier, journal: journal)
    let zoneWatch = ZoneWatch(folder: zones.folder) { dispatcher.checkZones() }
    let runtime = Runtime(
      instanceName: environment["FOLLOWUPD_INSTANCE"], startedAt: clock.now(), zones: zones, store: store,
      dispatcher: dispatcher, configured: configured, reader: reader, reloader: reloader, journal: journal,
      tests: ChannelTests(registry: registry, clock: clock))
    let context = Context(
      store: store, now: { dispatcher.believedNow }, zones: zones, settings: { configured.settings },
      withdrawing: claims,
      poke: { dispatcher.poke() }, planAgain: { dispatcher.planAgain() })
    let identities = Identities(ownUID: getuid(), userName: Accounts.userName(of:), group: Accounts.group(named:))
    let server = ControlServer(
      listener: listener,
      identity: ServiceIdentity(version: ProgramVersion.text),
      handler: Dispatch(context: context, service: runtime, identities: identities),
      onRefusal: { refusal in
        var fields: JournalFields = [.reason: refusal.reason.rawValue, .count: String(refusal.count)]
        if let uid = refusal.peer?.uid { fields[.actorUID] = String(uid) }
        journal.log(.limitReached, fields)
      })

    zoneWatch.start()
    defer { zoneWatch.stop() }
    dispatcher.start()
    // Where database and clock allow it no command, be it one that came before READY=1, finds an older database without
    // its hold (promise 9).
    if store.restored { dispatcher.awaitRecovery() }
    do { try server.start() } catch {
      // What has begun meanwhile ends, and is recorded.
      dispatcher.stop(within: 5)
      throw error
    }
    DispatchQueue.global().async { reloader.noteMissingPlans() }
    if store.stoppedCleanly { checkAfterStart(store, failed) }

    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          // Of these the last is told of a stop first, and waited for. A reload that is under way waits for the
          // dispatcher's next pass, or its end.
          .init(
            service: ReloadService(reload: { _ = try? reloader.reload(dryRun: false, by: .daemon) })),
          .init(service: DispatchService(dispatcher: dispatcher)),
          .init(service: ControlService(server: server)),
          .init(
            service: WatchdogService(dispatcher: dispatcher, store: store, notifier: notifier, journal: journal)),
          .init(service: FailureService(failures: failures), failureTerminationBehavior: .gracefullyShutdownGroup),
          // Once signals are heeded: a stop that comes at once is as clean as any.
          .init(
            service: StateService {
              notifier.tell(.ready, .status("ready, \(settings.delivery.mode.rawValue) mode"))
              journal.log(.started, [.version: ProgramVersion.text, .mode: settings.delivery.mode.rawValue])
            } end: {
              notifier.tell(.stopping)
            }),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: Logger(label: "followupd.lifecycle", factory: { _ in SwiftLogNoOpLogHandler() })))
    try await group.run()
    try store.close()
  }

  // MARK: Parts

  private func read(_ reader: ConfigurationReader) throws(StartError) -> Settings {
    do {
      return try reader.read(file: configuration)
    } catch {
      throw StartError(
        exitCode: 78, event: .configRefused, fields: [.count: String(error.faults.count)], sentence: error.description)
    }
  }

  /// systemd's `$STATE_DIRECTORY`, the first if there are several; else a folder here.
  private var stateDirectory: String {
    let named = environment["STATE_DIRECTORY"]?.split(separator: ":").first.map(String.init)
    return named ?? FileManager.default.currentDirectoryPath + "/followupd-state"
  }

  /// After an unclean stop the database is checked before anything is sent.
  private func open(_ directory: StateDirectory, _ settings: Settings, _ clock: SystemClock) throws(StartError)
    -> SQLiteStore
  {
    let store: SQLiteStore
    do {
      store = try SQLiteStore(directory, mode: settings.delivery.mode, now: clock.now())
    } catch { throw StartError(error) }
    if !store.stoppedCleanly { try check(store) }
    return store
  }

  private func adopt(
    _ settings: Settings, _ zones: SystemZones, _ store: SQLiteStore, _ clock: SystemClock
  ) throws(StartError) {
    do { try Replanner(settings, zones).adopt(store, now: clock.now()) } catch {
      throw StartError(.failed(why: SQLiteStore.code(of: error)))
    }
  }

  private func check(_ store: SQLiteStore) throws(StartError) {
    let path = store.directory.database
    do {
      if let why = try store.check() { throw StoreError.damaged(path: path, why: why) }
      if let sequence = try store.firstAuditMisfit() {
        throw StoreError.damaged(path: path, why: "the audit record does not fit from number \(sequence) on")
      }
    } catch let error as StoreError {
      throw StartError(error)
    } catch {
      throw StartError(.failed(why: SQLiteStore.code(of: error)))
    }
  }

  /// After a clean stop the check follows READY=1, on a thread of its own.
  private func checkAfterStart(_ store: SQLiteStore, _ failed: AsyncStream<StartError>.Continuation) {
    DispatchQueue.global().async {
      do throws(StartError) { try check(store) } catch { failed.yield(error) }
    }
  }

  private func channels(
    _ registry: ChannelRegistry, _ settings: Settings, _ directory: StateDirectory
  ) throws(StartError) -> Channels {
    do {
      return try registry.channels(settings, stateDirectory: directory)
    } catch let error as MissingCredential {
      throw StartError(
        exitCode: 78, event: .configRefused, fields: [.count: "1"],
        sentence: "\(error.key): \(error.why): \(error.hint)")
    } catch let error as ChannelFault {
      throw StartError(
        exitCode: 78, event: .configRefused, fields: [.count: "1"],
        sentence: "\(error.key): \(error.why): \(error.hint)")
    } catch {
      throw StartError(.failed(why: "the channels could not be made"))
    }
  }

  /// Where the kernel does not name its boot, each start counts as another: what was claimed may have begun.
  private func begunFile(_ directory: StateDirectory) throws(StartError) -> BegunFile {
    do {
      return try BegunFile(path: directory.begun, bootID: BootID.read() ?? hex(RandomKey.make(bytes: 16)))
    } catch { throw StartError(error) }
  }

  /// R6, at start: against the release and the newest instant that the database records.
  private func belief(_ store: SQLiteStore, _ clock: SystemClock, _ journal: Journal) throws -> ClockBelief {
    var belief = ClockBelief(buildDate: releaseDay)
    if !belief.atStart(now: clock.reading(), newestRecorded: try store.read { try $0.newestRecorded() }) {
      journal.log(.clockNotBelieved, [.reason: belief.belief.reason ?? "clock"])
    }
    return belief
  }
}
