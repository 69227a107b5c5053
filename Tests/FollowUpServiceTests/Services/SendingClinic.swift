import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Foundation
import Logging
import Support
import Synchronization
import Testing

@testable import FollowUpService

/// The clinic of the handlers' tests with its dispatcher running: a real database, a clock that a test moves, and adapters
/// whose outcomes it chooses.
final class SendingClinic {
  let folder: TemporaryDirectory
  let clock: ManualClock
  let store: SQLiteStore
  let begun: BegunFile
  let claims: ClaimTable
  let dispatcher: Dispatcher
  let email = FakeAdapter()
  let sms = FakeAdapter()
  let trial = FakeAdapter()
  let log: LogLines
  let damages = Mutex<[String]>([])
  let invocation: String
  private let dispatch: Dispatch
  private let configured: Configured

  var settings: Settings { configured.settings }

  /// Monday 23 November 2026, eleven in the morning in Vancouver.
  static let start = Instant("2026-11-23T18:00:00Z") ?? .distantPast

  convenience init(_ adjust: (inout Settings) -> Void = { _ in }) throws {
    var settings = Self.settings
    adjust(&settings)
    try self.init(TemporaryDirectory(), ManualClock(Self.start), settings, boot: "boot-1", run: 1)
  }

  /// A clinic whose zone files are its own, to replace.
  convenience init(zones: SystemZones, _ adjust: (inout Settings) -> Void) throws {
    var settings = Self.settings
    adjust(&settings)
    try self.init(TemporaryDirectory(), ManualClock(Self.start), settings, boot: "boot-1", run: 1, zones: zones)
  }

  /// The next run of the daemon on what this one would leave if it were killed now.
  func afterKill(
    boot: String = "boot-1", without missing: String? = nil, _ adjust: (inout Settings) -> Void = { _ in }
  ) throws -> SendingClinic {
    let copy = try TemporaryDirectory()
    try FileManager.default.copyItem(atPath: folder.path("state"), toPath: copy.path("state"))
    if let missing { try FileManager.default.removeItem(atPath: copy.path("state/\(missing)")) }
    var settings = settings
    adjust(&settings)
    return try SendingClinic(copy, ManualClock(clock.now()), settings, boot: boot, run: 2)
  }

  init(
    _ folder: TemporaryDirectory, _ clock: ManualClock, _ settings: Settings, boot: String, run: Int,
    zones: SystemZones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
  ) throws {
    self.folder = folder
    self.clock = clock
    store = try SQLiteStore(
      StateDirectory(path: folder.path("state")), mode: settings.delivery.mode, now: clock.now())
    begun = try BegunFile(path: store.directory.begun, bootID: boot)
    claims = ClaimTable(begunFile: begun)
    log = LogLines()
    invocation = "run-\(run)"
    configured = Configured(settings)
    // Rows that a test writes by hand are not planned anew by the first pass.
    if run == 1 { try store.write { try $0.endPlanning(by: Replanner(settings, zones), now: clock.now()) } }
    var belief = ClockBelief(buildDate: Instant(1_700_000_000))
    belief.atStart(now: clock.reading(), newestRecorded: try store.read { try $0.newestRecorded() })
    dispatcher = Dispatcher(
      store: store, clock: clock, zones: zones, claims: claims, journal: log.journal, invocation: invocation,
      settings: settings, channels: Self.channels(settings, email: email, sms: sms, trial: trial), belief: belief,
      recovery: Recovery(begun: begun, invocation: invocation, isRestored: store.restored), onDamage: { _ in })
    let (configured, dispatcher) = (configured, dispatcher)
    dispatch = Dispatch(
      context: Context(
        store: store, now: { dispatcher.believedNow }, zones: zones, settings: { configured.settings },
        withdrawing: claims,
        poke: { dispatcher.poke() }),
      service: QuietService(),
      identities: Identities(
        ownUID: 400, userName: { [1001: "ana"][$0] }, group: { ["followup": 50, "followup-admin": 53][$0] }))
  }

  /// Live mode and shipped texts.
  static var settings: Settings {
    var settings = Clinic.settings
    settings.templates = ConfigurationReader.builtIn.templates
    return settings
  }

  static func channels(_ settings: Settings, email: FakeAdapter, sms: FakeAdapter, trial: FakeAdapter) -> Channels {
    func entry(_ adapter: FakeAdapter, _ name: String, _ schedule: RetrySchedule) -> Channels.Entry {
      let channel = settings.channels[name]
      return Channels.Entry(
        adapter: adapter, kind: name == "email" ? "smtp" : "webhook",
        traits: Channels.Traits(
          schedule: schedule, isIdempotent: channel?.adapter.isIdempotent ?? false,
          perMinute: channel?.perMinute ?? 0))
    }
    let isReal = settings.delivery.mode == .live || !settings.delivery.trialRecipients.isEmpty
    return Channels(
      entries: isReal ? ["email": entry(email, "email", .mail), "sms": entry(sms, "sms", .webhook)] : [:], trial: trial)
  }

  // MARK: Time

  /// Starts sending and waits until all that is due has been done.
  func run() async throws {
    dispatcher.start()
    try await settle()
  }

  /// Waits until the dispatcher has nothing more to do at this instant.
  func settle() async throws {
    for _ in 0..<16 { await withCheckedContinuation { done in dispatcher.beat { done.resume() } } }
  }

  /// Lets time pass, with every wake on the way.
  func advance(to end: Instant) async throws {
    try await settle()
    var wakes = 0
    while let armed = clock.armedFor, armed <= end {
      wakes += 1
      guard wakes < 2000 else { throw HarnessError("the timer spins at \(clock.now()): armed for \(armed)") }
      clock.advance(to: max(armed, clock.now()))
      try await settle()
    }
    clock.advance(to: end)
    try await settle()
  }

  func advance(to text: String) async throws { try await advance(to: try #require(Instant(text))) }
  func advance(by seconds: Int64) async throws { try await advance(to: clock.now() + seconds) }

  // MARK: Calls

  @discardableResult
  func call<M: ControlMethod>(_ method: M.Type, _ request: M.Request, as gid: UInt32 = 53) throws -> M.Reply {
    let peer = Peer(uid: 1001, gid: 1001, pid: 1, groups: [gid])
    switch dispatch.answer(VarlinkCall(method: M.name, parameters: try WireJSON.encode(request)), from: peer) {
    case .success(let bytes): return try WireJSON.decode(M.Reply.self, from: bytes)
    case .failure(let error): throw error
    }
  }

  /// A patient with an e-mail address, and a number for text messages if one is given.
  @discardableResult
  func patient(_ ref: String = "p1", name: String = "Maria Álvarez", sms: String? = nil) throws -> PatientView {
    var contacts = [ContactInput(channel: "email", address: "\(ref)@example.org")]
    if let sms { contacts.append(ContactInput(channel: "sms", address: sms)) }
    return try call(AddPatient.self, AddPatient.Request(ref: ref, name: name, contacts: contacts)).thing
  }

  /// Its first reminder is due on 5 December at ten, Vancouver's time.
  @discardableResult
  func followUp(_ who: String = "p1", _ when: String = "2026-12-08 14:30", plan: String? = nil) throws -> String {
    try call(AddFollowUp.self, AddFollowUp.Request(who: who, when: when, plan: plan)).thing.id
  }

  static let firstDue = "2026-12-05T17:00:00Z"
  static let secondDue = "2026-12-07T17:00:00Z"

  func release(_ what: String) throws {
    var request = ReleaseHolds.Request(what: what, reason: "mended")
    request.confirmed = true
    try call(ReleaseHolds.self, request)
  }

  /// Puts another configuration in force, as a reload does.
  func reload(_ adjust: (inout Settings) -> Void) throws {
    var settings = settings
    adjust(&settings)
    let now = clock.now()
    let channels = Self.channels(settings, email: email, sms: sms, trial: trial)
    try dispatcher.replace(settings: settings, channels: channels) { withdrawing in
      try store.write { transaction in
        if try transaction.mode() != settings.delivery.mode {
          try transaction.withdrawClaims(.all, via: withdrawing, now: now)
        }
        _ = try transaction.setMode(settings.delivery.mode, now: now)
      }
      configured.settings = settings
    }
  }

  // MARK: Rows

  func query(_ sql: String) async throws -> [String] {
    try await runOrFail("sqlite3", ["-readonly", "file:\(folder.path("state"))/followupd.sqlite?mode=ro", sql])
      .split(separator: "\n").map(String.init)
  }

  /// An editor of rows that is not ours.
  func edit(_ sql: String) async throws {
    try await runOrFail("sqlite3", [folder.path("state/followupd.sqlite"), ".timeout 10000", sql])
  }

  /// `STATE` or `STATE|REASON` of each reminder of a step.
  func reminders(_ step: String) async throws -> [String] {
    try await query("SELECT state || coalesce('|' || reason, '') FROM reminder WHERE step = '\(step)' ORDER BY id")
  }

  func messages() async throws -> [String] {
    try await query("SELECT state || coalesce('|' || reason, '') FROM message ORDER BY id")
  }

  func attempts() async throws -> [String] {
    try await query("SELECT state || coalesce('|' || code, '') FROM attempt ORDER BY id")
  }

  func tasks() async throws -> [String] {
    try await query("SELECT reason || '|' || subject FROM task WHERE state = 'open' ORDER BY id")
  }
}

/// What the journal was told, line by line.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  var journal: Journal {
    Journal(logger: Logger(label: "test") { [self] _ in Handler(lines: self) })
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
      lines.lines.withLock { $0.append("\(event.message) \(fields)") }
    }
  }
}
