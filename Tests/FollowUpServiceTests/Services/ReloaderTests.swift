import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Foundation
import Support
import Synchronization
import Testing

@testable import FollowUpService

/// A configuration is checked whole before it is in force (promises 37 and 42).
@Suite struct ReloaderTests {
  private let folder: TemporaryDirectory
  private let clinic: SendingClinic
  private let configured: Configured
  private let actor = Actor(uid: 1001, staff: "ana")

  init() throws {
    folder = try TemporaryDirectory()
    clinic = try SendingClinic()
    configured = Configured(SendingClinic.settings)
  }

  private func reloader(credentials: String? = nil) -> Reloader {
    Reloader(
      file: folder.path("followupd.toml"), reader: ConfigurationReader(zones: FixtureZones()),
      registry: ChannelRegistry(credentials: Credentials(directory: credentials), clock: clinic.clock),
      configured: configured, store: clinic.store, dispatcher: clinic.dispatcher,
      zones: FixtureZones(), clock: clinic.clock, notifier: Notifier(), journal: clinic.log.journal)
  }

  private func write(_ name: String, _ more: String = "", mode: String = "live") throws {
    try folder.write(
      "followupd.toml",
      """
      [clinic]
      name = "\(name)"
      zone = "America/Vancouver"
      phone = "+1 604 555 0100"
      [delivery]
      mode = "\(mode)"
      [channels.email]
      adapter = "smtp"
      url = "smtp://127.0.0.1:2525"
      from = "r@example.org"
      \(more)
      """)
  }

  private static let relay = "tls = \"none\""

  @Test("A good configuration is in force at once, and its reload stands in the record")
  func good() async throws {
    try write("Hillside", Self.relay)
    let reply = try reloader().reload(dryRun: false, by: actor)
    #expect(reply.changed)
    #expect(configured.settings.clinic.name == "Hillside")
    #expect(try await clinic.query("SELECT verb, staff FROM audit") == ["reload|ana"])
    #expect(try !reloader().reload(dryRun: false, by: actor).changed)
  }

  @Test("A dry run changes nothing")
  func dryRun() async throws {
    try write("Hillside", Self.relay)
    let reply = try reloader().reload(dryRun: true, by: actor)
    #expect(!reply.changed)
    #expect(reply.said == "a reload would put the files in force")
    #expect(configured.settings.clinic.name == "Riverside")
    #expect(try await clinic.query("SELECT count(*) FROM audit") == ["0"])
  }

  @Test("A dry run tells what planning anew would do, a reload what it did")
  func outlook() async throws {
    try clinic.patient()
    try clinic.followUp()
    try write("Hillside", Self.relay)
    try folder.write(
      "plans.d/visit.toml",
      """
      [plan]
      name = "visit"
      title = "A visit"
      [[step]]
      id = "three-days"
      at = "-3d 10:00"
      template = "visit"
      [[step]]
      id = "two-days"
      at = "-2d 10:00"
      template = "visit"
      """)
    let dry = try reloader().reload(dryRun: true, by: actor)
    #expect(dry.said.hasPrefix("a reload would put the files in force; 1 reminder would be added, "), "\(dry.said)")
    let done = try reloader().reload(dryRun: false, by: actor)
    #expect(done.said.hasPrefix("the configuration was read anew; 1 reminder added, "), "\(done.said)")
  }

  @Test("M13: a reload warns of the clinic's own text that names a day by hand, with its line")
  func wrongText() throws {
    try write("Hillside", Self.relay)
    try folder.write(
      "templates/visit.en.txt",
      """
      Reviewed: me 2026-11-01
      Subject: Your appointment

      Your appointment at {{clinic.name}} is tomorrow at {{due.time}}. Please call {{clinic.phone}}.
      """)
    let reply = try reloader().reload(dryRun: true, by: actor)
    #expect(
      reply.warnings.contains { $0.hasPrefix("visit.en.txt:4: tomorrow: typed by hand") }, "\(reply.warnings)")
  }

  @Test("A plan in use that is gone is refused in the same words by a reload, its dry run and a look at what differs")
  func planGone() throws {
    try clinic.patient()
    try clinic.followUp()
    try write("Hillside", Self.relay)
    let reloader = reloader()
    let refused =
      [true, false].map { dryRun in
        controlError { try reloader.reload(dryRun: dryRun, by: actor) }
      } + [controlError { try reloader.check(reloader.file, for: "config diff") }]
    for error in refused {
      #expect(error?.kind == .configuration)
      #expect(error?.why == "plan 'visit' is gone or disabled, but 1 active follow-up uses it")
      #expect(error?.hint == refused[0]?.hint)
      #expect(error?.faults == refused[0]?.faults)
    }
    #expect(refused.map { $0?.what } == ["reload", "reload", "config diff"])
  }

  @Test("What keeps a reload from being done is found by a look at what differs too, and not put into the journal")
  func sameRefusals() throws {
    for (channel, more) in [("", "nonsense = 1"), (Self.relay, "user = \"u\"\npassword_credential = \"smtp\"")] {
      try write("Hillside", channel + "\n" + more)
      let before = clinic.log.all.count
      let looked = controlError { try reloader().check(folder.path("followupd.toml"), for: "config diff") }
      #expect(clinic.log.all.count == before)
      let loaded = controlError { try reloader().reload(dryRun: false, by: actor) }
      #expect(looked?.kind == .configuration)
      #expect(looked?.why == loaded?.why && looked?.hint == loaded?.hint)
    }
  }

  @Test(
    "Promise 37: a bad configuration is refused with its fault, and the old one stays",
    arguments: [
      ("", "nonsense = 1"), ("tls = \"none\"", "[delivery.more]\nx = 1"), ("tls = \"sometimes\"", ""), ("[", ""),
    ])
  func bad(channel: String, more: String) async throws {
    try write("Hillside", channel + "\n" + more)
    let error = controlError { try reloader().reload(dryRun: false, by: actor) }
    #expect(error?.kind == .configuration)
    #expect(error?.why.contains("followupd.toml:") ?? false)
    #expect(configured.settings == SendingClinic.settings)
    #expect(try await clinic.query("SELECT count(*) FROM audit") == ["0"])
    try clinic.patient()
    try clinic.followUp()
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
  }

  @Test(
    "Promise 42: a missing password file is refused with its key; there, it is picked up, and again when it changes")
  func passwordFile() throws {
    let file = folder.path("password")
    try write("Hillside", "user = \"clinic\"\npassword_file = \"\(file)\"")
    let error = controlError { try reloader().reload(dryRun: false, by: actor) }
    #expect(error?.kind == .configuration)
    #expect(error?.why.contains("channels.email.password") ?? false)
    #expect(error?.why.contains(file) ?? false)
    #expect(configured.settings == SendingClinic.settings)
    #expect(!clinic.log.all.contains { $0.contains("restart") })
    try folder.write("password", "one\n", mode: 0o600)
    let reply = try reloader().reload(dryRun: false, by: actor)
    #expect(reply.changed)
    #expect(reply.restartNeeded.isEmpty)
  }

  @Test("Promise 42: a systemd credential is read as it was at the start, and reload says that a restart is needed")
  func systemdCredential() throws {
    try write("Hillside", "user = \"clinic\"\npassword_credential = \"smtp\"")
    let missing = controlError { try reloader().reload(dryRun: false, by: actor) }
    #expect(missing?.kind == .configuration)
    #expect(missing?.why.contains("channels.email.password_credential") ?? false)
    #expect(configured.settings == SendingClinic.settings)
    try folder.write("credentials/smtp", "one", mode: 0o600)
    let reply = try reloader(credentials: folder.path("credentials")).reload(dryRun: false, by: actor)
    #expect(reply.restartNeeded == ["channels.email.password_credential"])
  }

  @Test("R6: under a clock that is not believed a signal changes nothing either; a dry run is answered")
  func disbelief() async throws {
    try write("Hillside", Self.relay, mode: "trial")
    try await clinic.run()
    clinic.clock.set(clinic.clock.now() + 3650 * 86_400)
    try await clinic.settle()
    let rows = try await clinic.query("SELECT * FROM audit; SELECT * FROM instance")
    let error = controlError { try reloader().reload(dryRun: false, by: .daemon) }
    #expect(error?.kind == .later)
    #expect(configured.settings == SendingClinic.settings)
    #expect(try await clinic.query("SELECT * FROM audit; SELECT * FROM instance") == rows)
    #expect(clinic.log.all.contains { $0.contains("the configuration is refused") })
    #expect(try !reloader().reload(dryRun: true, by: actor).changed)
  }

  @Test("A reload that waits for what it planned anew keeps no other from being checked")
  func waiting() async throws {
    try write("Hillside", Self.relay)
    try await clinic.run()
    // Planning anew cannot end.
    try await clinic.edit(
      "CREATE TRIGGER t BEFORE UPDATE OF planned_by ON instance BEGIN SELECT RAISE(ABORT, 'no'); END")
    let reloader = reloader()
    let done = Mutex<[String]>([])
    let (actor, log) = (actor, clinic.log)
    DispatchQueue.global().async {
      let reply = try? reloader.reload(dryRun: false, by: actor)
      done.withLock { $0.append(reply == nil ? "failed" : "reloaded") }
    }
    try await eventually("the reload is in force") { log.all.contains { $0.contains("the configuration was read") } }
    DispatchQueue.global().async {
      let reply = try? reloader.reload(dryRun: true, by: actor)
      done.withLock { $0.append(reply == nil ? "failed" : "checked") }
    }
    try await eventually("the other is answered") { done.withLock { $0 } == ["checked"] }
    try await clinic.edit("DROP TRIGGER t")
    try await clinic.advance(by: 10)
    try await eventually("the first is answered") { done.withLock { $0 } == ["checked", "reloaded"] }
  }

  @Test("In trial what a channel needs to reach patients may be missing")
  func trial() throws {
    try write("Hillside", "user = \"clinic\"\npassword_credential = \"smtp\"", mode: "trial")
    let reply = try reloader().reload(dryRun: false, by: actor)
    #expect(reply.changed)
    #expect(reply.restartNeeded.isEmpty)
  }
}

@Suite struct CredentialsTests {
  @Test("A secret is one line, without the line break that editors leave")
  func oneLine() throws {
    let folder = try TemporaryDirectory()
    let credentials = Credentials(directory: folder.path)
    for text in ["s p", "s p\n", "s p\r\n", "\ns p\nmore\n"] {
      try folder.write("secret", text)
      #expect(try credentials.text(.credential("secret"), key: "k") == "s p")
      #expect(try credentials.text(.file(folder.path("secret")), key: "k") == "s p")
    }
  }

  @Test("An empty secret is none", arguments: ["", "\n"])
  func empty(text: String) throws {
    let folder = try TemporaryDirectory()
    try folder.write("secret", text)
    #expect(throws: MissingCredential.self) {
      try Credentials(directory: folder.path).text(.credential("secret"), key: "k")
    }
  }

  @Test("What is missing is named, and what to do")
  func missing() throws {
    let folder = try TemporaryDirectory()
    let cases: [(Credentials, Secret, String)] = [
      (Credentials(directory: nil), .credential("smtp"), "CREDENTIALS_DIRECTORY"),
      (Credentials(directory: folder.path), .credential("smtp"), "smtp"),
      (Credentials(directory: nil), .file(folder.path("none")), folder.path("none")),
    ]
    for (credentials, secret, word) in cases {
      let error = #expect(throws: MissingCredential.self) { try credentials.text(secret, key: "channels.email.x") }
      #expect(error?.key == "channels.email.x")
      #expect(error?.why.contains(word) ?? false)
      #expect(error?.hint.isEmpty == false)
    }
  }
}
