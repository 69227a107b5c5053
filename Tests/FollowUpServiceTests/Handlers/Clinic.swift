import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Support
import Synchronization
import Testing

@testable import FollowUpService

/// A clinic in Vancouver (seven hours behind UTC all year since 2026) on a Monday morning, with a real database and a clock that stands still.
final class Clinic {
  let folder: TemporaryDirectory
  let store: SQLiteStore
  let clock = ManualClock("2026-11-23T18:00:00Z")
  let withdrawing = RecordingWithdrawal()
  let service = QuietService()
  let settings: Settings
  private let dispatch: Dispatch

  init(_ adjust: (inout Settings) -> Void = { _ in }) throws {
    folder = try TemporaryDirectory()
    store = try SQLiteStore(StateDirectory(path: folder.path("state")), mode: .live, now: clock.now())
    let zones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
    var settings = Self.settings
    adjust(&settings)
    self.settings = settings
    let fixed = settings
    let (service, withdrawing, clock) = (service, withdrawing, clock)
    dispatch = Dispatch(
      context: Context(
        store: store, now: { clock.now() }, zones: zones, settings: { fixed }, withdrawing: withdrawing, poke: {}),
      service: service,
      identities: Identities(
        ownUID: 400, userName: { [0: "root", 400: "followupd", 1001: "ana", 1002: "mon", 1003: "gate"][$0] },
        group: { ["followup": 50, "followup-monitor": 51, "followup-inbound": 52, "followup-admin": 53][$0] }))
  }

  static var settings: Settings {
    var clinic = FollowUpCore.Clinic(name: "Riverside", zone: "America/Vancouver", phone: "+1 604 555 0100")
    clinic.defaultPlan = "visit"
    var settings = Settings(clinic: clinic)
    settings.delivery.mode = .live
    settings.channels = [
      "email": ChannelSettings(
        name: "email", adapter: .smtp(SMTPChannel(url: "smtp://mail.example.org", from: "r@example.org"))),
      "sms": ChannelSettings(name: "sms", adapter: .webhook(WebhookChannel(url: "https://sms.example.org/"))),
    ]
    var ana = FollowUpCore.Staff(title: "Ana B.")
    ana.users = ["ana"]
    settings.staff = ["ana": ana, "ben": FollowUpCore.Staff(title: "Ben C.")]
    settings.clinicians = ["dr-lee": Clinician(title: "Dr Lee")]
    for (name, priority) in [("visit", Priority.routine), ("surgery", .soon)] {
      settings.plans[name] = Plan(
        name: name, title: "A visit", priority: priority, taskOwner: .role("nurse"),
        steps: [
          Step(id: "three-days", at: .literal("-3d 10:00"), template: "visit"),
          Step(id: "day-before", at: .literal("-1d 10:00"), template: "visit"),
          Step(id: "missed", at: .literal("+1d 10:00"), template: "visit-missed", when: .missed),
        ])
    }
    return settings
  }

  // MARK: Calls

  static let staff = Peer(uid: 1001, gid: 1001, pid: 1, groups: [50])
  static let monitor = Peer(uid: 1002, gid: 1002, pid: 1, groups: [51])
  static let inbound = Peer(uid: 1003, gid: 1003, pid: 1, groups: [52])
  static let stranger = Peer(uid: 1999, gid: 1999, pid: 1, groups: [])
  static let root = Peer(uid: 0, gid: 0, pid: 1, groups: [])

  /// Over the wire and back, as the socket would have it.
  @discardableResult
  func call<M: ControlMethod>(_ method: M.Type, _ request: M.Request, as peer: Peer = staff) throws -> M.Reply {
    let call = VarlinkCall(method: M.name, parameters: try WireJSON.encode(request))
    switch dispatch.answer(call, from: peer) {
    case .success(let bytes): return try WireJSON.decode(M.Reply.self, from: bytes)
    case .failure(let error):
      var decoded: ControlError = try WireJSON.decode(from: error.parameters)
      guard let kind = ControlError.Kind(varlinkName: error.name) else { throw error }
      decoded.kind = kind
      throw decoded
    }
  }

  /// A call whose parameters no type of ours would make.
  func raw(_ method: String, _ parameters: String, as peer: Peer = staff) -> Result<[UInt8], VarlinkError> {
    dispatch.answer(VarlinkCall(method: method, parameters: Array(parameters.utf8)), from: peer)
  }

  /// The whole database as text: what a refused command must leave as it was.
  func rows() async throws -> String {
    try await runOrFail("sqlite3", ["-readonly", "file:\(folder.path("state"))/followupd.sqlite?mode=ro", ".dump"])
  }

  func query(_ sql: String) async throws -> [String] {
    try await runOrFail("sqlite3", ["-readonly", "file:\(folder.path("state"))/followupd.sqlite?mode=ro", sql])
      .split(separator: "\n").map(String.init)
  }

  /// An editor of rows that is not ours.
  func edit(_ sql: String) async throws {
    try await runOrFail("sqlite3", [folder.path("state/followupd.sqlite"), ".timeout 10000", sql])
  }

  // MARK: Things

  @discardableResult
  func patient(_ ref: String = "p1", name: String = "Maria Álvarez", email: String? = nil, sms: String? = nil) throws
    -> PatientView
  {
    var contacts = [ContactInput(channel: "email", address: email ?? "\(ref)@example.org")]
    if let sms { contacts.append(ContactInput(channel: "sms", address: sms)) }
    return try call(AddPatient.self, AddPatient.Request(ref: ref, name: name, contacts: contacts)).thing
  }

  @discardableResult
  func followUp(_ who: String = "p1", _ when: String = "2026-12-08 14:30", plan: String? = nil) throws -> FollowUpView {
    try call(AddFollowUp.self, AddFollowUp.Request(who: who, when: when, plan: plan)).thing
  }

  func show(_ id: String) throws -> FollowUpView {
    guard let found = try call(Show.self, Show.Request(id: id)).followUp else {
      throw ControlError(.notFound, what: id, why: "no follow-up", hint: "")
    }
    return found
  }

  func openTasks() throws -> [ListedTask] { try store.read { try $0.pressingTasks(limit: 100, now: .distantFuture) } }

  /// Claims a patient's next reminder for its first contact, as the dispatcher would; `waiting`: and its first try failed.
  @discardableResult
  func claim(_ ref: String = "p1", waiting: Bool = false) throws -> Int64 {
    let now = clock.now()
    return try store.write { transaction in
      let patient = try #require(try transaction.patient(ref: ref))
      let contact = try #require(try transaction.contacts(patient: patient.id).first)
      let reminder = try #require(
        try transaction.expectedOccurrences(patient: patient.id)
          .flatMap { try transaction.pendingReminders(of: $0.id) }.filter { $0.state == .planned }
          .min { $0.plannedAt < $1.plannedAt })
      let message = try transaction.insertClaimed(
        NewMessage(
          identity: try transaction.identity(of: [reminder], contact: contact.id).text, header: "<one@example.org>",
          patientID: patient.id, contactID: contact.id, channel: contact.channel, adapter: "smtp",
          address: contact.address.normalised, mode: .live, language: "en", subject: "s", text: "t", wire: [1]),
        for: [reminder], sendBy: now + 60, invocation: "run", now: now
      ).messageID
      if waiting {
        _ = try transaction.finish(
          AttemptResult(messageID: message, attemptID: 1, outcome: .retry(after: nil, Fault(code: "451"))),
          invocation: "run", now: now)
        try transaction.move(message: message, .retry, now: now)
        try transaction.move(reminder: reminder.id, .retry, reason: .retry, wakeAt: now + 3600, now: now)
      }
      return message
    }
  }
}

/// Takes back what nobody began, and remembers what it was asked.
final class RecordingWithdrawal: Withdrawing {
  private let state = Mutex((asked: [Int64](), begun: Set<Int64>()))

  var asked: [Int64] { state.withLock { $0.asked } }
  func begin(_ id: Int64) { state.withLock { _ = $0.begun.insert(id) } }

  func withdraw(message id: Int64) -> Bool {
    state.withLock { state in
      state.asked.append(id)
      return !state.begun.contains(id)
    }
  }
}

/// A service that has nothing to say but remembers what it was told.
final class QuietService: ServicePort {
  private let refusals = Mutex<[String]>([])
  private let failures = Mutex<[String]>([])
  private let rows = Mutex<[String]>([])
  private let received = Mutex<[String]>([])
  private let believed = Mutex(false)
  private let doubted = Mutex(false)

  let version = "1.2.3"
  let instanceName: String? = nil
  let startedAt = Instant(1_700_000_000)
  var isClockBelieved: Bool { !doubted.withLock { $0 } }
  let isStoreUneasy = false
  let zoneSource = "fixture"
  var refused: [String] { refusals.withLock { $0 } }
  var failed: [String] { failures.withLock { $0 } }
  var wasClockVouchedFor: Bool { believed.withLock { $0 } }

  /// The clock is not believed until somebody vouches for it.
  func doubtClock() { doubted.withLock { $0 = true } }
  func channels(_ holds: [Hold]) -> [ChannelHealth] {
    Clinic.settings.channels.values.sorted { $0.name < $1.name }.map { channel in
      ChannelHealth(
        channel, hold: holds.first { $0.kind == .channel && $0.subject == channel.name },
        destination: destinations.withLock { $0[channel.name] ?? .fresh }, nextProbe: nil)
    }
  }
  /// How a channel's destination fares.
  func set(_ channel: String, _ health: DestinationHealth?) { destinations.withLock { $0[channel] = health } }
  /// What it was asked to do about channels: `resume email`, `probe sms`, `test email a@example.org`.
  var asked: [String] { asks.withLock { $0 } }
  private let asks = Mutex<[String]>([])
  private let destinations = Mutex<[String: DestinationHealth]>([:])
  func resume(channel: String, uid: UInt32) {
    set(channel, nil)
    asks.withLock { $0.append("resume \(channel)") }
  }
  func probeNow(channel: String) { asks.withLock { $0.append("probe \(channel)") } }
  func test(channel: String, address: String, sends: Bool) throws -> [TestStage] {
    asks.withLock { $0.append("\(sends ? "test" : "look at") \(channel) \(address)") }
    return [
      TestStage(.resolve, passed: true, seconds: 0.002),
      address.hasPrefix("good")
        ? TestStage(.connect, passed: true, seconds: 0.1)
        : TestStage(.connect, passed: false, seconds: 0.1, code: "connect-refused"),
    ]
  }
  func attention() -> [AttentionView] { [] }
  var templatesFolder: String? { nil }
  func planSource(_ name: String) -> String { "shipped" }
  func check(directory: String?, plansOnly: Bool) -> (checked: Int, faults: [FollowUpControl.Fault]) { (1, []) }
  func outlook(plans directory: String?) throws -> PlanningTally { PlanningTally() }
  func diff(directory: String?) throws -> DiffConfiguration.Reply {
    DiffConfiguration.Reply(same: true, changes: [], added: 0, moved: 0, cancelled: 0)
  }
  func raised(hold id: String, kind: HoldKind, uid: UInt32) {}
  func released(hold id: String, uid: UInt32) {}
  func reload(dryRun: Bool, by actor: Actor) throws -> Reload.Reply {
    Reload.Reply(changed: true, said: "loaded", replanned: 0, restartNeeded: [], warnings: [])
  }
  func believeClock() {
    believed.withLock { $0 = true }
    doubted.withLock { $0 = false }
  }
  /// `failed M-1 sms 30003 T-2 T-3` of each receipt: the last is the task of a contact that has bounced by it.
  var receipts: [String] { received.withLock { $0 } }
  func received(
    _ outcome: ReceiptOutcome, of message: String, channel: String, code: ReceiptCode?, task: String?, bounced: String?,
    uid: UInt32
  ) {
    let words = [outcome.rawValue, message, channel, code?.word ?? "-", task ?? "-", bounced ?? "-"]
    received.withLock { $0.append(words.joined(separator: " ")) }
  }
  func refused(method: String, needs group: String, uid: UInt32) {
    refusals.withLock { $0.append("\(method) \(group) \(uid)") }
  }
  /// `SUBJECT ROW` of each row that a call could not read.
  var unreadable: [String] { rows.withLock { $0 } }
  func unreadable(_ rows: [UnreadableRow]) {
    self.rows.withLock { $0 += rows.map { "\($0.subject) \($0.name)" } }
  }
  func failed(method: String, why: String) { failures.withLock { $0.append("\(method) \(why)") } }
}

/// The error that `body` ends with, or nil.
func controlError(_ body: () throws -> some Any) -> ControlError? {
  do {
    _ = try body()
    return nil
  } catch { return error as? ControlError }
}
