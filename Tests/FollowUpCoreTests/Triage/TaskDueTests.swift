import FollowUpCore
import Testing

/// A clinic in Berlin, Monday to Friday, 08:30-17:00. 2026-06-02 is a Tuesday.
@Suite struct TaskDueTests {
  private static func settings(_ change: (inout Clinic) -> Void = { _ in }) -> Settings {
    var clinic = Clinic(name: "Riverside Family Practice", zone: "Europe/Berlin", phone: "+1 604 555 0100")
    change(&clinic)
    return Settings(clinic: clinic)
  }

  private static func due(
    _ priority: Priority, _ now: String, anchor: String? = nil, _ settings: Settings = settings()
  ) throws -> String {
    let berlin = try zone("Europe/Berlin")
    let due = taskDue(
      priority, now: berlin.instant(of: try civil(now)), anchor: try anchor.map { berlin.instant(of: try civil($0)) },
      settings: settings, zones: Vectors.zones)
    return berlin.civil(at: due).description
  }

  @Test(
    "R19: what is urgent or soon is due now, or at the next opening",
    arguments: [
      ("2026-06-02T10:00", "2026-06-02T10:00"), ("2026-06-02T08:30", "2026-06-02T08:30"),
      ("2026-06-02T16:59", "2026-06-02T16:59"), ("2026-06-02T07:00", "2026-06-02T08:30"),
      ("2026-06-02T17:00", "2026-06-03T08:30"), ("2026-06-02T23:30", "2026-06-03T08:30"),
      ("2026-06-05T18:00", "2026-06-08T08:30"), ("2026-06-06T12:00", "2026-06-08T08:30"),
      ("2026-06-07T12:00", "2026-06-08T08:30"),
    ], [Priority.urgent, .soon])
  func pressing(times: (now: String, due: String), priority: Priority) throws {
    #expect(try Self.due(priority, times.now) == times.due)
  }

  @Test(
    "R19: what is routine is due by the end of the next working day",
    arguments: [
      ("2026-06-02T10:00", "2026-06-03T17:00"), ("2026-06-02T00:00", "2026-06-03T17:00"),
      ("2026-06-02T23:30", "2026-06-03T17:00"), ("2026-06-05T10:00", "2026-06-08T17:00"),
      ("2026-06-06T10:00", "2026-06-08T17:00"), ("2026-06-07T23:59", "2026-06-08T17:00"),
    ])
  func routine(now: String, due: String) throws {
    #expect(try Self.due(.routine, now) == due)
  }

  @Test(
    "R19: none is due after its occurrence's anchor", arguments: Priority.allCases,
    [
      ("2026-06-02T10:00", "2026-06-02T10:01"), ("2026-06-02T10:00", "2026-06-03T09:00"),
      ("2026-06-02T18:00", "2026-06-03T08:00"), ("2026-06-05T18:00", "2026-06-06T12:00"),
      ("2026-06-05T18:00", "2026-06-08T08:15"),
    ])
  func beforeAnchor(priority: Priority, times: (now: String, anchor: String)) throws {
    let due = try Self.due(priority, times.now, anchor: times.anchor)
    #expect(due <= times.anchor)
    #expect(due >= times.now)
  }

  @Test("R19: an anchor that is past, or later than the task, changes nothing")
  func otherAnchors() throws {
    #expect(try Self.due(.routine, "2026-06-02T10:00", anchor: "2026-06-02T09:00") == "2026-06-03T17:00")
    #expect(try Self.due(.routine, "2026-06-02T10:00", anchor: "2026-06-09T09:00") == "2026-06-03T17:00")
    #expect(try Self.due(.soon, "2026-06-02T18:00", anchor: "2026-06-02T09:00") == "2026-06-03T08:30")
  }

  @Test("R1, R19: opening and end are read off the wall on the day on which the clocks change")
  func clocksChange() throws {
    // The clocks go forward on Sunday 2026-03-29, back on Sunday 2026-10-25.
    let settings = Self.settings { $0.workingDays = [.saturday, .sunday] }
    #expect(try Self.due(.routine, "2026-03-28T10:00", settings) == "2026-03-29T17:00")
    #expect(try Self.due(.soon, "2026-03-28T20:00", settings) == "2026-03-29T08:30")
    #expect(try Self.due(.routine, "2026-10-24T10:00", settings) == "2026-10-25T17:00")
    #expect(try Self.due(.soon, "2026-10-24T20:00", settings) == "2026-10-25T08:30")
  }

  @Test("R19: working hours that pass midnight belong to the day on which they start")
  func nightShift() throws {
    let settings = Self.settings {
      $0.workingHours = .literal("22:00-06:00")
      $0.workingDays = [.monday]
    }
    #expect(try Self.due(.urgent, "2026-06-02T02:00", settings) == "2026-06-02T02:00")
    #expect(try Self.due(.urgent, "2026-06-02T06:00", settings) == "2026-06-08T22:00")
    #expect(try Self.due(.routine, "2026-06-02T02:00", settings) == "2026-06-09T06:00")
  }

  @Test("R19: a clinic whose zone is no more has its tasks due now")
  func unknownZone() throws {
    let now = try instant("2026-06-02T10:00:00Z")
    let settings = Self.settings { $0.zone = "Europe/Atlantis" }
    #expect(taskDue(.routine, now: now, anchor: nil, settings: settings, zones: Vectors.zones) == now)
  }
}
