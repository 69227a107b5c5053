import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Support
import Testing

@testable import FollowUpService

/// Properties that hold for every clinic, whatever its patients, promises, hours and answers.
@Suite struct RandomClinicTests {
  private static let zones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
  private static let clinics = 10

  @Test(
    "R8-R16: every reminder of a random clinic becomes what an oracle says, and leaves within a minute of it"
  )
  func fates() async throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    var counts: [String: Int] = [:]
    var inTime = 0
    var sent = 0
    for number in 0..<Self.clinics {
      let story = try RandomClinic.apart(&random)
      let clinic = try SendingClinic(inMemoryFrom: story.start, story.settings)
      let diary = try story.run(on: clinic) { try Self.planTwice($0, &random) }
      let fates = try ReminderOracle.fates(of: story, diary, zones: Self.zones)
      let rows = try await Account.reminders(clinic)
      let comment: Comment = "seed \(random.seed), clinic \(number)"
      #expect(Set(rows.map(\.name)) == Set(fates.keys), comment)
      for row in rows {
        let fate = try #require(fates[row.name], comment)
        #expect(
          row.state == fate.state,
          "\(comment): \(row.name) (\(row.reason)), by the oracle at \(fate.at.rfc3339), planned \(row.plannedAt.rfc3339)"
        )
        counts[row.state.rawValue, default: 0] += 1
        guard fate.state == .sent, let sentAt = row.sentAt else { continue }
        sent += 1
        if abs(sentAt - fate.at) <= 60 { inTime += 1 }
      }
      try await Account(clinic, story).check(comment)
    }
    print(
      "\(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
    )
    print("\(inTime) of \(sent) left within a minute of the oracle's instant")
    #expect(sent > 50 && inTime * 10 >= sent * 9)
  }

  @Test(
    "R12-R16: no crowd of promises, faults and shared addresses makes a send that is not allowed, or loses a reminder"
  )
  func crowds() async throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    var counts: [String: Int] = [:]
    var (bundles, rungs) = (0, 0)
    for number in 0..<Self.clinics {
      let story = try RandomClinic.crowded(&random)
      let clinic = try SendingClinic(inMemoryFrom: story.start, story.settings)
      Self.disturb(clinic, &random)
      try story.run(on: clinic) { clinic in
        Self.disturb(clinic, &random)
        try Self.planTwice(clinic, &random)
      }
      let account = try await Account(clinic, story)
      for row in account.reminders { counts[row.state.rawValue, default: 0] += 1 }
      try account.check("seed \(random.seed), clinic \(number)")
      bundles += try await account.checkBundles("seed \(random.seed), clinic \(number)")
      rungs += try await account.checkLadder("seed \(random.seed), clinic \(number)")
    }
    print("\(bundles) bundles, \(rungs) rungs")
    #expect(bundles >= Self.clinics / 2)
    #expect(rungs >= Self.clinics / 2)
    print(
      "\(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
    )
    #expect(counts["sent", default: 0] > 100)
  }

  /// Faults of the peers: some tries fail for now, for good, or in doubt.
  private static func disturb(_ clinic: SendingClinic, _ random: inout SeededGenerator) {
    for adapter in [clinic.email, clinic.sms] {
      let outcome: Outcome? =
        switch random.number(1...8) {
        case 1: .retry(after: nil, Fault(code: "451"))
        case 2: .rejected(Fault(code: "550-5.1.1"))
        case 3: .uncertain(Fault(code: "dropped"))
        default: nil
        }
      if let outcome { adapter.next(outcome) }
    }
  }

  /// R8: planning twice changes nothing.
  private static func planTwice(_ clinic: SendingClinic, _ random: inout SeededGenerator) throws {
    let now = clinic.clock.now()
    let (before, after) = try clinic.store.rehearse { transaction in
      let all = (1...40).map(Int64.init)
      let before = try all.flatMap { try transaction.listReminders(followUp: $0) }
      let replanner = try Replanner(clinic.settings, zones)
      let tally = try transaction.planAnew(after: 0, by: replanner, now: now).tally
      #expect(tally.added + tally.moved + tally.cancelled == 0, "\(now.rfc3339): \(tally)")
      for occurrence in all {
        _ = try transaction.plan(
          occurrence: occurrence, settings: clinic.settings, zones: zones, now: now)
        try transaction.planAnew(
          occurrence: occurrence, settings: clinic.settings, zones: zones, now: now)
      }
      return (before, try all.flatMap { try transaction.listReminders(followUp: $0) })
    }
    #expect(before.map(\.spelled) == after.map(\.spelled))
    for (before, after) in zip(before, after) {
      var same = after
      same.updatedAt = before.updatedAt
      #expect(same == before, "\(clinic.clock.now().rfc3339): \(before) became \(after)")
    }
  }
}
