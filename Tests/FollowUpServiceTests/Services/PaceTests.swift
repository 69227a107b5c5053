import FollowUpCore
import Testing

@testable import FollowUpService

@Suite struct PaceTests {
  private static let second: Int64 = 1_000_000_000

  @Test(
    "R11: a rate fills evenly and holds one second's work at most",
    arguments: [
      (60, 1, 60), (120, 2, 120), (600, 10, 600), (30, 1, 30),
    ])
  func fills(perMinute: Int, depth: Int, inAMinute: Int) {
    var pace = Pace(perMinute: perMinute, now: 0)
    var sent = 0
    #expect(pace.room(now: 0) == depth)
    pace.take(depth)
    #expect(pace.room(now: 0) == 0)
    for tick in Int64(1)...600 {
      let room = pace.room(now: tick * Self.second / 10)
      pace.take(room)
      sent += room
    }
    #expect((inAMinute - 1...inAMinute).contains(sent))
    #expect(pace.room(now: 3600 * Self.second) == depth)
  }

  @Test("Without a rate there is always room")
  func unlimited() {
    var pace = Pace(perMinute: 0, now: 0)
    pace.take(1_000_000)
    #expect(pace.room(now: 0) == .max)
  }

  @Test("A clock that steps back gives no room and takes none away")
  func backward() {
    var pace = Pace(perMinute: 60, now: 100 * Self.second)
    pace.take(1)
    #expect(pace.room(now: 0) == 0)
    #expect(pace.room(now: Self.second) == 1)
  }
}
