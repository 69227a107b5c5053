import FollowUpCore
import Support
import Testing

@Suite struct TriageOrderTests {
  /// Of each: urgent, soon, routine.
  struct Shares: Sendable {
    var size: Int
    var waiting: [Int]
    var taken: [Int]
  }

  @Test(
    "R17: a batch goes by priority, and keeps a fifth for routine",
    arguments: [
      Shares(size: 100, waiting: [0, 0, 0], taken: [0, 0, 0]),
      Shares(size: 100, waiting: [200, 0, 0], taken: [100, 0, 0]),
      Shares(size: 100, waiting: [200, 200, 200], taken: [80, 0, 20]),
      Shares(size: 100, waiting: [10, 200, 200], taken: [10, 70, 20]),
      Shares(size: 100, waiting: [10, 20, 200], taken: [10, 20, 70]),
      Shares(size: 100, waiting: [200, 0, 5], taken: [95, 0, 5]),
      Shares(size: 100, waiting: [50, 200, 5], taken: [50, 45, 5]),
      Shares(size: 100, waiting: [0, 0, 5], taken: [0, 0, 5]),
      Shares(size: 100, waiting: [0, 200, 0], taken: [0, 100, 0]),
      Shares(size: 5, waiting: [9, 9, 9], taken: [4, 0, 1]),
      Shares(size: 0, waiting: [9, 9, 9], taken: [0, 0, 0]),
    ])
  func shares(example: Shares) {
    let priorities: [Priority] = [.urgent, .soon, .routine]
    let waiting = Dictionary(uniqueKeysWithValues: zip(priorities, example.waiting))
    let shares = triageShares(of: example.size, waiting: waiting)
    #expect(priorities.map { shares[$0, default: 0] } == example.taken)
  }

  @Test("R17: a batch is filled as far as there is something to take, and takes no more than there is")
  func filled() {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let size = Int.random(in: 0...50, using: &random)
      var waiting: [Priority: Int] = [:]
      for priority in Priority.allCases { waiting[priority] = Int.random(in: 0...50, using: &random) }
      let shares = triageShares(of: size, waiting: waiting)
      let text: Comment = "seed \(random.seed): \(size) of \(waiting): \(shares)"
      #expect(shares.values.reduce(0, +) == min(size, waiting.values.reduce(0, +)), text)
      #expect(shares.allSatisfy { (0...waiting[$0.key, default: 0]).contains($0.value) }, text)
      #expect(shares[.routine, default: 0] >= min(waiting[.routine, default: 0], size / 5), text)
    }
  }

  @Test("R17: a stored rank is its priority, and no other number is", arguments: Priority.allCases)
  func ranks(priority: Priority) {
    #expect(Priority(rank: priority.rank) == priority)
    #expect(Priority(rank: -1) == nil)
    #expect(Priority(rank: 3) == nil)
  }

  @Test("R17: urgent comes before soon, soon before routine")
  func priorities() {
    #expect([Priority.routine, .urgent, .soon].sorted() == [.urgent, .soon, .routine])
  }
}

@Suite struct RoutineShareTests {
  @Test("R17: one of five is routine's, whatever the room for one batch", arguments: [1, 2, 3, 7, 1000])
  func share(room: Int) {
    var share = RoutineShare()
    var taken: [Priority] = []
    while taken.count < 1000 {
      let kept = share.kept(of: room, channel: "email")
      #expect(kept <= room)
      for place in 0..<room {
        let priority: Priority = place < room - kept ? .soon : .routine
        share.took(priority, channel: "email")
        taken.append(priority)
      }
      share.settle()
    }
    #expect((190...210).contains(taken.prefix(1000).count { $0 == .routine }))
  }

  @Test("R17: what went while nothing routine waited is no debt, and channels have nothing to do with each other")
  func noDebt() {
    var share = RoutineShare()
    for _ in 0..<1000 { share.took(.soon, channel: "email") }
    share.settle()
    #expect(share.kept(of: 1, channel: "email") == 1)
    #expect(share.kept(of: 6, channel: "email") == 2)
    #expect(share.kept(of: 4, channel: "sms") == 0)
    share.leave(channel: "email")
    #expect(share.kept(of: 4, channel: "email") == 0)
  }
}
