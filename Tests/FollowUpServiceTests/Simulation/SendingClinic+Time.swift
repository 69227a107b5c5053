import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Foundation
import Support

@testable import FollowUpService

/// Time that passes on the test's own thread: each wake at its instant, and all that it sets off done before the next.
extension SendingClinic {
  /// A clinic whose state lies in memory: for runs of years.
  convenience init(
    inMemoryFrom start: Instant, _ settings: Settings,
    zones: SystemZones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
  ) throws {
    try self.init(
      TemporaryDirectory.inMemory(), ManualClock(start), settings, boot: "boot-1", run: 1, zones: zones)
  }

  /// Lets time pass, with every wake on the way; returns how many there were.
  @discardableResult
  func pass(to end: Instant) throws -> Int {
    dispatcher.drain()
    var wakes = 0
    var here = 0
    while let armed = clock.armedFor, armed <= end {
      let before = clock.now()
      clock.advance(to: max(armed, before))
      dispatcher.drain()
      here = clock.now() == before ? here + 1 : 0
      wakes += 1
      guard here < 1000 else { throw HarnessError("the timer spins at \(before)") }
    }
    clock.advance(to: end)
    dispatcher.drain()
    return wakes
  }

  /// Ends this run as a stop does; the next one begins at `now` on what it left, with the clock as it is then.
  func restarted(at now: Instant, run: Int, zones: SystemZones) throws -> SendingClinic {
    dispatcher.stop(within: 1)
    try store.close()
    let copy = try TemporaryDirectory.inMemory()
    try FileManager.default.copyItem(atPath: folder.path("state"), toPath: copy.path("state"))
    return try SendingClinic(copy, ManualClock(now), settings, boot: "boot-\(run)", run: run, zones: zones)
  }
}
