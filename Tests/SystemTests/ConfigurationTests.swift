import Foundation
import Support
import Testing

/// One thing wrong in the configuration or the plan that `interface.md` prints.
struct Fault: Sendable, CustomTestStringConvertible {
  var file = "followupd.toml"
  /// The line that is changed; what it becomes (nil: it goes); the key that the fault must name.
  var line: String
  var becomes: String?
  var key: String
  /// The fault is of the line that was changed. A key that is not there has none of its own.
  var hasLine: Bool { becomes != nil }

  var testDescription: String { "\(file): \(line) → \(becomes ?? "nothing")" }

  static let all: [Fault] = [
    Fault(line: #"zone = "America/Vancouver""#, becomes: #"zone = "America/Vancoover""#, key: "clinic.zone"),
    Fault(line: #"zone = "America/Vancouver""#, becomes: "zone = 8", key: "clinic.zone"),
    Fault(line: #"zone = "America/Vancouver""#, becomes: #"zone = "../../etc/passwd""#, key: "clinic.zone"),
    Fault(line: #"zone = "America/Vancouver""#, becomes: nil, key: "clinic.zone"),
    Fault(line: #"name = "Riverside Family Practice""#, becomes: nil, key: "clinic.name"),
    Fault(line: #"name = "Riverside Family Practice""#, becomes: #"nmae = "Riverside""#, key: "clinic.nmae"),
    Fault(line: #"name = "Riverside Family Practice""#, becomes: #"name = """#, key: "clinic.name"),
    Fault(line: #"phone = "+1 604 555 0100""#, becomes: nil, key: "clinic.phone"),
    Fault(line: #"phone = "+1 604 555 0100""#, becomes: #"phone = "ask at the desk""#, key: "clinic.phone"),
    Fault(line: #"language = "en""#, becomes: #"language = "not a language""#, key: "clinic.language"),
    Fault(line: #"working_hours = "08:30-17:00""#, becomes: #"working_hours = "17:00""#, key: "clinic.working_hours"),
    Fault(
      line: #"working_days = ["mon", "tue", "wed", "thu", "fri"]"#, becomes: #"working_days = ["mon", "tues"]"#,
      key: "clinic.working_days"),
    Fault(line: #"default_plan = "appointment""#, becomes: #"default_plan = "apointment""#, key: "clinic.default_plan"),
    Fault(line: "backlog_limit = 200", becomes: "backlog_limit = -1", key: "delivery.backlog_limit"),
    Fault(line: "backlog_limit = 200", becomes: #"backlog_limit = "many""#, key: "delivery.backlog_limit"),
    Fault(line: "max_connections = 8", becomes: "max_connections = 0", key: "delivery.max_connections"),
    Fault(line: "trial_recipients = []", becomes: "trial_recipients = [1]", key: "delivery.trial_recipients"),
    Fault(line: #"daily = ["09:00-19:00"]"#, becomes: #"daily = ["9-19"]"#, key: "contact_hours.daily"),
    Fault(line: #"daily = ["09:00-19:00"]"#, becomes: #"daily = ["09:00-25:00"]"#, key: "contact_hours.daily"),
    Fault(line: "sunday = []", becomes: "sonntag = []", key: "contact_hours.sonntag"),
    Fault(line: "per_address_per_day = 2", becomes: "per_address_per_day = 0", key: "budget.per_address_per_day"),
    Fault(line: #"bundle_within = "2h""#, becomes: #"bundle_within = "2 hours""#, key: "budget.bundle_within"),
    Fault(line: #"adapter = "smtp""#, becomes: #"adapter = "pigeon""#, key: "channels.email.adapter"),
    Fault(line: #"adapter = "smtp""#, becomes: nil, key: "channels.email.adapter"),
    Fault(line: #"tls = "starttls""#, becomes: #"tls = "none""#, key: "channels.email.tls"),
    Fault(line: #"tls = "starttls""#, becomes: #"tls = "maybe""#, key: "channels.email.tls"),
    Fault(
      line: #"from = "Riverside Family Practice <reminders@example.org>""#, becomes: #"from = "reminders""#,
      key: "channels.email.from"),
    Fault(
      line: #"url = "https://gateway.example.org/messages""#, becomes: #"url = "http://gateway.example.org/messages""#,
      key: "channels.sms.url"),
    Fault(
      line: #"url = "https://gateway.example.org/messages""#, becomes: #"url = "gateway""#, key: "channels.sms.url"),
    Fault(line: "idempotent = true", becomes: #"idempotent = "yes""#, key: "channels.sms.idempotent"),
    Fault(
      line: "allow_networks = []", becomes: #"allow_networks = ["10.0.0.0/64"]"#, key: "channels.sms.allow_networks"),
    Fault(line: #"preset = "json""#, becomes: #"presett = "json""#, key: "channels.sms.presett"),
    Fault(line: #"reserve = "20%""#, becomes: #"reserve = "120%""#, key: "roles.nurse.reserve"),
    Fault(line: "daily_capacity = 20", becomes: "daily_capacity = 2.5", key: "roles.nurse.daily_capacity"),
    Fault(line: #"roles = ["nurse"]"#, becomes: #"roles = ["surgeon"]"#, key: "staff.ana.roles"),
    Fault(line: #"message_bodies = "30d""#, becomes: #"message_bodies = "soon""#, key: "retention.message_bodies"),
    Fault(line: "[retention]", becomes: "[retentoin]", key: "retentoin"),
    Fault(file: "plans.d/post-op.toml", line: #"title = "Check after surgery""#, becomes: nil, key: "plan.title"),
    Fault(
      file: "plans.d/post-op.toml", line: #"priority = "soon""#, becomes: #"priority = "high""#, key: "plan.priority"),
    Fault(
      file: "plans.d/post-op.toml", line: #"default_time = "09:00""#, becomes: #"default_time = "9am""#,
      key: "plan.default_time"),
    Fault(
      file: "plans.d/post-op.toml", line: #"task_owner = "role:nurse""#, becomes: #"task_owner = "role:pilot""#,
      key: "plan.task_owner"),
    Fault(file: "plans.d/post-op.toml", line: #"at = "-3d 10:00""#, becomes: #"at = "-3d 10""#, key: "step[0].at"),
    Fault(file: "plans.d/post-op.toml", line: #"at = "-3d 10:00""#, becomes: nil, key: "step[0].at"),
    Fault(file: "plans.d/post-op.toml", line: #"id = "day-before""#, becomes: #"id = "three-days""#, key: "step[1].id"),
    Fault(file: "plans.d/post-op.toml", line: #"late = "send""#, becomes: #"late = "never""#, key: "step[1].late"),
    Fault(file: "plans.d/post-op.toml", line: #"when = "missed""#, becomes: nil, key: "step[2].when"),
    Fault(file: "plans.d/post-op.toml", line: #"when = "missed""#, becomes: #"when = "late""#, key: "step[2].when"),
    Fault(
      file: "plans.d/post-op.toml", line: #"template = "visit-missed""#, becomes: #"template = "visit-mised""#,
      key: "step[2].template"),
    Fault(
      file: "plans.d/post-op.toml", line: #"then_after = "6h""#, becomes: #"then_after = "6""#, key: "ladder.then_after"
    ),
    Fault(file: "plans.d/post-op.toml", line: "[escalate]", becomes: "[escalate", key: "toml"),
  ]
}

/// `followupd --check-config`: what stands in `interface.md` is right, and each fault is found where it stands.
@Suite struct ConfigurationTests {
  @Test("The configuration and the plan printed in the interface pass")
  func printed() async throws {
    let folder = try Self.copy()
    let checked = try await Self.check(folder)
    #expect(checked.code == 0, "\(checked)")
  }

  @Test("A broken configuration fails for its own reason, with file and line", arguments: Fault.all)
  func broken(_ fault: Fault) async throws {
    let folder = try Self.copy()
    let number = try #require(try Self.breakLine(fault, in: folder))
    let checked = try await Self.check(folder)
    #expect(checked.code == 78, "\(checked)")
    let faults = (checked.standardError + checked.standardOutput).split(separator: "\n")
    let place = folder.path(fault.file) + ":" + (fault.hasLine ? "\(number): " : "")
    #expect(faults.contains { $0.hasPrefix(place) && $0.contains(fault.key) }, "\(place) \(fault.key)\n\(checked)")
    #expect(faults.filter { $0.hasPrefix(folder.path("")) }.count == 1, "no other fault: \(checked)")
  }

  @Test("All faults are told at once, and the daemon does not start with them")
  func together() async throws {
    let folder = try Self.copy()
    for line in ["backlog_limit = 200", "max_connections = 8", #"default_time = "09:00""#] {
      let file = line.contains("default_time") ? "plans.d/post-op.toml" : "followupd.toml"
      let fault = Fault(file: file, line: line, becomes: line.replacing(/= .*/, with: "= []"), key: "")
      _ = try Self.breakLine(fault, in: folder)
    }
    let checked = try await Self.check(folder)
    let output = checked.standardError + checked.standardOutput
    for key in ["delivery.backlog_limit", "delivery.max_connections", "plan.default_time"] {
      #expect(output.contains(key), "\(key) in\n\(output)")
    }
    let started = try await run(
      ProgramUnderTest.followupd, ["--config", folder.path("followupd.toml")],
      environment: ["STATE_DIRECTORY": folder.path("state"), "FOLLOWUPD_SOCKET": folder.path("s")])
    #expect(started.code == 78, "\(started)")
    #expect(folder.names(in: "state").isEmpty, "nothing was made")
  }

  @Test("A misspelled key is answered with the one that was meant")
  func didYouMean() async throws {
    let folder = try Self.copy()
    _ = try Self.breakLine(
      Fault(line: #"preset = "json""#, becomes: #"presett = "json""#, key: ""), in: folder)
    let checked = try await Self.check(folder)
    #expect((checked.standardError + checked.standardOutput).contains("did you mean preset"), "\(checked)")
  }

  private static func copy() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory()
    for file in ["followupd.toml", "plans.d/post-op.toml"] {
      try folder.write(file, try Repository.read("Tests/Fixtures/interface/\(file)"))
    }
    return folder
  }

  /// Changes the first line that begins with the fault's; returns its number.
  private static func breakLine(_ fault: Fault, in folder: TemporaryDirectory) throws -> Int? {
    var lines = try folder.read(fault.file).components(separatedBy: "\n")
    guard let index = lines.firstIndex(where: { $0.hasPrefix(fault.line) }) else { return nil }
    if let becomes = fault.becomes {
      lines[index] = becomes
    } else {
      lines.remove(at: index)
    }
    try folder.write(fault.file, lines.joined(separator: "\n"))
    return index + 1
  }

  private static func check(_ folder: TemporaryDirectory) async throws -> Finished {
    try await run(ProgramUnderTest.followupd, ["--check-config", "--config", folder.path("followupd.toml")])
  }
}
