import FollowUpControl
import FollowUpStore
import Support
import Testing

@testable import FollowUpCore
@testable import FollowUpService

/// The channels as staff see and handle them.
@Suite struct ChannelHandlerTests {
  private static func paused(_ code: String) -> DestinationHealth {
    .paused(
      DestinationHealth.Pause(
        since: Instant(1_795_000_000), why: code, probeAt: 60_000_000_000, failures: 0, isProbing: false))
  }

  @Test("Channels are listed and shown: how they fare, why, and what to do")
  func lists() throws {
    let clinic = try Clinic()
    clinic.service.set("sms", Self.paused("connect-refused"))
    let list = try clinic.call(ListChannels.self, .init())
    #expect(list.total == 2)
    #expect(list.items.map(\.name) == ["email", "sms"])
    #expect(list.items.map(\.state) == ["ok", "paused"])
    let sms = try clinic.call(ShowChannel.self, .init(name: "sms"))
    #expect(sms == list.items[1])
    #expect(sms.why == "connect-refused: the server takes no connection")
    #expect(sms.action?.contains("followupctl channel resume sms") == true)
    #expect(sms.perMinute == 120)
    #expect(list.items[0].action == nil)
    let error = try #require(controlError { try clinic.call(ShowChannel.self, .init(name: "emial")) })
    #expect(error.kind == .notFound)
    #expect(error.hint.contains("'email'"))
  }

  @Test("A pause is a hold by staff, on record; resumed, it is gone and what waited is woken")
  func pauseAndResume() async throws {
    let clinic = try Clinic()
    let pause = try clinic.call(PauseChannel.self, .init(name: "email"), as: Clinic.root)
    #expect(pause.changed)
    #expect(pause.thing.state == "held")
    #expect(pause.thing.hold == "H-1")
    #expect(pause.thing.why == "paused by staff")
    #expect(try !clinic.call(PauseChannel.self, .init(name: "email"), as: Clinic.root).changed)
    #expect(try clinic.call(ListHolds.self, .init()).items.map(\.subject) == ["email"])
    let resumed = try clinic.call(ResumeChannel.self, .init(name: "email"), as: Clinic.root)
    #expect(resumed.changed)
    #expect(resumed.thing.state == "ok")
    #expect(resumed.said.contains("H-1"))
    #expect(clinic.service.asked == ["resume email"])
    #expect(try clinic.call(ListHolds.self, .init()).items.isEmpty)
    #expect(try !clinic.call(ResumeChannel.self, .init(name: "email"), as: Clinic.root).changed)
    #expect(
      try await clinic.query("SELECT verb, subject FROM audit WHERE verb LIKE '%Channel' ORDER BY seq")
        == ["PauseChannel|H-1", "ResumeChannel|H-1"])
    #expect(try clinic.store.firstAuditMisfit() == nil)
  }

  @Test("A rehearsal pauses and resumes nothing")
  func rehearsed() throws {
    let clinic = try Clinic()
    var pause = PauseChannel.Request(name: "email")
    pause.dryRun = true
    #expect(try !clinic.call(PauseChannel.self, pause, as: Clinic.root).changed)
    clinic.service.set("email", Self.paused("no-route"))
    var resume = ResumeChannel.Request(name: "email")
    resume.dryRun = true
    let reply = try clinic.call(ResumeChannel.self, resume, as: Clinic.root)
    #expect(!reply.changed)
    #expect(reply.thing.state == "paused")
    #expect(clinic.service.asked.isEmpty)
    #expect(try clinic.call(ListHolds.self, .init()).items.isEmpty)
  }

  @Test("A paused destination is resumed without a hold, on record as well")
  func resumePause() async throws {
    let clinic = try Clinic()
    clinic.service.set("email", Self.paused("connect-timeout"))
    #expect(try clinic.call(ResumeChannel.self, .init(name: "email"), as: Clinic.root).changed)
    #expect(
      try await clinic.query("SELECT verb, subject FROM audit ORDER BY seq DESC LIMIT 1") == ["ResumeChannel|C:email"])
  }

  @Test("Status tells of a channel once, with what to change and how to go on; a monitor does not read staff's words")
  func status() throws {
    let clinic = try Clinic()
    clinic.service.set("sms", Self.paused("no-such-host"))
    try clinic.call(PauseChannel.self, .init(name: "email", reason: "Dr Lee says so"), as: Clinic.root)
    for peer in [Clinic.staff, Clinic.monitor] {
      let status = try clinic.call(GetStatus.self, .init(), as: peer)
      #expect(status.health == "degraded")
      let told = status.attention.filter { $0.what.contains("email") || $0.what.contains("sms") }
      #expect(told.map(\.what) == ["channel email is held", "channel sms is paused"])
      #expect(told[0].action.contains("followupctl channel resume email"))
      #expect(told[1].why.contains("the server's name is not known"))
      #expect(told[1].action.contains("channels.sms.url"))
      #expect(told[0].why.contains("Dr Lee") == (peer == Clinic.staff))
    }
  }

  @Test("A channel that opens again alarms nobody")
  func opening() throws {
    let clinic = try Clinic()
    clinic.service.set(
      "email", .opening(DestinationHealth.Opening(since: Instant(1_795_000_000), window: 2, passed: 0, failures: 0)))
    let status = try clinic.call(GetStatus.self, .init())
    #expect(status.health == "ok")
    #expect(status.attention.isEmpty)
    #expect(status.channels.map(\.state) == ["opening", "ok"])
  }

  // MARK: Test

  @Test("A test says each stage, in words where it failed; the record names no address")
  func test() async throws {
    let clinic = try Clinic()
    let good = try clinic.call(TestChannel.self, .init(name: "email", address: "good@example.org"), as: Clinic.root)
    #expect(good.passed)
    #expect(good.stages.map(\.name) == ["resolve", "connect"])
    #expect(good.stages.map(\.milliseconds) == [2, 100])
    let bad = try clinic.call(TestChannel.self, .init(name: "email", address: "bad@example.org"), as: Clinic.root)
    #expect(!bad.passed)
    #expect(bad.stages.last?.why == "the server takes no connection")
    #expect(bad.said.contains("connect failed"))
    #expect(clinic.service.asked == ["test email good@example.org", "test email bad@example.org"])
    let records = try await clinic.query("SELECT subject || fields FROM audit WHERE verb = 'TestChannel'")
    #expect(records == ["C:emailtest", "C:emailtest"])
  }

  @Test("A rehearsed test sends nothing and is on no record")
  func testRehearsed() async throws {
    let clinic = try Clinic()
    var request = TestChannel.Request(name: "email", address: "good@example.org")
    request.dryRun = true
    #expect(try clinic.call(TestChannel.self, request, as: Clinic.root).passed)
    #expect(clinic.service.asked == ["look at email good@example.org"])
    #expect(try await clinic.query("SELECT count(*) FROM audit WHERE verb = 'TestChannel'") == ["0"])
  }

  @Test(
    "A test writes to no patient, however the address is spelled, and to nobody who said stop",
    arguments: [
      ("email", "p1@example.org"), ("email", " P1@Example.ORG "), ("sms", "+1 604 555 0101"), ("sms", "604-555-0101"),
      ("sms", "604 555 0199"), ("email", "gone@example.org"),
    ])
  func noPatient(channel: String, address: String) throws {
    let clinic = try Clinic()
    try clinic.patient("p1", sms: "604 555 0101")
    // A number that people call is a patient's too.
    try clinic.call(AddContact.self, .init(who: "p1", channel: "phone", address: "604 555 0199"))
    try clinic.patient("p2", name: "Joan", email: "gone@example.org")
    var stop = Stop.Request(target: "gone@example.org")
    stop.confirmed = true
    try clinic.call(Stop.self, stop)
    let error = controlError {
      try clinic.call(TestChannel.self, .init(name: channel, address: address), as: Clinic.root)
    }
    #expect(error?.kind == .conflict)
    #expect(error?.kind.exitCode == 79)
    #expect(clinic.service.asked.isEmpty)
  }

  @Test("An address that is none is refused before anything is tried")
  func badAddress() throws {
    let clinic = try Clinic()
    let error = controlError {
      try clinic.call(TestChannel.self, .init(name: "email", address: "nobody"), as: Clinic.root)
    }
    #expect(error?.kind.exitCode == 65)
    #expect(clinic.service.asked.isEmpty)
  }

  // MARK: Flush

  @Test("A flush tries what waits now, and probes what is paused: of one channel, or of all")
  func flush() async throws {
    let clinic = try Clinic()
    try clinic.patient()
    try clinic.followUp()
    try clinic.claim(waiting: true)
    clinic.service.set("email", Self.paused("connect-refused"))
    clinic.service.set("sms", Self.paused("connect-refused"))
    #expect(try clinic.call(FlushMessages.self, .init(channel: "sms")).items.isEmpty)
    #expect(clinic.service.asked == ["probe sms"])
    let reply = try clinic.call(FlushMessages.self, .init())
    #expect(reply.items.map(\.id) == ["M-1"])
    #expect(reply.changed == 2)
    #expect(clinic.service.asked == ["probe sms", "probe email", "probe sms"])
    #expect(
      try await clinic.query("SELECT wake_at FROM reminder WHERE state = 'waiting'")
        == [String(clinic.clock.now().seconds)])
    let quiet = try Clinic()
    #expect(try quiet.call(FlushMessages.self, .init()).changed == 0)
    #expect(quiet.service.asked.isEmpty)
  }
}
