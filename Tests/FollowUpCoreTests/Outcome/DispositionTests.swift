import FollowUpCore
import Testing

@Suite struct DispositionTests {
  private static let now = Instant(1_800_000_000)
  private static let fault = Fault(code: "451")

  /// The second try of a webhook's message, with a day to go: the next one is in five minutes or so.
  private static func history(_ change: (inout AttemptHistory) -> Void = { _ in }) -> AttemptHistory {
    var history = AttemptHistory(
      identity: "7d1a", tries: 2, firstTryAt: now - 5, doubts: 0, expiresAt: now + 86_400, schedule: .webhook,
      isIdempotent: false, onDoubt: .resend)
    change(&history)
    return history
  }

  /// When the schedule tries that message again.
  private static let scheduled = RetrySchedule.webhook.next(
    after: now, tries: 2, firstTry: now - 5, asked: nil, identity: "7d1a")

  @Test(
    "Retry: each verdict of an adapter has its consequence",
    arguments: [
      (.delivered(code: "250", gatewayID: nil), .sent),
      (.rejected(fault), .rejected),
      (.misconfigured(fault), .holdChannel),
      (.withdrawn, .released),
      (.retry(after: nil, fault), .tryAgain(at: scheduled)),
      (.retry(after: 500, fault), .tryAgain(at: now + 500)),
      (.retry(after: 900, fault), .tryAgain(at: now + 600)),
      (.uncertain(fault), .repeatInDoubt(at: now + 600)),
    ] as [(Outcome, Disposition)])
  func verdicts(outcome: Outcome, disposition: Disposition) {
    #expect(Disposition(outcome, Self.history(), now: Self.now) == disposition)
  }

  @Test("Retry: it goes on until the reminder expires")
  func untilExpiry() {
    let outcome = Outcome.retry(after: nil, Self.fault)
    let inTime = Self.history { $0.expiresAt = Self.scheduled + 1 }
    let tooLate = Self.history { $0.expiresAt = Self.scheduled }
    #expect(Disposition(outcome, inTime, now: Self.now) == .tryAgain(at: Self.scheduled))
    #expect(Disposition(outcome, tooLate, now: Self.now) == .exhausted)
  }

  @Test("Retry: mail goes on by mail's schedule")
  func mail() throws {
    let history = Self.history { ($0.schedule, $0.firstTryAt) = (.mail, Self.now - 2000) }
    guard case .tryAgain(let at) = Disposition(.retry(after: nil, Self.fault), history, now: Self.now) else {
      Issue.record("it is not tried again")
      return
    }
    #expect((1600...2400).contains(at - Self.now))
  }

  struct Doubt: Sendable, CustomTestStringConvertible {
    var rule: String
    var isIdempotent = false
    var onDoubt = DoubtPolicy.resend
    var doubts = 0
    var expiresIn: Int64 = 86_400
    var disposition: Disposition

    var testDescription: String { rule }
  }

  @Test(
    "Doubt: what becomes of a message that may have arrived",
    arguments: [
      Doubt(rule: "resend: once more after 10 minutes", disposition: .repeatInDoubt(at: now + 600)),
      Doubt(rule: "resend: the second doubt is for good", doubts: 1, disposition: .doubtful),
      Doubt(rule: "ask: staff at once", onDoubt: .ask, disposition: .doubtful),
      Doubt(rule: "ask: a second doubt as well", onDoubt: .ask, doubts: 1, disposition: .doubtful),
      Doubt(rule: "useless in 10 minutes: staff at once", expiresIn: 600, disposition: .doubtful),
      Doubt(rule: "of use for a second more", expiresIn: 601, disposition: .repeatInDoubt(at: now + 600)),
      Doubt(
        rule: "idempotent: the schedule goes on", isIdempotent: true, disposition: .repeatInDoubt(at: scheduled)),
      Doubt(
        rule: "idempotent: the second doubt as well", isIdempotent: true, doubts: 1,
        disposition: .repeatInDoubt(at: scheduled)),
      Doubt(
        rule: "idempotent: nobody need be asked", isIdempotent: true, onDoubt: .ask,
        disposition: .repeatInDoubt(at: scheduled)),
      Doubt(rule: "idempotent: until it expires", isIdempotent: true, expiresIn: 240, disposition: .doubtful),
    ])
  func doubts(example: Doubt) {
    let history = Self.history {
      ($0.isIdempotent, $0.onDoubt, $0.doubts) = (example.isIdempotent, example.onDoubt, example.doubts)
      $0.expiresAt = Self.now + example.expiresIn
    }
    #expect(Disposition(.uncertain(Self.fault), history, now: Self.now) == example.disposition)
  }

  @Test(
    "Doubt: a repeat that failed does not tell whether the first arrived, so no other contact is tried",
    arguments: [false, true])
  func doubtStays(isIdempotent: Bool) {
    let open = Self.history { ($0.doubts, $0.isIdempotent) = (1, isIdempotent) }
    let over = Self.history { ($0.doubts, $0.isIdempotent, $0.expiresAt) = (1, isIdempotent, Self.now + 1) }
    #expect(Disposition(.rejected(Self.fault), open, now: Self.now) == .doubtful)
    #expect(Disposition(.retry(after: nil, Self.fault), over, now: Self.now) == .doubtful)
    #expect(Disposition(.retry(after: nil, Self.fault), open, now: Self.now) == .tryAgain(at: Self.scheduled))
    #expect(Disposition(.delivered(code: "250", gatewayID: nil), open, now: Self.now) == .sent)
    #expect(Disposition(.misconfigured(Self.fault), open, now: Self.now) == .holdChannel)
  }
}
