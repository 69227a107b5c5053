import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// R17 as a channel with a rate shows it: what is due leaves by priority, then earliest expiry, then earliest instant, with
/// a fifth for routine.
@Suite struct TriageTests {
  /// One reminder that is due, as it was promised.
  private struct Due: Equatable {
    var address: String
    var rank: Int
    /// The visit, when its reminder expires.
    var visit: String
    var minute: Int
  }

  /// Reminders for 5 December between 9:50 and 10:00, Vancouver's time, one of each plan at 9:50, 9:55 and 10:00.
  private static func clinic(perMinute: Int) throws -> SendingClinic {
    try SendingClinic { settings in
      settings.channels["email"]?.perMinute = perMinute
      settings.plans = [:]
      for (rank, priority) in [Priority.urgent, .soon, .routine].enumerated() {
        for minute in minutes {
          let at: StepOffset = .literal("-3d \(minute == 60 ? "10:00" : "09:\(minute)")")
          settings.plans["p\(rank)-\(minute)"] = Plan(
            name: "p\(rank)-\(minute)", title: "A visit", priority: priority,
            steps: [Step(id: "three-days", at: at, template: "visit")])
        }
      }
      settings.plans["press"] = Plan(
        name: "press", title: "A visit", priority: .urgent,
        steps: [Step(id: "press", at: .literal("-3d 10:01"), template: "visit")])
    }
  }

  private static let minutes = [50, 55, 60]

  private func promise(_ due: Due, on clinic: SendingClinic) throws {
    try clinic.patient(String(due.address.prefix { $0 != "@" }))
    try clinic.followUp(
      String(due.address.prefix { $0 != "@" }), "2026-12-08 \(due.visit)", plan: "p\(due.rank)-\(due.minute)")
  }

  /// Some of each priority, made in any order.
  private func dues(_ counts: [Int], _ random: inout SeededGenerator) -> [Due] {
    let ranks = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    return ranks.shuffled(using: &random).enumerated().map { number, rank in
      Due(
        address: "n\(number)@example.org", rank: rank, visit: "\(random.number(13...16)):00",
        minute: random.one(Self.minutes))
    }
  }

  /// What is equal may leave in any order.
  private func isInOrder(_ dues: [Due]) -> Bool {
    zip(dues, dues.dropFirst()).allSatisfy { ($0.rank, $0.visit, $0.minute) <= ($1.rank, $1.visit, $1.minute) }
  }

  @Test("R17: at a channel's rate, by priority, then earliest expiry, then earliest instant; every fifth is routine's")
  func order() async throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    let clinic = try Self.clinic(perMinute: 60)
    let dues = dues([9, 15, 20], &random)
    for due in dues { try promise(due, on: clinic) }
    // All of it is due at ten, and none of it late.
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)))
    try await clinic.run()
    try await clinic.advance(by: 120)
    let byAddress = Dictionary(uniqueKeysWithValues: dues.map { ($0.address, $0) })
    let sent = try clinic.email.sent.map { try #require(byAddress[$0.address]) }
    let comment: Comment = "seed \(random.seed): \(sent.map { "\($0.rank) \($0.visit) \($0.minute)" })"
    #expect(sent.count == dues.count, comment)
    #expect(isInOrder(sent.filter { $0.rank < 2 }), comment)
    #expect(isInOrder(sent.filter { $0.rank == 2 }), comment)
    // As long as others wait, one of about five is routine; then only routine is left.
    let ranks = sent.map(\.rank)
    let whileBoth = ranks.prefix(ranks.lastIndex { $0 < 2 } ?? 0)
    #expect((5...6).contains(whileBoth.count { $0 == 2 }), comment)
    #expect(whileBoth.split(separator: 2).allSatisfy { $0.count <= 5 }, comment)
  }

  @Test("R17: without a rate all that is due leaves at once, in the same order")
  func unpaced() async throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    let clinic = try Self.clinic(perMinute: 0)
    let dues = dues([9, 15, 20], &random)
    for due in dues { try promise(due, on: clinic) }
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)))
    try await clinic.run()
    let byAddress = Dictionary(uniqueKeysWithValues: dues.map { ($0.address, $0) })
    let sent = try clinic.email.sent.map { try #require(byAddress[$0.address]) }
    #expect(sent.count == dues.count && isInOrder(sent), "seed \(random.seed): \(sent)")
  }

  @Test("R17: in a flood that takes many steps every fifth is routine's from the first step on")
  func flood() async throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    let clinic = try Self.clinic(perMinute: 0)
    let dues = dues([0, SendingRound.mostClaims + 20, 40], &random)
    for due in dues { try promise(due, on: clinic) }
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)))
    try await clinic.run()
    for _ in 0..<4 { try await clinic.settle() }
    let byAddress = Dictionary(uniqueKeysWithValues: dues.map { ($0.address, $0) })
    let sent = try clinic.email.sent.map { try #require(byAddress[$0.address]) }
    let comment: Comment = "seed \(random.seed): \(sent.map(\.rank))"
    #expect(sent.count == dues.count, comment)
    #expect((10...13).contains(sent.prefix(60).count { $0.rank == 2 }), comment)
    #expect(isInOrder(sent.filter { $0.rank == 1 }) && isInOrder(sent.filter { $0.rank == 2 }), comment)
  }

  @Test("R17: what is urgent and becomes due while others wait for their turn leaves next")
  func overtakes() async throws {
    var random = SeededGenerator()
    print("seed: \(random.seed)")
    let clinic = try Self.clinic(perMinute: 60)
    for due in dues([0, 60, 60], &random) { try promise(due, on: clinic) }
    try clinic.patient("press")
    try clinic.followUp("press", "2026-12-08 17:00", plan: "press")
    clinic.clock.advance(to: try #require(Instant(SendingClinic.firstDue)))
    try await clinic.run()
    try await clinic.advance(to: "2026-12-05T17:00:59Z")
    let before = clinic.email.sent.count
    #expect(before == 60)
    #expect(!clinic.email.sent.contains { $0.address == "press@example.org" })
    try await clinic.advance(by: 3)
    #expect(clinic.email.sent.dropFirst(before).prefix(2).contains { $0.address == "press@example.org" })
  }
}
