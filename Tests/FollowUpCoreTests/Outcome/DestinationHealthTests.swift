import FollowUpCore
import Testing

/// A destination is paused as a whole, probed, and opened slowly (`delivery.md`, Retry).
@Suite struct DestinationHealthTests {
  private static let refused = Outcome.retry(after: nil, Fault(code: "connect-refused", concernsDestination: true))
  private static let delivered = Outcome.delivered(code: "250", gatewayID: nil)
  private static let now = Instant(1_800_000_000)
  private static let second: Int64 = 1_000_000_000

  /// A destination with a clock of its own.
  private struct Told {
    var health = DestinationHealth.fresh
    var boot: Int64 = 7 * DestinationHealthTests.second
    var full = 8

    mutating func note(_ outcome: Outcome) -> DestinationHealth.Change? {
      health.note(outcome, full: full, now: DestinationHealthTests.now, boot: boot)
    }

    mutating func pass(_ seconds: Int64) { boot += seconds * DestinationHealthTests.second }
    func left(_ inFlight: Int = 0) -> Int? { health.allowance(inFlight: inFlight, boot: boot) }

    /// The next probe leaves, as soon as it may, and ends like that. Returns how many seconds it waited.
    mutating func probe(_ outcome: Outcome) -> Int64 {
      var waited: Int64 = 0
      while left() == 0, waited < 5000 {
        pass(1)
        waited += 1
      }
      health.claimed(boot: boot)
      _ = note(outcome)
      return waited
    }
  }

  private func paused() -> Told {
    var told = Told()
    for _ in 0..<DestinationHealth.tolerance { _ = told.note(Self.refused) }
    return told
  }

  @Test("A few connections that fail one after the other pause it, once; one that works between starts the count anew")
  func pauses() {
    var told = Told()
    #expect(told.note(Self.refused) == nil)
    #expect(told.note(Self.refused) == nil)
    #expect(told.note(Self.delivered) == nil)
    #expect(told.left() == nil)
    #expect([1, 2, 3, 4].map { _ in told.note(Self.refused) } == [nil, nil, .paused, nil])
    #expect(told.left() == 0)
  }

  @Test(
    "What says nothing of the destination does not pause it",
    arguments: [
      Outcome.rejected(Fault(code: "550-5.1.1")), .retry(after: nil, Fault(code: "451")), .withdrawn,
      .uncertain(Fault(code: "timeout")), .misconfigured(Fault(code: "auth-535")), delivered,
    ])
  func recipients(_ outcome: Outcome) {
    var told = Told()
    for _ in 0..<100 { #expect(told.note(outcome) == nil) }
    #expect(told.left() == nil)
  }

  @Test("One probe leaves after a minute; each that fails doubles the pause, up to a quarter of an hour")
  func probes() {
    var told = paused()
    #expect((0..<7).map { _ in told.probe(Self.refused) } == [60, 120, 240, 480, 900, 900, 900])
    #expect(told.health.isPaused)
  }

  @Test("While a probe is on its way no other leaves; one that is never heard of again gives way")
  func oneProbe() {
    var told = paused()
    told.pass(60)
    #expect(told.left() == 1)
    told.health.claimed(boot: told.boot)
    #expect(told.left() == 0)
    told.pass(DestinationHealth.patience - 1)
    #expect(told.left() == 0)
    told.pass(1)
    #expect(told.left() == 1)
  }

  @Test("What was on its way when it was paused lengthens no pause; what got through ends it")
  func stragglers() {
    var told = paused()
    for _ in 0..<50 { #expect(told.note(Self.refused) == nil) }
    told.pass(60)
    #expect(told.left() == 1)
    #expect(told.note(Self.delivered) == .resumed)
    #expect(told.left() == 2)
  }

  @Test("A probe that works opens it slowly: 2, 4, 8 at once, then as many as there are")
  func opens() {
    var told = paused()
    told.full = 16
    #expect(told.probe(Self.delivered) == 60)
    var windows: [Int] = []
    while let left = told.left() {
      windows.append(left)
      for _ in 0..<left { #expect(told.note(Self.delivered) == nil) }
    }
    #expect(windows == [2, 4, 8])
    #expect(told.health == .fresh)
  }

  @Test("The refusal of a recipient opens it as well: the destination was reached")
  func refusalOpens() {
    for outcome in [Outcome.rejected(Fault(code: "550")), .retry(after: nil, Fault(code: "451-4.7.1"))] {
      var told = paused()
      _ = told.probe(outcome)
      #expect(told.left(1) == 1)
    }
  }

  @Test("A relapse while it opens pauses it again, for longer")
  func relapse() {
    var told = paused()
    _ = told.probe(Self.delivered)
    #expect(told.note(Self.refused) == .paused)
    #expect(told.probe(Self.refused) == 120)
  }

  @Test("A probe in doubt counts as failed; one that was taken back leaves its turn to the next")
  func doubt() {
    var told = paused()
    _ = told.probe(.uncertain(Fault(code: "timeout")))
    #expect(told.probe(.withdrawn) == 120)
    #expect(told.left() == 1)
  }

  @Test("Settings that are refused end the pause: the channel is held instead")
  func misconfigured() {
    var told = paused()
    _ = told.probe(.misconfigured(Fault(code: "auth-535", concernsDestination: true)))
    #expect(told.health == .fresh)
  }

  @Test("The next probe is shown by the wall clock; staff may have it now")
  func shown() {
    var told = paused()
    told.pass(10)
    #expect(told.health.nextProbe(now: Self.now, boot: told.boot) == Self.now + 50)
    told.health.probeNow(boot: told.boot)
    #expect(told.left() == 1)
    #expect(DestinationHealth.fresh.nextProbe(now: Self.now, boot: 0) == nil)
  }
}
