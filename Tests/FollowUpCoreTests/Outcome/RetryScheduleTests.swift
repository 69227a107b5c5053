import FollowUpCore
import Testing

@Suite struct RetryScheduleTests {
  private static let now = Instant(1_800_000_000)

  @Test(
    "Retry: mail waits as long as it has been tried already, at least 5 minutes, at most 4000 s",
    arguments: [
      (0, 300), (1, 300), (299, 300), (300, 300), (301, 301), (600, 600), (1200, 1200), (3999, 3999), (4000, 4000),
      (4001, 4000), (86_400, 4000), (30 * 86_400, 4000),
    ] as [(Int64, Int64)])
  func mail(sinceFirst: Int64, delay: Int64) {
    for tries in [1, 2, 50] {
      #expect(RetrySchedule.mail.delay(tries: tries, sinceFirst: sinceFirst) == delay)
    }
  }

  @Test(
    "Retry: a webhook waits 5 s, 5 min, 30 min, 2 h, 5 h, then 10 h",
    arguments: [(1, 5), (2, 300), (3, 1800), (4, 7200), (5, 18_000), (6, 36_000), (7, 36_000), (100, 36_000)]
      as [(Int, Int64)])
  func webhook(tries: Int, delay: Int64) {
    for sinceFirst in [0, 5, 100_000] as [Int64] {
      #expect(RetrySchedule.webhook.delay(tries: tries, sinceFirst: sinceFirst) == delay)
    }
  }

  @Test("Retry: the jitter is at most a fifth either way, and uses both ways", arguments: 1...7)
  func jitter(tries: Int) {
    let delay = RetrySchedule.webhook.delay(tries: tries, sinceFirst: 0)
    let waits = (0..<500).map { Self.wait(.webhook, tries: tries, identity: "message-\($0)") }
    #expect(waits.allSatisfy { $0 * 10 >= delay * 8 && $0 * 10 <= delay * 12 })
    #expect(waits.contains { $0 < delay })
    // Five seconds leave a second either way; more is not asked of them.
    if delay > 5 {
      #expect(waits.contains { $0 > delay })
      #expect(Set(waits).count > 50)
      #expect(waits.contains { $0 * 100 < delay * 85 } && waits.contains { $0 * 100 > delay * 115 })
    }
  }

  @Test("Retry: mail's wait has the same jitter, about the time since the first try")
  func mailJitter() {
    for number in 0..<200 {
      let next = RetrySchedule.mail.next(
        after: Self.now, tries: 4, firstTry: Self.now - 1000, asked: nil, identity: "message-\(number)")
      #expect((800...1200).contains(next - Self.now))
    }
  }

  @Test("Retry: the same message has the same next try, however often it is asked for")
  func deterministic() {
    for tries in 1...7 {
      let waits = (0..<5).map { _ in Self.wait(.webhook, tries: tries, identity: "message") }
      #expect(Set(waits).count == 1)
    }
  }

  @Test(
    "Retry: a pause that the peer asked for is honoured within the delay and twice it",
    arguments: [
      (0, 300), (1, 300), (240, 300), (299, 300), (300, 300), (301, 301), (450, 450), (600, 600), (601, 600),
      (86_400, 600), (.max, 600),
    ] as [(Int64, Int64)])
  func asked(asked: Int64, wait: Int64) {
    for number in 0..<20 {
      #expect(Self.wait(.webhook, tries: 2, asked: asked, identity: "message-\(number)") == wait)
    }
  }

  @Test("Retry: a clock that went back behind the first try does no harm")
  func clockWentBack() {
    let next = RetrySchedule.mail.next(
      after: Self.now, tries: 2, firstTry: Self.now + 5000, asked: nil, identity: "message")
    #expect((240...360).contains(next - Self.now))
  }

  private static func wait(_ schedule: RetrySchedule, tries: Int, asked: Int64? = nil, identity: String) -> Int64 {
    schedule.next(after: now, tries: tries, firstTry: now, asked: asked, identity: identity) - now
  }
}
