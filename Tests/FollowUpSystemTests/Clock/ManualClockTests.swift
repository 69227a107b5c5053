import FollowUpCore
import Support
import Synchronization
import Testing

@Suite struct ManualClockTests {
  @Test("A year of daily wakes passes at once, each at its instant")
  func year() {
    let clock = ManualClock("2026-01-01T00:00:00Z")
    let wakes = Mutex<[Instant]>([])
    clock.onWake { [weak clock] reason in
      guard let clock else { return }
      #expect(reason == .due)
      wakes.withLock { $0.append(clock.now()) }
      clock.wake(at: clock.now() + 86_400)
    }
    let start = clock.now()
    clock.wake(at: start + 86_400)
    clock.advance(by: 365 * 86_400)
    #expect(wakes.withLock { $0 } == (1...365).map { start + $0 * 86_400 })
    #expect(clock.now() == start + 365 * 86_400)
    #expect(clock.reading().boot == 1_000_000_000 + 365 * 86_400 * 1_000_000_000)
  }

  @Test("What is due already wakes at the next move, even of no length; setting the clock tells of it")
  func dueAndSet() {
    let clock = ManualClock("2026-01-01T00:00:00Z")
    let reasons = Mutex<[WakeReason]>([])
    clock.onWake { reason in reasons.withLock { $0.append(reason) } }
    clock.wake(at: clock.now() - 60)
    #expect(reasons.withLock { $0 }.isEmpty)
    clock.settle()
    clock.settle()
    let boot = clock.reading().boot
    clock.set(clock.now() + 3600)
    #expect(reasons.withLock { $0 } == [.due, .clockChanged])
    #expect(clock.reading().boot == boot)
    #expect(!clock.advanceToNextWake())
  }
}
