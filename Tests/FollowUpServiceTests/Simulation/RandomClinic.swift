import FollowUpControl
import FollowUpCore
import Support

@testable import FollowUpService

/// A small clinic made by chance: its configuration, its patients, what was promised to them, and what happens.
struct RandomClinic {
  struct Patient {
    var ref: String
    var zone: String
    var hours: String?
    var isCallOnly: Bool
    var contacts: [Contact]
  }

  struct Contact {
    var channel: String
    var address: String
    var consent: Consent
    var isWrong = false

    static func granted(_ channel: String, _ address: String) -> Contact {
      Contact(channel: channel, address: address, consent: .granted)
    }
  }

  struct Promise {
    var patient: Int
    var plan: String
    var anchor: CivilDateTime
    var zone: String
    var addedAt: Instant
    /// An RRULE, of what recurs.
    var rule: String?
  }

  enum Act: Equatable {
    case answer(Answer)
    case complete, miss, cancel
    case move(CivilDateTime, by: Cause)
    case stop(patient: Int)
    case deceased(patient: Int)
    case inactive(patient: Int)
  }

  /// Something that happens to a promise, by its index, or to a patient.
  struct Happening {
    var at: Instant
    var promise: Int?
    var act: Act
  }

  static let zones = [
    "America/Vancouver", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Africa/Cairo",
    "America/Santiago", "Europe/London", "Pacific/Chatham", "Asia/Tokyo", "America/St_Johns",
    "Africa/Casablanca",
  ]

  /// The day of a story of years on which its daemon is lost for three days.
  static let outage = 220

  let start: Instant
  /// Every promise is over by then, but for what recurs.
  let days: Int
  var settings: Settings
  var patients: [Patient] = []
  var promises: [Promise] = []
  var happenings: [Happening] = []
  var end: Instant { start + Int64(days + 12) * 86_400 }

  /// Roomy budgets, nothing bundled: what each reminder becomes is then its own affair.
  static func apart(_ random: inout SeededGenerator) throws -> RandomClinic {
    var clinic = try RandomClinic(&random)
    clinic.settings.budget.perAddressPerDay = 50
    clinic.settings.budget.perAddressPerWeek = 100
    clinic.settings.budget.bundleWithin = .literal("0m")
    try clinic.fill(patients: 6, each: 2, &random)
    return clinic
  }

  /// Few addresses for many promises.
  static func crowded(_ random: inout SeededGenerator) throws -> RandomClinic {
    var clinic = try RandomClinic(&random)
    for name in clinic.settings.plans.keys { clinic.settings.plans[name]?.thenAfter = .literal("5h") }
    try clinic.fill(patients: 6, each: 5, sharing: true, joining: 2, &random)
    return clinic
  }

  /// Two years of a practice with patients all over the world; some of what it promises recurs.
  static func years(patients: Int, _ random: inout SeededGenerator) throws -> RandomClinic {
    var clinic = try RandomClinic(days: 730, &random)
    clinic.settings.channels["email"]?.perMinute = 0
    clinic.settings.channels["sms"]?.perMinute = 0
    clinic.settings.contactHours.week = .standard
    // What one outage leaves of so few reminders a day is a backlog then.
    clinic.settings.delivery.backlogLimit = 2
    try clinic.fill(patients: patients, each: 1, joining: 8, busy: Self.outage + 5, &random)
    let rules = [
      "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6;COUNT=3", "FREQ=YEARLY",
      "FREQ=WEEKLY;INTERVAL=10",
    ]
    for index in clinic.promises.indices where index % 10 == 0 {
      clinic.promises[index].rule = random.one(rules)
    }
    return clinic
  }

  private init(days: Int = 60, _ random: inout SeededGenerator) throws {
    self.days = days
    // Around a change of the clocks somewhere: late October or late March, 2026 to 2029.
    let date = CivilDate(
      year: random.number(2026...2029), month: random.one([3, 9, 10]), day: random.number(1...20))
    let midnight = Int64((date ?? .literal("2026-10-01")).dayNumber) * 86_400
    start = Instant(midnight + Int64(random.number(0...86_399)))
    settings = SendingClinic.settings
    settings.clinic.zone = random.one(Self.zones)
    settings.contactHours.week = try ContactHours(
      text: random.one([
        "09:00-19:00", "mon-fri 09:00-19:00", "mon-sat 08:00-12:00 14:00-20:00", "00:00-24:00",
      ]))
    settings.plans = Dictionary(uniqueKeysWithValues: Self.plans.map { ($0.name, $0) })
    settings.clinic.defaultPlan = "visit"
  }

  /// - Parameters:
  ///   - joining: one in so many has, beside a visit, another on the same day.
  ///   - busy: a day on which one in forty patients has a visit.
  private mutating func fill(
    patients count: Int, each: Int, sharing: Bool = false, joining: Int? = nil, busy: Int? = nil,
    _ random: inout SeededGenerator
  ) throws {
    for number in 0..<count {
      var contacts: [Contact] = []
      for channel in ["email", "sms"]
      where random.chance(2) || channel == "email" && !random.chance(10) {
        let whose = sharing ? number / 2 : number
        let address = channel == "email" ? "p\(whose)@example.org" : "+1604555\(1000 + whose)"
        var contact = Contact.granted(channel, address)
        if random.chance(6) { contact.consent = .unknown }
        // An address of several patients that is wrong would be wrong for all of them.
        if !sharing, random.chance(8) { contact.isWrong = true }
        contacts.append(contact)
      }
      patients.append(
        Patient(
          ref: "p\(number)", zone: random.one(Self.zones),
          hours: random.chance(4)
            ? random.one(["10:00-12:00", "mon-thu 18:00-21:00", "22:00-06:00"]) : nil,
          isCallOnly: random.chance(10), contacts: contacts))
      if let busy, number % 40 == 0 {
        let date = CivilDate(dayNumber: Int(start.seconds / 86_400) + busy)
        promises.append(
          Promise(
            patient: number, plan: random.one(["visit", "surgery"]),
            anchor: CivilDateTime(date: date, time: .literal("12:00")), zone: patients[number].zone,
            addedAt: moment(days: busy - 35, &random)))
      }
      // In years of many patients, some need nothing.
      for _ in 0..<each where days < 100 || !random.chance(3) {
        try promise(to: number, &random)
        // Promised together: what their steps say may go as one message.
        guard let joining, random.chance(joining), var other = promises.last else { continue }
        other.addedAt = other.addedAt + 60
        if random.chance(2) { other.plan = random.one(Self.plans).name }
        promises.append(other)
      }
      if random.chance(5) {
        let act = random.one([
          Act.stop(patient: number), .deceased(patient: number), .inactive(patient: number),
        ])
        happenings.append(
          Happening(at: moment(days: random.number(1...days), &random), promise: nil, act: act))
      }
    }
    promises.sort { $0.addedAt < $1.addedAt }
    for index in promises.indices { try live(index, &random) }
    happenings.sort { $0.at < $1.at }
  }

  private mutating func promise(to patient: Int, _ random: inout SeededGenerator) throws {
    let zone = random.chance(2) ? patients[patient].zone : settings.clinic.zone
    let plan = random.one(Self.plans).name
    let ahead = random.number(1...days - 20)
    // Some are added long before, some when steps are past already.
    let added = max(0, ahead - random.one([1, 2, 4, 30, 60]))
    let date = CivilDate(dayNumber: Int(start.seconds / 86_400) + ahead + 1)
    let anchor = CivilDateTime(
      date: date, time: CivilTime(minuteOfDay: random.number(32...72) * 15) ?? .literal("12:00"))
    promises.append(
      Promise(
        patient: patient, plan: plan, anchor: anchor, zone: zone, addedAt: moment(days: added, &random)))
  }

  /// What happens to a promise: an answer, perhaps another, a move, an end; or nothing at all.
  private mutating func live(_ index: Int, _ random: inout SeededGenerator) throws {
    let promise = promises[index]
    let added = promise.addedAt
    let anchor = Instant(Int64(promise.anchor.date.dayNumber + 1) * 86_400)
    func between() -> Instant? {
      let days = Int((anchor - added) / 86_400)
      guard days > 1 else { return nil }
      return moment(after: added, days: random.number(0...days - 1), &random)
    }
    if random.chance(3), let at = between() {
      happenings.append(
        Happening(
          at: at, promise: index, act: .answer(random.one([.yes, .yes, .no, .rearrange, .callMe]))))
    }
    if random.chance(5), let at = between() {
      let date = promise.anchor.date.adding(days: random.number(1...9))
      let moved = CivilDateTime(date: date, time: promise.anchor.time)
      happenings.append(
        Happening(at: at, promise: index, act: .move(moved, by: random.one([.clinic, .patient]))))
    }
    if random.chance(8), let at = between() {
      happenings.append(Happening(at: at, promise: index, act: .cancel))
    }
    if random.chance(2) {
      let at = moment(after: anchor, days: random.number(10...14), &random)
      let early = moment(after: anchor, days: random.number(0...3), &random)
      happenings.append(
        Happening(
          at: random.chance(3) ? at : early, promise: index, act: random.one([.complete, .miss])))
    }
  }

  /// A moment that is no whole minute, so that nothing planned falls on it.
  private func moment(days: Int, _ random: inout SeededGenerator) -> Instant {
    moment(after: start, days: days, &random)
  }

  private func moment(after: Instant, days: Int, _ random: inout SeededGenerator) -> Instant {
    let time = after + Int64(days) * 86_400 + Int64(random.number(1...86_400))
    return Instant(time.seconds / 60 * 60 + 37)
  }

  /// Every kind of step: before and after, each `when`, each late policy, `useful`, moved by hours; each priority.
  static let plans: [Plan] = [
    Plan(
      name: "visit", title: "Visit", priority: .routine,
      steps: [
        Step(id: "three-days", at: .literal("-3d 10:00"), template: "visit"),
        Step(id: "day-before", at: .literal("-1d 10:00"), template: "visit"),
        Step(
          id: "same-day", at: .literal("0d 07:00"), template: "visit", when: .expected, late: .skip),
        Step(id: "missed", at: .literal("+1d 10:00"), template: "visit-missed", when: .missed),
      ]),
    Plan(
      name: "surgery", title: "Surgery", priority: .soon, taskOwner: .role("nurse"),
      steps: [
        Step(id: "week", at: .literal("-7d 20:30"), template: "visit", late: .ask),
        Step(id: "two-days", at: .literal("-2d 12:00"), template: "visit", useful: .literal("20h")),
        Step(id: "papers", at: .literal("-1d 18:30"), template: "visit", when: .confirmed),
        Step(id: "hours", at: .literal("-3h"), template: "visit", when: .expected),
      ], escalation: Escalation(after: .literal("-1d 12:00"), to: .role("nurse"))),
    Plan(
      name: "biopsy", title: "Result", priority: .urgent, taskOwner: .role("nurse"),
      steps: [
        Step(id: "evening", at: .literal("-2d 20:30"), template: "result"),
        Step(
          id: "at", at: .literal("+0m"), template: "result", when: .expected,
          useful: .literal("30h")),
        Step(
          id: "missed", at: .literal("+2d 21:00"), template: "visit-missed", when: .missed,
          late: .ask),
      ]),
    Plan(
      name: "check-in", title: "Check", priority: .routine,
      steps: [
        Step(id: "ask", at: .literal("+0m"), template: "check", when: .unconfirmed),
        Step(
          id: "after", at: .literal("+1d 09:30"), template: "check", when: .completed, late: .skip),
        Step(
          id: "week", at: .literal("+7d 10:00"), template: "check", when: .completed,
          useful: .literal("3d")),
      ]),
    Plan(
      name: "call", title: "Call", priority: .soon, callOnly: true,
      steps: [Step(id: "day-before", at: .literal("-1d 10:00"), template: "visit")]),
  ]
}
