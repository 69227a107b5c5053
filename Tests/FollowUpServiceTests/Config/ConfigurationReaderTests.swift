import FollowUpCore
import Foundation
import Testing

@testable import FollowUpService

@Suite struct ConfigurationReaderTests {
  private let reader = ConfigurationReader(zones: FixtureZones(), defaultFile: "/nonexistent/followupd.toml")

  @Test("The configuration and the plan printed in the interface are read, with every value")
  func contract() throws {
    let settings = try ConfigurationFixture.interface.read()
    #expect(settings.clinic.name == "Riverside Family Practice")
    #expect(settings.clinic.country == "CA")
    #expect(settings.delivery == DeliverySettings())
    #expect(settings.contactHours.week.ranges(on: .saturday).map(\.description) == ["09:00-19:00"])
    #expect(settings.contactHours.week.ranges(on: .sunday).isEmpty)
    #expect(settings.budget == Budget())
    #expect(Set(settings.channels.keys) == ["email", "sms", "paper"])
    var smtp = SMTPChannel(
      url: "smtp://mail.example.org:587", from: "Riverside Family Practice <reminders@example.org>")
    smtp.user = "reminders"
    smtp.password = .credential("smtp-password")
    smtp.unsubscribeMailto = "stop@example.org"
    #expect(settings.channels["email"] == ChannelSettings(name: "email", adapter: .smtp(smtp), perMinute: 120))
    var webhook = WebhookChannel(url: "https://gateway.example.org/messages")
    webhook.signingCredentials = ["webhook-key"]
    webhook.responseID = "id"
    #expect(settings.channels["sms"]?.adapter == .webhook(webhook))
    #expect(settings.channels["sms"]?.adapter.isIdempotent == true)
    #expect(settings.channels["paper"]?.adapter == .maildir(MaildirChannel(path: "/var/lib/followupd/paper")))
    #expect(settings.roles["nurse"]?.notify == ["nurses@example.org"])
    #expect(settings.roles["front-desk"] == Role())
    #expect(settings.staffName(ofUser: "reception") == "ana")
    #expect(settings.clinicians["dr-lee"]?.title == "Dr Lee")
    #expect(settings.retention.messageBodies == .literal("30d"))
    let plan = try #require(settings.plans["post-op"])
    #expect(plan.priority == .soon)
    #expect(plan.taskOwner == .role("nurse"))
    #expect(plan.steps.map(\.id) == ["three-days", "day-before", "missed"])
    #expect(plan.step("missed")?.when == .missed)
    #expect(plan.step("missed")?.useful == .literal("48h"))
    #expect(plan.escalation == Escalation(after: .literal("-1d 16:00"), to: .role("nurse")))
    #expect(plan.thenAfter == .literal("6h"))
  }

  @Test("What is not required may be left out, and is then as the interface says")
  func defaults() throws {
    let folder = try Folder()
    try folder.write("followupd.toml", Folder.clinic)
    try folder.write("plans.d/call.toml", "[plan]\nname = \"call\"\ntitle = \"A call\"\n")
    let settings = try folder.read()
    #expect(settings.clinic.language == "en")
    #expect(settings.clinic.hours.description == "08:00-18:00")
    #expect(settings.clinic.workingHours.description == "08:30-17:00")
    #expect(settings.clinic.workingDays == [.monday, .tuesday, .wednesday, .thursday, .friday])
    #expect(settings.clinic.defaultPlan == "appointment")
    #expect(settings.contactHours.week == .standard)
    #expect(settings.delivery.mode == .trial)
    #expect(settings.languages.fallback == ["en"])
    #expect(settings.access.staffGroup == "followup")
    #expect(settings.plans["call"] == Plan(name: "call", title: "A call"))
    #expect(settings.plans["call"]?.taskOwner == .frontDesk)
    #expect(settings.plans["call"]?.onDoubt == .resend)
  }

  @Test("A clinic that names no country has the one that the interface shows, whatever its number is")
  func country() throws {
    let folder = try Folder()
    try folder.write(
      "followupd.toml", Folder.clinic.replacingOccurrences(of: "+1 604 555 0100", with: "+49 30 555 0100"))
    #expect(try folder.read().clinic.country == "CA")
  }

  @Test("Without any file there are the shipped plans and texts, in trial mode")
  func builtIn() throws {
    let settings = try reader.read(file: nil)
    #expect(settings == ConfigurationReader.builtIn)
    #expect(settings.delivery.mode == .trial)
    #expect(settings.clinic.zone == "UTC")
    #expect(
      Set(settings.plans.keys) == [
        "appointment", "post-op", "lab-review", "vaccination", "medication-review", "annual-check",
      ])
    #expect(
      settings.templates.names == [
        "visit", "visit-missed", "result", "vaccination", "medication", "check", "bundle", "moved", "cancelled",
      ])
    #expect(settings.plans["appointment"]?.steps.map(\.at.description) == ["-3d 10:00", "-1d 10:00"])
    #expect(settings.plans["appointment"]?.priority == .routine)
  }

  @Test("A file that was named and is not there is a fault")
  func missingFile() {
    let error = #expect(throws: ConfigurationError.self) { try reader.read(file: "/nonexistent/followupd.toml") }
    #expect(error?.faults.map(\.what) == ["there is no such file"])
  }

  @Test("A file of a shipped name overrides, and a disabled one removes")
  func overrides() throws {
    let folder = try Folder()
    try folder.write("followupd.toml", Folder.clinic)
    try folder.write("plans.d/vaccination.toml", "disabled = true\n")
    try folder.write("plans.d/annual-check.toml", "[plan]\ndisabled = true\n")
    try folder.write("plans.d/post-op.toml", "[plan]\nname = \"post-op\"\ntitle = \"Ours\"\n")
    try folder.write("plans.d/elsewhere.toml", "[plan]\nname = \"lab-review\"\ntitle = \"Ours\"\n")
    try folder.write("plans.d/notes.md", "no plan")
    try folder.disableTemplate("check")
    try folder.write("templates/visit.en.txt", "Subject: Ours\nReviewed: Ana 2026-11-23\n\nOurs\n")
    try folder.write("templates/visit.de.txt", "Subject: Unser\n\nUnseres\n")
    let settings = try folder.read()
    #expect(settings.plans["vaccination"] == nil)
    #expect(settings.plans["annual-check"] == nil)
    #expect(settings.plans["post-op"]?.title == "Ours")
    #expect(settings.plans["lab-review"]?.title == "Ours")
    #expect(!settings.templates.names.contains("check"))
    let find = { settings.templates.find(name: "visit", language: $0, fallback: [], channel: "email") }
    guard case .reviewed(let ours) = find("en"), case .notReviewed = find("de") else {
      Issue.record("the clinic's own texts are not found")
      return
    }
    #expect(ours.reviewed == "Ana 2026-11-23")
  }

  @Test("A template that is removed is missed by the shipped plan that needs it")
  func removedTemplate() throws {
    let folder = try Folder()
    try folder.write("followupd.toml", Folder.clinic)
    try folder.disableTemplate("check")
    let error = #expect(throws: ConfigurationError.self) { try folder.read() }
    #expect(error?.faults.first?.file == "(shipped)/plans.d/annual-check.toml")
    #expect(error?.faults.first?.what == "there is no template 'check'")
  }

  @Test("The settings printed read back to the same", arguments: [ConfigurationFixture.interface, .named("full")])
  func printing(fixture: ConfigurationFixture) throws {
    let folder = try Folder()
    let settings = try fixture.read()
    try folder.write("followupd.toml", ConfigurationPrinter.text(of: settings))
    var again = try folder.read()
    again.plans = settings.plans
    #expect(again == settings)
  }

  @Test("What is shipped in config/ is what the program holds, and has no faults")
  func shipped() throws {
    let config = ConfigurationFixture.root + "/config"
    let settings = try ConfigurationReader(zones: FixtureZones()).read(file: config + "/followupd.toml")
    #expect(settings.delivery.mode == .trial)
    #expect(settings.plans == ConfigurationReader.builtIn.plans)
    #expect(settings.templates == ConfigurationReader.builtIn.templates)
    #expect(ConfigurationReader.templates(folder: config + "/templates").faults.isEmpty)
    #expect(ConfigurationReader.plans(folder: config + "/plans.d", settings: settings).faults.isEmpty)
    let texts = settings.templates.all.filter { $0.reviewed == nil }
    #expect(texts.isEmpty, "all shipped texts are reviewed")
  }

  @Test("A byte order mark and lines that end as on Windows are no faults")
  func editors() throws {
    let folder = try Folder()
    try folder.write("followupd.toml", "\u{FEFF}" + Folder.clinic.replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(try folder.read().clinic.name == "Riverside")
  }
}

/// A folder of one test's own.
private final class Folder {
  static let clinic = """
    [clinic]
    name = "Riverside"
    zone = "America/Vancouver"
    phone = "+1 604 555 0100"

    """

  let url = FileManager.default.temporaryDirectory.appending(path: "followupd-config-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ text: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Removes a shipped template in every language and form.
  func disableTemplate(_ name: String) throws {
    for file in Shipped.templates where file.name.hasPrefix(name + ".") {
      try write("templates/\(file.name)", "Disabled: true\n")
    }
  }

  func read() throws(ConfigurationError) -> Settings {
    try ConfigurationReader(zones: FixtureZones()).read(file: url.appending(path: "followupd.toml").path)
  }
}
