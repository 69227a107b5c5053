import FollowUpControl
import FollowUpCore
import Support
import Testing

@testable import FollowUpService
@testable import FollowUpStore

/// What can stop a message stops it (R12, promise 46).
@Suite struct WithdrawalTests {
  /// Ten patients' reminders claimed behind a server that takes nothing.
  private func stalled() async throws -> SendingClinic {
    let clinic = try SendingClinic { $0.channels["email"]?.perMinute = 0 }
    for number in 1...10 {
      try clinic.patient("p\(number)")
      try clinic.followUp("p\(number)")
    }
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.waiting == 10)
    return clinic
  }

  enum Command: String, CaseIterable, Sendable {
    case stop, deceased, inactive, cancel, confirm, decline, complete, move, holdAll, holdPatient, holdPlan, holdChannel

    func run(_ clinic: SendingClinic, _ n: Int) throws {
      let who = "p\(n)"
      switch self {
      case .stop: try clinic.call(Stop.self, .init(target: who))
      case .deceased:
        var request = MarkDeceased.Request(who: who)
        request.confirmed = true
        try clinic.call(MarkDeceased.self, request)
      case .inactive: try clinic.call(InactivatePatient.self, .init(who: who, reason: "moved away"))
      case .cancel: try clinic.call(CancelFollowUps.self, .init(ids: ["F-\(n)"]))
      case .confirm: try clinic.call(RecordAnswer.self, .init(id: "F-\(n)", answer: "yes"))
      case .decline: try clinic.call(RecordAnswer.self, .init(id: "F-\(n)", answer: "no"))
      case .complete: try clinic.call(CompleteFollowUps.self, .init(ids: ["F-\(n)"]))
      case .move: try clinic.call(MoveFollowUp.self, .init(id: "F-\(n)", when: "2026-12-18 14:30"))
      case .holdAll, .holdPatient, .holdPlan, .holdChannel:
        guard n == 1 else { return }
        let (kind, subject): (String, String?) =
          switch self {
          case .holdPatient: ("patient", who)
          case .holdPlan: ("plan", "visit")
          case .holdChannel: ("channel", "email")
          default: ("all", nil)
          }
        try clinic.call(AddHold.self, .init(kind: kind, subject: subject, reason: "a test"))
      }
    }
  }

  @Test("Promise 46: after the command's answer not one of the claimed messages leaves", arguments: Command.allCases)
  func beforeTheFirstByte(command: Command) async throws {
    let clinic = try await stalled()
    let others = command == .holdPatient ? 9 : 0
    for number in 1...10 { try command.run(clinic, number) }
    clinic.email.flow()
    try await clinic.settle()
    try await clinic.advance(by: 120)
    #expect(clinic.email.sent.count == others)
    #expect(!clinic.email.sent.contains { $0.address == "p1@example.org" })
    #expect(clinic.claims.inFlight().isEmpty)
    #expect(try await clinic.query("SELECT count(*) FROM attempt WHERE state = 'claimed'") == ["0"])
  }

  @Test("After the first byte a message ends as its server says, and its occurrence stays as the command left it")
  func afterTheFirstByte() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    #expect(try await clinic.messages() == ["claimed"])
    clinic.email.end(.delivered(code: "250", gatewayID: nil))
    try await clinic.settle()
    #expect(try await clinic.messages() == ["sent"])
    #expect(try await clinic.reminders("three-days") == ["sent"])
    #expect(try await clinic.query("SELECT status FROM occurrence") == ["cancelled"])
    #expect(try await clinic.reminders("day-before") == ["cancelled|cancelled"])
  }

  @Test("What had begun when its visit was cancelled is not tried again")
  func noRetryAfterCancel() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.always(nil)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try clinic.call(CancelFollowUps.self, .init(ids: ["F-1"]))
    clinic.email.end(.retry(after: nil, Fault(code: "451")))
    try await clinic.advance(by: 7200)
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.reminders("three-days") == ["dropped|cancelled"])
    #expect(try await clinic.messages() == ["cancelled"])
  }

  @Test("A claim that a hold took back leaves after the release, with the same identity")
  func released() async throws {
    let clinic = try await stalled()
    let identities = try await clinic.query("SELECT identity FROM message ORDER BY id")
    try Command.holdAll.run(clinic, 1)
    clinic.email.flow()
    try await clinic.advance(by: 600)
    #expect(clinic.email.sent.isEmpty)
    #expect(Set(try await clinic.reminders("three-days")) == ["held|held"])
    try clinic.release("all")
    try await clinic.advance(by: 60)
    #expect(Set(clinic.email.identities) == Set(identities))
    #expect(clinic.email.sent.count == 10)
    #expect(Set(try await clinic.query("SELECT tries FROM message")) == ["1"])
  }

  @Test("A transaction that fails after a withdrawal leaves the claim to be decided anew, and nothing is lost")
  func failedCommand() async throws {
    struct Trouble: Error {}
    let clinic = try SendingClinic()
    try clinic.patient()
    try clinic.followUp()
    clinic.email.stall()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    let (claims, now) = (clinic.claims, clinic.clock.now())
    #expect(throws: Trouble.self) {
      try clinic.store.write { transaction in
        #expect(try transaction.withdrawClaims(.all, via: claims, now: now) == 1)
        throw Trouble()
      }
    }
    #expect(try await clinic.messages() == ["claimed"])
    clinic.email.flow()
    try await clinic.settle()
    #expect(clinic.email.sent.count == 1)
    #expect(try await clinic.attempts() == ["withdrawn", "delivered|250"])
  }

  @Test("One word decides who was first: a claim is either withdrawn or begun")
  func race() async throws {
    let folder = try TemporaryDirectory()
    let begun = try BegunFile(path: folder.path("begun"), bootID: "boot")
    begun.startAnew()
    let table = ClaimTable(begunFile: begun)
    let now = Instant(1_000)
    for id in Int64(1)...500 {
      let live = try add(id, attempt: id, to: table, sendBy: now + 60)
      async let isBegun = live.begin(now: now)
      async let isWithdrawn = table.withdraw(message: id)
      let (a, b) = await (isBegun, isWithdrawn)
      #expect(a != b)
    }
  }

  @Test("A claim begins once, before its sendBy, for its own attempt")
  func begins() throws {
    let folder = try TemporaryDirectory()
    let begun = try BegunFile(path: folder.path("begun"), bootID: "boot")
    let table = ClaimTable(begunFile: begun)
    let now = Instant(1_000)
    let live = try add(1, attempt: 11, to: table, sendBy: now + 60)
    #expect(!live.begin(now: now), "nothing can be marked before the run before is settled")
    begun.startAnew()
    #expect(table.live(1, attempt: 10) == nil)
    #expect(!live.stands(now: now + 60))
    #expect(!live.begin(now: now + 60))
    #expect(live.stands(now: now + 59))
    #expect(live.begin(now: now + 59))
    #expect(!live.begin(now: now))
    #expect(!table.withdraw(message: 1))
    #expect(!table.withdraw(message: 2))
    #expect(table.inFlight() == ["email": 1])
    table.end(1, attempt: 10)
    #expect(table.inFlight() == ["email": 1])
    table.end(1, attempt: 11)
    #expect(table.inFlight().isEmpty)
    #expect(!live.stands(now: now))
  }

  @Test("A message that is claimed again before its last outcome is committed counts for each claim, until that ends")
  func claimedAgain() throws {
    let folder = try TemporaryDirectory()
    let begun = try BegunFile(path: folder.path("begun"), bootID: "boot")
    begun.startAnew()
    let table = ClaimTable(begunFile: begun)
    let now = Instant(1_000)
    let first = try add(1, attempt: 11, to: table, sendBy: now + 60)
    #expect(table.withdraw(message: 1))
    let second = try add(1, attempt: 12, to: table, sendBy: now + 60)
    #expect(!first.begin(now: now) && second.stands(now: now))
    #expect(table.inFlight() == ["email": 2])
    let outcome = AttemptResult(messageID: 1, attemptID: 11, outcome: .withdrawn)
    #expect(table.inFlight(without: [outcome]) == ["email": 1])
    table.end(1, attempt: 11)
    #expect(table.inFlight() == ["email": 1])
    #expect(second.begin(now: now))
    #expect(!table.withdraw(message: 1), "the newest claim is meant")
    table.end(1, attempt: 12)
    #expect(table.inFlight().isEmpty)
    #expect(!table.withdraw(message: 1))
  }

  @Test("A claim whose time is over is told, and none stands longer for a clock that is set back")
  func stalled() throws {
    let folder = try TemporaryDirectory()
    let table = ClaimTable(begunFile: try BegunFile(path: folder.path("begun"), bootID: "boot"))
    let now = Instant(1_000)
    let first = try add(1, attempt: 11, to: table, sendBy: now + 60)
    _ = try add(2, attempt: 12, to: table, sendBy: now + 90)
    #expect(table.stalled(now: now + 59) == [])
    #expect(table.stalled(now: now + 60) == ["email"])
    table.end(1, attempt: 11)
    #expect(table.stalled(now: now + 89) == [])
    table.shift(by: 30, but: [])
    #expect(table.stalled(now: now + 59) == [])
    #expect(table.stalled(now: now + 60) == ["email"])
    #expect(first.sendBy == now + 60, "it had ended")
  }

  private func add(_ id: Int64, attempt: Int64, to table: ClaimTable, sendBy: Instant) throws -> LiveClaim {
    table.add([
      Claim(
        messageID: id, attemptID: attempt, n: 1, sendBy: sendBy, adapter: "smtp", mode: .live,
        message: RenderedMessage(identity: "", messageID: "", channel: "email", address: "", body: []))
    ])
    return try #require(table.live(id, attempt: attempt))
  }
}
