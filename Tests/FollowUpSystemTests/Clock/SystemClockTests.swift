import Dispatch
import FollowUpCore
import FollowUpSystem
import Glibc
import Synchronization
import Testing

@Suite struct SystemClockTests {
  /// Gathers what a clock tells, and lets a test wait for it.
  final class Wakes: Sendable {
    let clock = SystemClock()
    private let seen = Mutex<[(reason: WakeReason, at: Instant)]>([])
    private let arrived = DispatchSemaphore(value: 0)

    init() {
      clock.onWake { [weak self] reason in
        guard let self else { return }
        self.seen.withLock { $0.append((reason, self.clock.now())) }
        self.arrived.signal()
      }
    }

    /// The next wake, for which it waits ten seconds at most.
    func next() -> (reason: WakeReason, at: Instant)? {
      guard arrived.wait(timeout: .now() + 10) == .success else { return nil }
      return seen.withLock { $0.removeFirst() }
    }

    var isQuiet: Bool { seen.withLock { $0.isEmpty } }
  }

  @Test("It wakes at its instant or just after, never before")
  func onTime() throws {
    let wakes = Wakes()
    let instant = wakes.clock.now() + 1
    wakes.clock.wake(at: instant)
    let wake = try #require(wakes.next())
    #expect(wake.reason == .due)
    #expect(wake.at >= instant)
  }

  @Test("An instant that is past wakes at once", arguments: [-1, -100_000, Int64.min / 2])
  func past(distance: Int64) throws {
    let wakes = Wakes()
    wakes.clock.wake(at: Instant(max(0, wakes.clock.now().seconds + distance)))
    #expect(try #require(wakes.next()).reason == .due)
  }

  @Test("A later arming replaces an earlier one, and each arming wakes once")
  func replaced() throws {
    let wakes = Wakes()
    let now = wakes.clock.now()
    wakes.clock.wake(at: .distantFuture)
    wakes.clock.wake(at: now + 3600)
    wakes.clock.wake(at: now)
    #expect(try #require(wakes.next()).reason == .due)
    // The queue is serial: a second wake of the same arming would come before this one.
    wakes.clock.wake(at: now)
    #expect(try #require(wakes.next()).reason == .due)
    #expect(wakes.isQuiet)
  }

  @Test("A disarmed timer stays silent")
  func disarmed() throws {
    let wakes = Wakes()
    let now = wakes.clock.now()
    // Instants are whole seconds: the next one may begin at this moment, and would be due before it is given up.
    wakes.clock.wake(at: now + 2)
    wakes.clock.wake(at: nil)
    // The only wake is that of a later arming, for after the instant that was given up.
    wakes.clock.wake(at: now + 3)
    #expect(try #require(wakes.next()).at >= now + 3)
    #expect(wakes.isQuiet)
  }

  @Test("Promise 15: when the clock is set, the owner is told and the timer goes on for its instant")
  func clockChanged() throws {
    let wakes = Wakes()
    // Stands for the kernel's timer, for a test must not set the clock of its machine.
    var ends: [Int32] = [0, 0]
    let made = pipe(&ends)
    try #require(made == 0)
    let (readable, writable) = (ends[0], ends[1])
    defer { close(writable) }
    let rearmed = Atomic(0)
    wakes.clock.watch(descriptor: readable) { rearmed.add(1, ordering: .relaxed) }
    // Instants are whole seconds: the next one may begin at this moment, and be due before the clock is said to be set.
    let instant = wakes.clock.now() + 2
    wakes.clock.wake(at: instant)
    #expect(write(writable, "!", 1) == 1)
    #expect(try #require(wakes.next()).reason == .clockChanged)
    let due = try #require(wakes.next())
    #expect(due.reason == .due)
    #expect(due.at >= instant)
    #expect(rearmed.load(ordering: .relaxed) == 2)
  }

  @Test("Both clocks go forward together")
  func readings() {
    let clock = SystemClock()
    let first = clock.reading()
    let second = clock.reading()
    #expect(first.boot > 0)
    #expect(second.boot >= first.boot)
    #expect(second.wall >= first.wall)
    #expect((0..<1_000_000_000).contains(clock.preciseNow().nanoseconds))
  }

  @Test("A boot has one id, which looks like one")
  func bootID() throws {
    let id = try #require(BootID.read())
    #expect(id.count == 36)
    #expect(BootID.read() == id)
    #expect(BootID.read(path: "/nonexistent") == nil)
  }
}
