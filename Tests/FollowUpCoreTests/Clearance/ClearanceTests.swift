import FollowUpCore
import Testing

@Suite struct ClearanceTests {
  /// One way in which a reminder is not sent.
  struct Case: Sendable, CustomTestStringConvertible {
    var rule: String
    var check: ClearanceCheck
    var reason: Reason
    var decision: ClearanceDecision
    var now = Facts.now
    var change: @Sendable (inout ClearanceFacts) -> Void

    init(
      _ rule: String, _ check: ClearanceCheck, _ reason: Reason, _ decision: ClearanceDecision,
      now: Instant = Facts.now, change: @escaping @Sendable (inout ClearanceFacts) -> Void
    ) {
      self.rule = rule
      self.check = check
      self.reason = reason
      self.decision = decision
      self.now = now
      self.change = change
    }

    var testDescription: String { "R12 check \(check.rawValue): \(rule)" }
  }

  /// Eight in the evening of the day of `Facts.now`: contact hours are over until 09:00.
  private static let evening = Facts.now + 10 * Facts.hour
  private static let nextMorning = Facts.now + 23 * Facts.hour

  private static let patient: [Case] = [
    Case("deceased", .patient, .deceased, .drop(.deceased)) { $0.patient = .deceased },
    Case("inactive", .patient, .inactive, .drop(.inactive)) { $0.patient = .inactive },
  ]

  private static let occurrence: [Case] = [
    Case("moved after it was planned", .occurrence, .moved, .drop(.moved)) { $0.revision = 2 },
    Case("a notice of an earlier revision", .occurrence, .moved, .drop(.moved)) {
      ($0.kind, $0.when, $0.revision) = (.notice, nil, 2)
    },
    Case("confirmed", .occurrence, .confirmed, .drop(.confirmed)) { ($0.status, $0.answer) = (.confirmed, .yes) },
    Case("declined", .occurrence, .declined, .drop(.declined)) { $0.answer = .no },
    Case("rearrange", .occurrence, .rearrange, .drop(.rearrange)) { $0.answer = .rearrange },
    Case("call-me", .occurrence, .callMe, .drop(.callMe)) { $0.answer = .callMe },
    Case("a `confirmed` step of one unconfirmed", .occurrence, .unconfirmed, .drop(.unconfirmed)) {
      $0.when = .confirmed
    },
    Case("completed", .occurrence, .completed, .drop(.completed)) { $0.status = .completed },
    Case("missed", .occurrence, .missed, .drop(.missed)) { $0.status = .missed },
    Case("cancelled", .occurrence, .cancelled, .drop(.cancelled)) { $0.status = .cancelled },
    Case("a `missed` step of one open", .occurrence, .open, .defer(until: nil, .open)) { $0.when = .missed },
    Case("a `completed` step of one open", .occurrence, .open, .defer(until: nil, .open)) { $0.when = .completed },
  ]

  private static let expiry: [Case] = [
    Case("at its expiry", .expiry, .expired, .expire) { $0.expiresAt = Facts.now },
    Case("past its expiry", .expiry, .expired, .expire) { $0.expiresAt = Facts.now - 1 },
  ]

  private static let callOnly: [Case] = [
    Case("call-only", .callOnly, .callOnly, .staff(.callOnly)) { $0.isCallOnly = true },
    Case("call-only without any contact", .callOnly, .callOnly, .staff(.callOnly)) {
      ($0.isCallOnly, $0.contacts) = (true, [])
    },
  ]

  private static let pause: [Case] = [
    Case("a hold of all, the plan or the patient", .pause, .held, .defer(until: nil, .held)) { $0.isHeld = true },
    Case("a hold of the channel", .pause, .held, .defer(until: nil, .held)) { $0.contacts[0].isHeld = true },
    Case("a closure", .pause, .closed, .defer(until: nil, .closed)) { $0.isClosed = true },
    Case("a backlog", .pause, .backlog, .defer(until: nil, .backlog)) { $0.isBacklog = true },
    Case("a clock that is not believed", .pause, .clock, .defer(until: nil, .clock)) { $0.isClockBelieved = false },
    Case("urgent ones wait too", .pause, .held, .defer(until: nil, .held)) {
      ($0.priority, $0.isHeld) = (.urgent, true)
    },
  ]

  private static let contact: [Case] = [
    Case("no contact at all", .contact, .noContact, .staff(.noContact)) { $0.contacts = [] },
    Case("only a telephone", .contact, .noContact, .staff(.noContact)) {
      $0.contacts = [Facts.contact(channel: "phone") { $0.isServed = false }]
    },
    Case("consent unknown", .contact, .noConsent, .staff(.noConsent)) { $0.contacts[0].consent = .unknown },
    Case("bounced", .contact, .bounced, .staff(.bounced)) { $0.contacts[0].state = .bounced },
    Case("wrong", .contact, .wrongNumber, .staff(.wrongNumber)) { $0.contacts[0].state = .wrong },
    Case("R16: stopped, routine", .contact, .stopped, .drop(.stopped)) { $0.contacts[0].isStopped = true },
    Case("R16: stopped, soon", .contact, .stopped, .staff(.stopped)) {
      ($0.priority, $0.contacts[0].isStopped) = (.soon, true)
    },
    Case("R16: stopped, urgent", .contact, .stopped, .staff(.stopped)) {
      ($0.priority, $0.contacts[0].isStopped) = (.urgent, true)
    },
    Case("R16: consent taken back, routine", .contact, .stopped, .drop(.stopped)) {
      $0.contacts[0].consent = .stopped
    },
    Case("R16: consent taken back, soon", .contact, .stopped, .staff(.stopped)) {
      ($0.priority, $0.contacts[0].consent) = (.soon, .stopped)
    },
    Case("a notice to one who stopped", .contact, .stopped, .staff(.stopped)) {
      ($0.kind, $0.when, $0.priority, $0.contacts[0].isStopped) = (.notice, nil, .soon, true)
    },
    Case("each contact failed: the last rung is a person", .contact, .deliveryFailed, .staff(.deliveryFailed)) {
      $0.contacts[0].hasFailed = true
    },
    Case("one stopped, the other failed: a person", .contact, .deliveryFailed, .staff(.deliveryFailed)) {
      $0.contacts = [Facts.contact(1) { $0.isStopped = true }, Facts.contact(2, rank: 2) { $0.hasFailed = true }]
    },
    Case("one stopped, the other bounced on this: a person", .contact, .bounced, .staff(.bounced)) {
      $0.contacts = [
        Facts.contact(1) { $0.isStopped = true },
        Facts.contact(2, rank: 2) { ($0.hasFailed, $0.state) = (true, .bounced) },
      ]
    },
  ]

  private static let text: [Case] = [
    Case("no template", .text, .noTemplate, .staff(.noTemplate)) { $0.contacts[0].text = .missing },
    Case("a text that nobody reviewed", .text, .notReviewed, .staff(.notReviewed)) {
      $0.contacts[0].text = .notReviewed
    },
  ]

  private static let hours: [Case] = [
    Case(
      "the next allowed minute", .hours, .outsideHours, .defer(until: nextMorning, .outsideHours), now: evening
    ) { _ in },
    Case(
      "a minute before the hours", .hours, .outsideHours, .defer(until: nextMorning, .outsideHours),
      now: nextMorning - 60
    ) { _ in },
    Case("urgent ones wait too", .hours, .outsideHours, .defer(until: nextMorning, .outsideHours), now: evening) {
      $0.priority = .urgent
    },
    Case(
      "a minute is left", .hours, .outsideHours, .defer(until: nextMorning, .outsideHours), now: evening
    ) { $0.expiresAt = nextMorning + 60 },
    Case("none is left, routine", .hours, .noPermittedTime, .drop(.noPermittedTime), now: evening) {
      $0.expiresAt = nextMorning
    },
    Case("none is left, soon", .hours, .noPermittedTime, .staff(.noPermittedTime), now: evening) {
      ($0.expiresAt, $0.priority) = (nextMorning, .soon)
    },
    Case("none is left, urgent", .hours, .noPermittedTime, .staff(.noPermittedTime), now: evening) {
      ($0.expiresAt, $0.priority) = (nextMorning, .urgent)
    },
  ]

  private static let budget: [Case] = [
    Case("the day's limit", .budget, .budget, .defer(until: nextMorning, .budget)) { $0.contacts[0].sentToday = 2 },
    Case("the week's limit", .budget, .budget, .defer(until: nextMorning, .budget)) {
      $0.contacts[0].sentThisWeek = 5
    },
    Case("useless by then", .budget, .budget, .staff(.budget)) {
      ($0.contacts[0].sentToday, $0.expiresAt) = (2, nextMorning)
    },
  ]

  @Test(
    "R12: each reason decides as its row says, and the other checks are answered",
    arguments: [patient, occurrence, expiry, callOnly, pause, contact, text, hours, budget].flatMap(\.self))
  func reasons(example: Case) {
    let clearance = Clearance(Facts.sendable(example.change), now: example.now)
    #expect(clearance.decision == example.decision)
    #expect(clearance.reason == example.reason)
    #expect(clearance.answers.map(\.check) == ClearanceCheck.allCases)
    let first = clearance.answers.first { $0.reason != nil }
    #expect(first?.check == example.check)
    #expect(clearance.answers.allSatisfy { !$0.detail.isEmpty })
  }

  @Test("R12: what passes every check is sent")
  func passes() {
    let clearance = Clearance(Facts.sendable(), now: Facts.now)
    #expect(clearance.decision == .send(contact: 1))
    #expect(clearance.reason == nil)
    #expect(clearance.answers.map(\.check.rawValue) == Array(1...9))
    #expect(clearance.answers.allSatisfy { $0.reason == nil && !$0.detail.isEmpty })
  }

  @Test("R9, R12 check 3: a second before its expiry it is sent")
  func lastSecond() {
    let facts = Facts.sendable { $0.expiresAt = Facts.now + 1 }
    #expect(Clearance(facts, now: Facts.now).decision == .send(contact: 1))
  }

  @Test("R12: the first check that fails decides, whatever the later ones say")
  func order() {
    var facts = Facts.sendable {
      $0.patient = .deceased
      $0.revision = 2
      $0.expiresAt = Self.evening
      $0.isCallOnly = true
      $0.isClockBelieved = false
      $0.contacts[0].consent = .unknown
      $0.contacts[0].text = .missing
      $0.contacts[0].sentToday = 2
    }
    func decision(now: Instant = Self.evening) -> ClearanceDecision { Clearance(facts, now: now).decision }
    let all = Clearance(facts, now: Self.evening).answers
    #expect(
      all.map(\.reason)
        == [.deceased, .moved, .expired, .callOnly, .clock, .noConsent, nil, .noPermittedTime, nil],
      "without a contact there is no text and no budget to judge")

    #expect(decision() == .drop(.deceased))
    facts.patient = .active
    #expect(decision() == .drop(.moved))
    facts.revision = 1
    #expect(decision() == .expire)
    facts.expiresAt = Facts.now + 48 * Facts.hour
    #expect(decision() == .staff(.callOnly))
    facts.isCallOnly = false
    #expect(decision() == .defer(until: nil, .clock))
    facts.isClockBelieved = true
    #expect(decision() == .staff(.noConsent))
    facts.contacts[0].consent = .granted
    let later = Clearance(facts, now: Self.evening).answers
    #expect(later.map(\.reason) == [nil, nil, nil, nil, nil, nil, .noTemplate, .outsideHours, .budget])
    #expect(decision() == .staff(.noTemplate))
    facts.contacts[0].text = .ready
    #expect(decision() == .defer(until: Self.nextMorning, .outsideHours))
    #expect(decision(now: Facts.now) == .defer(until: Self.nextMorning, .budget))
    facts.contacts[0].sentToday = 0
    #expect(decision(now: Facts.now) == .send(contact: 1))
  }

  @Test("R7, R12 check 8: hours are those of the patient's zone")
  func patientsHours() throws {
    // 10:00 UTC is 03:00 in Vancouver.
    let vancouver = try zone("America/Vancouver")
    var facts = Facts.sendable()
    facts.zone = vancouver
    let opening = vancouver.instant(of: try civil("2026-12-01T09:00"))
    #expect(Clearance(facts, now: Facts.now).decision == .defer(until: opening, .outsideHours))
    #expect(Clearance(facts, now: opening).decision == .send(contact: 1))
  }

  @Test("R13: the day that a budget waits for is the patient's")
  func patientsDay() throws {
    // 10:00 UTC is 23:00 in Auckland.
    let auckland = try zone("Pacific/Auckland")
    var facts = Facts.sendable { $0.contacts[0].sentToday = 2 }
    facts.zone = auckland
    facts.hours = try ContactHours(text: "00:00-24:00")
    let midnight = auckland.instant(of: try civil("2026-12-02T00:00"))
    #expect(midnight == Facts.now + Facts.hour)
    #expect(Clearance(facts, now: Facts.now).decision == .defer(until: midnight, .budget))
  }

  @Test(
    "R13: at most two a day and five a week to an address; what is urgent, and notices, may pass each by one",
    arguments: [
      (.routine, .step, 1, 4, .send(contact: 1)),
      (.routine, .step, 2, 2, .defer(until: nextMorning, .budget)),
      (.routine, .step, 0, 5, .defer(until: nextMorning, .budget)),
      (.soon, .step, 1, 4, .send(contact: 1)),
      (.soon, .step, 2, 2, .defer(until: nextMorning, .budget)),
      (.soon, .step, 0, 5, .defer(until: nextMorning, .budget)),
      (.urgent, .step, 2, 2, .send(contact: 1)),
      (.urgent, .step, 0, 5, .send(contact: 1)),
      (.urgent, .step, 2, 5, .send(contact: 1)),
      (.urgent, .step, 3, 3, .staff(.budget)),
      (.urgent, .step, 0, 6, .staff(.budget)),
      (.soon, .notice, 2, 5, .send(contact: 1)),
      (.soon, .notice, 3, 3, .staff(.budget)),
      (.soon, .notice, 0, 6, .staff(.budget)),
    ] as [(Priority, ReminderKind, Int, Int, ClearanceDecision)])
  func budgets(priority: Priority, kind: ReminderKind, today: Int, week: Int, decision: ClearanceDecision) {
    let facts = Facts.sendable {
      ($0.priority, $0.kind, $0.when) = (priority, kind, kind == .notice ? nil : .unconfirmed)
      ($0.contacts[0].sentToday, $0.contacts[0].sentThisWeek) = (today, week)
    }
    #expect(Clearance(facts, now: Facts.now).decision == decision)
  }

  @Test("R13: the clinic's own limits hold")
  func ownLimits() {
    var facts = Facts.sendable { ($0.perDay, $0.perWeek, $0.contacts[0].sentToday) = (1, 100, 1) }
    #expect(Clearance(facts, now: Facts.now).decision == .defer(until: Self.nextMorning, .budget))
    facts.perDay = 3
    #expect(Clearance(facts, now: Facts.now).decision == .send(contact: 1))
  }

  @Test(
    "R12: the words of `explain` for the checks are stable",
    arguments: zip(
      ClearanceCheck.allCases,
      ["patient", "occurrence", "expiry", "call-only", "pause", "contact", "text", "contact-hours", "budget"]))
  func names(check: ClearanceCheck, name: String) {
    #expect(check.name == name)
  }
}
