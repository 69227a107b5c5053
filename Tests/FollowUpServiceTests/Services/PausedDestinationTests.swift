import FollowUpControl
import FollowUpCore
import FollowUpStore
import Support
import Testing

@testable import FollowUpService

/// A destination that refuses connections is paused as a whole, and other channels go on (`delivery.md`, Retry; promise 21).
@Suite struct PausedDestinationTests {
  private static let refused = Outcome.retry(after: nil, Fault(code: "connect-refused", concernsDestination: true))
  private static let delivered = Outcome.delivered(code: "250", gatewayID: nil)

  /// `count` patients with an e-mail address each, whose first reminders are due at once.
  private func clinic(
    _ count: Int, plan: String? = nil, _ adjust: (inout Settings) -> Void = { _ in }
  ) throws -> SendingClinic {
    let clinic = try SendingClinic {
      $0.channels["email"]?.perMinute = 240
      $0.delivery.maxConnections = 4
      adjust(&$0)
    }
    for number in 1...count {
      try clinic.patient("p\(number)")
      try clinic.followUp("p\(number)", plan: plan)
    }
    return clinic
  }

  private func parked(_ clinic: SendingClinic) async throws -> Int {
    try await clinic.reminders("three-days").count { $0 == "deferred|paused" }
  }

  /// The first reminders become due while the server is down, and a while passes.
  private func outage(_ clinic: SendingClinic, seconds: Int64 = 10) async throws {
    clinic.email.always(Self.refused)
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: seconds)
  }

  private func lines(_ clinic: SendingClinic, _ word: String) -> Int { clinic.log.all.count { $0.contains(word) } }

  @Test("Promise 21: refused, it is tried a few times, then by one probe after a minute; nothing wakes in between")
  func pauses() async throws {
    let clinic = try clinic(20)
    try await outage(clinic)
    let tried = clinic.email.sent.count
    #expect(tried >= DestinationHealth.tolerance)
    // Those whose first byte left are tried by their schedule; what was never tried waits for the probe.
    #expect(try await parked(clinic) == 20 - tried)
    #expect(lines(clinic, "is paused") == 1)
    #expect(lines(clinic, "waits for another try") <= DestinationHealth.tolerance)
    #expect(clinic.clock.armedFor == clinic.clock.now() + 50)
    try await clinic.advance(by: 49)
    #expect(clinic.email.sent.count == tried)
    try await clinic.advance(by: 1)
    #expect(clinic.email.sent.count == tried + 1)
    try await clinic.advance(by: 119)
    #expect(clinic.email.sent.count == tried + 1)
    try await clinic.advance(by: 1)
    #expect(clinic.email.sent.count == tried + 2)
    #expect(lines(clinic, "is paused") == 1)
    #expect(lines(clinic, "waits for another try") <= DestinationHealth.tolerance)
  }

  @Test("A probe that works opens it slowly, and all that waited leaves, each once")
  func opens() async throws {
    let clinic = try clinic(30)
    try await outage(clinic)
    clinic.email.always(nil)
    let tried = clinic.email.sent.count
    try await clinic.advance(by: 50)
    var windows: [Int] = []
    var seen = tried
    while clinic.email.sent.count > seen, windows.count < 20 {
      windows.append(clinic.email.sent.count - seen)
      seen = clinic.email.sent.count
      clinic.email.end(Self.delivered)
      try await clinic.settle()
    }
    #expect(windows.prefix(2) == [1, 2])
    clinic.email.always(Self.delivered)
    try await clinic.advance(by: 3600)
    #expect(try await clinic.reminders("three-days").allSatisfy { $0 == "sent" })
    #expect(Set(clinic.email.identities).count == 30)
    #expect(lines(clinic, "sends again") == 1)
  }

  @Test("Promise 21: other channels go on, and a patient's next contact is not taken for a server that is down")
  func others() async throws {
    let clinic = try clinic(5)
    try clinic.patient("both", sms: "+16045550101")
    try clinic.followUp("both")
    try clinic.call(
      AddPatient.self, .init(ref: "s", name: "S", contacts: [.init(channel: "sms", address: "+16045550102")]))
    try clinic.followUp("s")
    try await outage(clinic)
    #expect(clinic.sms.sent.map(\.address) == ["+16045550102"])
    #expect(lines(clinic, "sms is paused") == 0)
  }

  @Test("Refusals of recipients, greylisting and doubt pause nothing")
  func recipients() async throws {
    for outcome in [Outcome.rejected(Fault(code: "550-5.7.1")), .retry(after: nil, Fault(code: "451-4.7.1"))] {
      let clinic = try clinic(12)
      clinic.email.always(outcome)
      try await clinic.run()
      try await clinic.advance(to: SendingClinic.firstDue)
      try await clinic.advance(by: 10)
      #expect(clinic.email.sent.count == 12)
      #expect(lines(clinic, "is paused") == 0)
    }
  }

  @Test("R11: an outage of more than an hour with more than the limit never tried is a backlog; a short one is not")
  func backlog() async throws {
    for (minutes, isBacklog) in [(30, false), (90, true)] as [(Int64, Bool)] {
      let clinic = try clinic(40) { $0.delivery.backlogLimit = 20 }
      try await outage(clinic)
      try await clinic.advance(by: minutes * 60)
      let tried = Set(clinic.email.identities).count
      #expect(tried < 15)
      clinic.email.always(Self.delivered)
      try await clinic.advance(by: 4 * 3600)
      let states = try await clinic.reminders("three-days")
      let (held, sent) = (states.count { $0 == "held|backlog" }, states.count { $0 == "sent" })
      #expect(isBacklog ? held > 20 : held == 0)
      #expect(isBacklog ? sent < 20 : sent == 40)
      #expect(try await clinic.tasks() == (isBacklog ? ["backlog|clinic"] : []))
    }
  }

  @Test("R10: what was looked at in time is not late after the outage, whatever its plan says of late ones")
  func notLate() async throws {
    let clinic = try clinic(10) { settings in
      for index in 0..<2 { settings.plans["visit"]?.steps[index].late = .skip }
    }
    try await outage(clinic)
    try await clinic.advance(by: 1800)
    clinic.email.always(Self.delivered)
    try await clinic.advance(by: 3 * 3600)
    #expect(try await clinic.reminders("three-days").allSatisfy { $0 == "sent" })
  }

  @Test("A restart, a reload and staff who resume it forget the pause")
  func forgets() async throws {
    for way in ["restart", "reload", "resume"] {
      let clinic = try clinic(10)
      try await outage(clinic)
      #expect(try await parked(clinic) > 0)
      clinic.email.always(Self.delivered)
      var after = clinic
      switch way {
      case "restart":
        after = try clinic.afterKill()
        try await after.run()
      case "reload": try clinic.reload { _ in }
      default: #expect(clinic.dispatcher.resume("email"))
      }
      try await after.settle()
      #expect(try await parked(after) == 0, "\(way)")
      #expect(try await after.reminders("three-days").contains("sent"), "\(way)")
      #expect(after.dispatcher.destination("email").health == .fresh, "\(way)")
    }
  }

  @Test("What is paused keeps its due time: an answer, a stop or its expiry ends it as ever")
  func ends() async throws {
    let clinic = try clinic(8, plan: "surgery")
    try await outage(clinic)
    #expect(try await parked(clinic) > 1)
    try clinic.call(RecordAnswer.self, .init(id: "F-8", answer: "yes"))
    #expect(try await clinic.reminders("three-days").last == "cancelled|confirmed")
    try await clinic.advance(to: "2026-12-08T23:00:00Z")
    #expect(try await parked(clinic) == 0)
    let subjects = try await clinic.tasks().compactMap { $0.split(separator: "|").last }
    #expect(Set(subjects).count == 7)
  }

  @Test("A wall clock that is set back prolongs no pause")
  func clockSetBack() async throws {
    let clinic = try clinic(10)
    try await outage(clinic, seconds: 400)
    let tried = clinic.email.sent.count
    clinic.clock.set(clinic.clock.now() - 300)
    try await clinic.settle()
    try await clinic.advance(by: 25)
    #expect(clinic.email.sent.count == tried + 1)
  }

  @Test("Explain says what a reminder waits for")
  func explained() async throws {
    let clinic = try clinic(10)
    try await outage(clinic)
    let items = try (1...10).compactMap { try clinic.call(Explain.self, .init(subject: "F-\($0)")).items.first }
    let parked = items.filter { $0.reason == "paused" }
    #expect(!parked.isEmpty)
    #expect(parked.allSatisfy { $0.decision == "defer" && $0.said.contains("does not answer") })
  }

  @Test("Status says how many wait for a paused channel, since when, when it is tried, and what is lost first")
  func status() async throws {
    let clinic = try clinic(20)
    try await outage(clinic)
    let waiting = try clinic.store.read { try $0.waiting() }
    #expect(waiting["email"]?.count == 20)
    let expiry = try #require(
      try await clinic.query("SELECT min(expires_at) FROM reminder WHERE step = 'three-days'").first)
    #expect(waiting["email"]?.firstExpiry.map { String($0.seconds) } == expiry)
    let (health, nextProbe) = clinic.dispatcher.destination("email")
    #expect(health.isPaused)
    #expect(nextProbe == clinic.clock.now() + 50)
    #expect(clinic.dispatcher.destination("sms").nextProbe == nil)
  }

  @Test("What waits for a held channel is counted as well, and released with it")
  func held() async throws {
    let clinic = try clinic(20)
    clinic.email.always(.misconfigured(Fault(code: "auth-535-5.7.8", concernsDestination: true)))
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    try await clinic.advance(by: 600)
    #expect(try clinic.store.read { try $0.waiting() }["email"]?.count == 20)
    #expect(lines(clinic, "is held: auth-535-5.7.8") == 1)
    #expect(lines(clinic, "waits for another try") <= 1)
    let hold = try #require(try clinic.store.read { try $0.openHolds() }.first)
    #expect(hold.reason == "auth-535-5.7.8: the mail server refuses our login")
    #expect(hold.faultCode == "auth-535-5.7.8")
    clinic.email.always(Self.delivered)
    try clinic.call(ResumeChannel.self, .init(name: "email"))
    try await clinic.advance(by: 600)
    #expect(try await clinic.reminders("three-days").allSatisfy { $0 == "sent" })
    #expect(try clinic.store.read { try $0.waiting() }.isEmpty)
  }

  @Test("A pause that costs a patient within two hours is an error of the journal's, once")
  func lostSoon() async throws {
    let clinic = try clinic(6, plan: "surgery") { settings in
      for index in 0..<2 { settings.plans["surgery"]?.steps[index].useful = .literal("4h") }
    }
    try await outage(clinic)
    #expect(lines(clinic, "becomes useless") == 0)
    try await clinic.advance(by: 3 * 3600)
    #expect(lines(clinic, "becomes useless at 2026-12-05T21:00:00Z unless someone acts: connect-refused") == 1)
  }

  @Test("Staff may have the next probe now")
  func probeNow() async throws {
    let clinic = try clinic(10)
    try await outage(clinic)
    let tried = clinic.email.sent.count
    clinic.dispatcher.probeNow("email")
    try await clinic.settle()
    #expect(clinic.email.sent.count == tried + 1)
  }

  @Test("What a hold keeps anyway is no probe, and takes few passes to find out")
  func heldMeanwhile() async throws {
    let clinic = try clinic(150)
    // By then the turn of each has come.
    try await outage(clinic, seconds: 50)
    #expect(try await parked(clinic) > 100)
    let tried = clinic.email.sent.count
    try clinic.call(AddHold.self, .init(kind: "all", reason: "a check"))
    clinic.clock.advance(by: 60)
    try await clinic.settle()
    #expect(try await parked(clinic) == 0)
    #expect(clinic.email.sent.count == tried)
    clinic.email.always(Self.delivered)
    try clinic.release("all")
    try await clinic.advance(by: 900)
    #expect(try await clinic.reminders("three-days").allSatisfy { $0 == "sent" })
  }
}
