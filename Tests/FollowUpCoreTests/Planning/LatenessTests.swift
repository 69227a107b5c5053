import FollowUpCore
import Testing

@Suite struct LatenessTests {
  /// Seconds are counted from an hour long ago; `now` is 100,000.
  struct Case: Sendable, CustomTestStringConvertible {
    var rule: String
    var due: [DueStep]
    var lastSent: Int64?
    var verdicts: [Int64: Lateness]

    var testDescription: String { rule }
  }

  private static let now: Int64 = 100_000

  /// A step that was planned `ago` seconds before now.
  private static func step(
    _ id: Int64, ago: Int64, intendedAgo: Int64? = nil, _ policy: LatePolicy = .send, lateAfter: Int64 = 900,
    isFirstLook: Bool = true
  ) -> DueStep {
    DueStep(
      id: id, intendedAt: Instant(now - (intendedAgo ?? ago)), plannedAt: Instant(now - ago), policy: policy,
      lateAfter: lateAfter, isFirstLook: isFirstLook)
  }

  @Test(
    "R10: what becomes of the due steps of an occurrence",
    arguments: [
      Case(rule: "nothing is due", due: [], verdicts: [:]),
      Case(rule: "15 minutes are not late, send", due: [step(1, ago: 900)], verdicts: [1: .goes]),
      Case(rule: "15 minutes are not late, skip", due: [step(1, ago: 900, .skip)], verdicts: [1: .goes]),
      Case(rule: "15 minutes are not late, ask", due: [step(1, ago: 900, .ask)], verdicts: [1: .goes]),
      Case(rule: "a second more is late, send", due: [step(1, ago: 901)], verdicts: [1: .goes]),
      Case(rule: "a second more is late, skip", due: [step(1, ago: 901, .skip)], verdicts: [1: .skipped]),
      Case(rule: "a second more is late, ask", due: [step(1, ago: 901, .ask)], verdicts: [1: .asked]),
      Case(
        rule: "late counts from the instant that R8 made",
        due: [step(1, ago: 600, intendedAgo: 90_000, .skip)], verdicts: [1: .goes]),
      Case(
        rule: "a retry is not late", due: [step(1, ago: 50_000, .skip, isFirstLook: false)], verdicts: [1: .goes]),
      Case(
        rule: "a deferral is not late", due: [step(1, ago: 50_000, .ask, isFirstLook: false)], verdicts: [1: .goes]),
      Case(
        rule: "the latest is sent, the others are superseded",
        due: [step(1, ago: 80_000), step(2, ago: 40_000), step(3, ago: 60_000)],
        verdicts: [1: .superseded, 2: .goes, 3: .superseded]),
      Case(
        rule: "a timely one supersedes a late one", due: [step(1, ago: 80_000), step(2, ago: 0)],
        verdicts: [1: .superseded, 2: .goes]),
      Case(
        rule: "a timely one supersedes a retry", due: [step(1, ago: 80_000, isFirstLook: false), step(2, ago: 0)],
        verdicts: [1: .superseded, 2: .goes]),
      Case(
        rule: "the policy comes first: an earlier `ask` is asked all the same",
        due: [step(1, ago: 80_000, .ask), step(2, ago: 0)], verdicts: [1: .asked, 2: .goes]),
      Case(
        rule: "the policy comes first: an earlier `skip` is skipped all the same",
        due: [step(1, ago: 80_000, .skip), step(2, ago: 40_000)], verdicts: [1: .skipped, 2: .goes]),
      Case(
        rule: "a later `skip` leaves the earlier one to be sent",
        due: [step(1, ago: 80_000), step(2, ago: 40_000, .skip)], verdicts: [1: .goes, 2: .skipped]),
      Case(
        rule: "a later `ask` leaves the earlier one to be sent",
        due: [step(1, ago: 80_000), step(2, ago: 40_000, .ask)], verdicts: [1: .goes, 2: .asked]),
      Case(
        rule: "all skip", due: [step(1, ago: 80_000, .skip), step(2, ago: 40_000, .skip)],
        verdicts: [1: .skipped, 2: .skipped]),
      Case(
        rule: "which is the latest goes by the offsets, not by where R8 moved them",
        due: [step(1, ago: 500, intendedAgo: 80_000), step(2, ago: 600, intendedAgo: 40_000)],
        verdicts: [1: .superseded, 2: .goes]),
      Case(
        rule: "an earlier step after a later one went", due: [step(1, ago: 80_000, isFirstLook: false)],
        lastSent: now - 40_000, verdicts: [1: .superseded]),
      Case(
        rule: "a later step after an earlier one went", due: [step(2, ago: 40_000)], lastSent: now - 80_000,
        verdicts: [2: .goes]),
      Case(
        rule: "all are earlier than what went", due: [step(1, ago: 80_000), step(2, ago: 70_000)],
        lastSent: now - 40_000, verdicts: [1: .superseded, 2: .superseded]),
    ])
  func decided(example: Case) {
    let verdicts = Lateness.decide(
      example.due, lastSent: example.lastSent.map(Instant.init(_:)), now: Instant(Self.now))
    #expect(verdicts == example.verdicts)
    let reversed = Lateness.decide(
      example.due.reversed(), lastSent: example.lastSent.map(Instant.init(_:)), now: Instant(Self.now))
    #expect(reversed == example.verdicts, "the order of the rows does not matter")
  }

  @Test("R10: `late_after` is the plan's, 15 minutes unless it says otherwise")
  func lateAfter() {
    #expect(Plan(name: "visit", title: "Visit").lateAfter.seconds == 900)
    let strict = Self.step(1, ago: 3601, .skip, lateAfter: 3600)
    let patient = Self.step(2, ago: 3601, .skip, lateAfter: 3601)
    let now = Instant(Self.now)
    #expect(Lateness.decide([strict], lastSent: nil, now: now) == [1: .skipped])
    #expect(Lateness.decide([patient], lastSent: nil, now: now) == [2: .goes])
    // Steps of one occurrence may be of two versions of its plan.
    #expect(Lateness.decide([strict, patient], lastSent: nil, now: now) == [1: .skipped, 2: .goes])
  }
}
