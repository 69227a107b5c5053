import FollowUpControl
import FollowUpCore
import FollowUpStore
import FollowUpSystem
import Support
import Testing

@testable import FollowUpService

/// R5: the dates of series, as time passes.
@Suite struct HorizonTests {
  private func add(
    _ clinic: SendingClinic, _ rule: String, _ when: String, plan: String? = nil, who: String = "p1"
  ) throws -> FollowUpView {
    try clinic.call(AddFollowUp.self, .init(who: who, when: when, plan: plan, repeat: rule)).thing
  }

  private func keys(_ clinic: SendingClinic, _ id: Int = 1) async throws -> [String] {
    try await clinic.query("SELECT key FROM occurrence WHERE follow_up_id = \(id) ORDER BY id")
  }

  /// The last Friday of each month from November 2026 on, found day by day.
  private func lastFridays(through end: CivilDate) throws -> [String] {
    var date = try #require(CivilDate("2026-11-23"))
    var found: [String] = []
    while date <= end {
      if date.weekday == .friday, date.adding(days: 7).month != date.month { found.append(date.description) }
      date = date.adding(days: 1)
    }
    return found
  }

  @Test("R5: in two years of a monthly series every date is made once, is reminded of, and none too early")
  func twoYears() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27 14:30")
    try await clinic.run()
    var completed = 0
    for month in 1...24 {
      try await clinic.advance(by: 365 * 86_400 / 12)
      let now = clinic.clock.now()
      let today = try clinic.zone.civil(at: now).date
      // 60 days, and three more for the first step.
      let made = try await keys(clinic)
      // The time of day of the first step decides whether the 63rd day is made yet.
      let expected = try [62, 63].map { try lastFridays(through: today.adding(days: $0)) }
      #expect(expected.contains(made))
      // Every other visit is marked.
      if month % 2 == 0 {
        completed += 1
        try clinic.call(CompleteFollowUps.self, .init(ids: ["F-1"]))
      }
    }
    #expect(try await clinic.query("SELECT count(*) FROM occurrence WHERE status = 'completed'") == ["\(completed)"])
    #expect(try await clinic.query("SELECT status FROM follow_up") == ["active"])
    // The steps before each visit that has passed: both were sent.
    let past = try await clinic.query(
      "SELECT count(*) FROM occurrence WHERE anchor_at <= \(clinic.clock.now().seconds)")
    let sent = try await clinic.query(
      """
      SELECT count(*) FROM reminder JOIN occurrence ON occurrence.id = occurrence_id
      WHERE anchor_at <= \(clinic.clock.now().seconds) AND step IN ('three-days', 'day-before') AND state = 'sent'
      """)
    #expect(past == ["24"])
    #expect(sent == ["48"])
  }

  @Test("R5: the next date exists although nobody marks the one before, however far it is")
  func unmarked() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=YEARLY", "2026-12-08 14:30")
    #expect(try await keys(clinic) == ["2026-12-08", "2027-12-08"])
    try await clinic.run()
    try await clinic.advance(to: "2027-12-08T21:29:59Z")
    #expect(try await keys(clinic) == ["2026-12-08", "2027-12-08"])
    try await clinic.advance(by: 1)
    #expect(try await keys(clinic) == ["2026-12-08", "2027-12-08", "2028-12-08"])
  }

  @Test("R5: after an outage of 100 days the dates in between are made too, and nothing is sent of what has passed")
  func outage() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30", plan: "surgery")
    clinic.clock.advance(by: 100 * 86_400)
    try await clinic.run()
    // 3 March 2027; with 60 days and three, up to 4 May.
    let first = try #require(CivilDate("2026-12-08"))
    #expect(try await keys(clinic) == (0..<22).map { first.adding(days: 7 * $0).description })
    let sentOf = try await clinic.query(
      """
      SELECT DISTINCT key FROM reminder JOIN occurrence ON occurrence.id = occurrence_id
      WHERE state = 'sent' OR (state IN ('claimed', 'waiting') AND anchor_at <= \(clinic.clock.now().seconds))
      """)
    #expect(sentOf.allSatisfy { $0 > "2027-03-03" }, "\(sentOf)")
    // Of a visit that nobody was reminded of, staff hear (R10).
    let missed = try await clinic.query("SELECT count(DISTINCT subject) FROM task WHERE reason = 'expired'")
    #expect(missed == ["13"])
  }

  @Test("R5: one pass makes a bounded number of dates, and the rest follows at once")
  func bounded() async throws {
    let clinic = try SendingClinic()
    for number in 1...8 {
      try clinic.patient("p\(number)")
      _ = try add(clinic, "FREQ=DAILY", "2026-12-08 14:30", who: "p\(number)")
    }
    func count() async throws -> Int { Int(try await clinic.query("SELECT count(*) FROM occurrence")[0]) ?? 0 }
    clinic.clock.advance(by: 100 * 86_400)
    let before = try await count()
    let now = clinic.clock.now()
    let zones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
    let settings = clinic.settings
    let result = try clinic.store.write { transaction in
      var round = DeadlineRound(
        transaction, terms: ClearanceTerms(settings: settings, zones: zones, isClockBelieved: true, holds: []), now: now
      )
      return try round.run(limit: 1000)
    }
    #expect(result == 1000, "more is due")
    #expect(try await count() == before + 200)
    try await clinic.run()
    try await clinic.settle()
    #expect(try await clinic.query("SELECT DISTINCT count(*) FROM occurrence GROUP BY follow_up_id").count == 1)
    #expect(try await clinic.query("SELECT max(key) FROM occurrence") == ["2027-05-05"])
    // What is shown of a long series is bounded: the latest dates, and the one that its id means.
    let shown = try #require(try clinic.call(Show.self, .init(id: "F-1")).followUp)
    #expect(shown.due == "2026-12-08T14:30")
    #expect(shown.occurrences.count == 101)
    #expect(shown.occurrences.first?.key == "2026-12-08")
    #expect(shown.occurrences.last?.key == "2027-05-05")
    let listed = try clinic.call(ListFollowUps.self, .init()).items
    #expect(listed.map(\.occurrences.count) == Array(repeating: 21, count: 8))
  }

  @Test("R5: making dates twice changes nothing")
  func twice() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30")
    let rows = "SELECT * FROM occurrence JOIN reminder ON occurrence_id = occurrence.id, follow_up"
    let before = try await clinic.query(rows)
    let zones = SystemZones(folder: Repository.fixture("vectors/zoneinfo"))
    let (settings, now) = (clinic.settings, clinic.clock.now())
    for _ in 0..<2 {
      let made = try clinic.store.write {
        try $0.extend(series: 1, settings: settings, zones: zones, now: now)
      }
      #expect(made == 0)
    }
    _ = try clinic.store.write { try $0.wakeSeries(after: "", limit: 100, now: now) }
    try await clinic.run()
    #expect(try await clinic.query(rows) == before)
  }

  @Test("R5, R6: nothing is made while the clock is not believed")
  func disbelief() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30")
    try await clinic.run()
    let before = try await keys(clinic)
    clinic.clock.set(clinic.clock.now() + 3650 * 86_400)
    try await clinic.settle()
    #expect(try await keys(clinic) == before)
  }

  @Test("R5: nothing is made of an inactive patient's series; active again, it goes on from that day")
  func inactive() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30")
    try await clinic.run()
    let before = try await keys(clinic)
    var request = InactivatePatient.Request(who: "p1")
    request.confirmed = true
    try clinic.call(InactivatePatient.self, request)
    try await clinic.advance(by: 150 * 86_400)
    #expect(try await keys(clinic) == before)
    // 22 April 2027
    try clinic.call(ActivatePatient.self, .init(who: "p1"))
    let after = try await keys(clinic)
    #expect(after.dropFirst(before.count).first == "2027-04-27")
    try await clinic.advance(by: 30 * 86_400)
    #expect(try await keys(clinic).count > after.count)
  }

  @Test("R15: a series ends with its patient")
  func deceased() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30")
    var request = MarkDeceased.Request(who: "p1")
    request.confirmed = true
    try clinic.call(MarkDeceased.self, request)
    #expect(try await clinic.query("SELECT status FROM follow_up") == ["ended"])
    #expect(try await clinic.query("SELECT count(*) FROM deadline") == ["0"])
    let before = try await keys(clinic)
    try await clinic.run()
    try await clinic.advance(by: 100 * 86_400)
    #expect(try await keys(clinic) == before)
  }

  @Test("A series whose rows cannot be understood becomes a person's task and stops no other")
  func unreadable() async throws {
    let clinic = try SendingClinic()
    for who in ["p1", "p2", "p3"] {
      try clinic.patient(who)
      _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30", who: who)
    }
    try await clinic.edit("UPDATE follow_up SET zone = 'Mars/Olympus' WHERE id = 1")
    try await clinic.edit("UPDATE follow_up SET rule = 'FREQ=NEVER' WHERE id = 2")
    try await clinic.run()
    try await clinic.advance(by: 14 * 86_400)
    let made = try await clinic.query("SELECT count(*) FROM occurrence GROUP BY follow_up_id")
    #expect(made == ["7", "7", "9"])
    #expect(
      try await clinic.query("SELECT subject, state FROM task WHERE reason = 'manual'") == ["F-1|open", "F-2|open"])
    try await clinic.edit("UPDATE follow_up SET zone = 'America/Vancouver' WHERE id = 1")
    try await clinic.advance(by: 86_400)
    #expect(try await keys(clinic, 1) == keys(clinic, 3))
  }

  @Test("R5: a date that the patient was told of stays when the rule is edited")
  func told() async throws {
    let clinic = try SendingClinic()
    try clinic.patient()
    _ = try add(clinic, "FREQ=WEEKLY", "2026-12-08 14:30")
    try await clinic.run()
    try await clinic.advance(to: SendingClinic.firstDue)
    #expect(clinic.email.sent.count == 1)
    var request = EditFollowUp.Request(id: "F-1", repeat: "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=3")
    request.confirmed = true
    try clinic.call(EditFollowUp.self, request)
    let open = "SELECT key FROM occurrence WHERE status = 'open' ORDER BY key"
    #expect(try await clinic.query(open) == ["2026-12-08", "2026-12-11", "2026-12-15"])
    try await clinic.advance(to: "2026-12-08T21:30:00Z")
    // What has passed stays, marked or not, and asks nothing of the rule; the 11th is told by now.
    request.repeat = "FREQ=WEEKLY;BYDAY=FR;COUNT=2"
    try clinic.call(EditFollowUp.self, request)
    #expect(try await clinic.query(open) == ["2026-12-08", "2026-12-11", "2026-12-18"])
  }
}

extension SendingClinic {
  /// The clinic's own zone.
  var zone: Zone {
    get throws { try SystemZones(folder: Repository.fixture("vectors/zoneinfo")).zone(named: settings.clinic.zone) }
  }
}
