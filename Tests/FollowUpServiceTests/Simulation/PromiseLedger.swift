import FollowUpCore
import Support
import Testing

/// What a clinic owes, counted from what was promised, the plans and the commands alone: each date of each series (R5),
/// each revision of it, each step. It has its own reading of the rules and shares with the program what `MinuteWalk` does.
struct PromiseLedger {
  struct Visit {
    /// `F-12@2026-12-01`
    var subject: String
    var promise: Int
    var anchor: CivilDateTime
    var madeAt: Instant
    var revision = 1
    var status = OccurrenceStatus.open
    var answer = Answer.none
    /// What can end a reminder of it in silence, for it happened.
    var happened: Set<Reason> = []
    /// Steps at each revision: `F-12@2026-12-01/1/step/day-before`.
    var names: Set<String> = []
    /// Rows that an edit of its plan may have made of a visit that was over, and need not.
    var possible: Set<String> = []

    var isOver: Bool { status == .completed || status == .missed || status == .cancelled }
  }

  private struct Series {
    var number: Int
    var dates: [CivilDate]
    /// Of `dates`, how many are made.
    var made = 0
    /// Up to when they are.
    var seenAt: Instant
  }

  private let story: RandomClinic
  private let rules: RulesInForce
  private(set) var visits: [Visit] = []
  /// Follow-ups by promise: the first accepted is F-1.
  private(set) var numbers: [Int: Int] = [:]
  private var series: [Int: Series] = [:]
  private var byPromise: [Int: [Int]] = [:]
  private var gone: Set<Int> = []
  /// Patients who stopped, died or left.
  private(set) var withdrawn: Set<Int> = []

  /// - Parameters:
  ///   - times: when each command of the story's agenda was given.
  ///   - end: when the account is drawn up.
  init(_ story: RandomClinic, rules: RulesInForce, times: [Instant], end: Instant) throws {
    self.story = story
    self.rules = rules
    var changes = rules.spans.dropFirst()[...]
    for (entry, now) in zip(story.agenda, times) {
      while let change = changes.first, change.from <= now {
        try takeUp(change)
        changes = changes.dropFirst()
      }
      if let happening = entry.happening {
        try happen(story.happenings[happening], at: now)
      } else {
        try promise(entry.promise, at: now)
      }
    }
    for change in changes { try takeUp(change) }
    for promise in series.keys { try extend(promise, at: end) }
  }

  var names: Set<String> { visits.reduce(into: []) { $0.formUnion($1.names) } }
  var possible: Set<String> { visits.reduce(into: []) { $0.formUnion($1.possible) } }

  func patient(of visit: Visit) -> Int { story.promises[visit.promise].patient }
  func plan(of visit: Visit) -> String { story.promises[visit.promise].plan }

  // MARK: What is promised

  private mutating func promise(_ index: Int, at now: Instant) throws {
    let promise = story.promises[index]
    // Nothing is promised to who is dead or gone.
    guard !gone.contains(promise.patient) else { return }
    let number = numbers.count + 1
    numbers[index] = number
    guard let rule = promise.rule else { return try make(promise.anchor.date, of: index, number, at: now) }
    series[index] = Series(number: number, dates: try Self.dates(of: rule, from: promise.anchor.date), seenAt: now)
    try extend(index, at: now)
  }

  private mutating func make(_ date: CivilDate, of index: Int, _ number: Int, at now: Instant) throws {
    let promise = story.promises[index]
    var visit = Visit(
      subject: "F-\(number)@\(date)", promise: index, anchor: CivilDateTime(date: date, time: promise.anchor.time),
      madeAt: now)
    addSteps(to: &visit, at: now)
    byPromise[index, default: []].append(visits.count)
    visits.append(visit)
  }

  private func addSteps(to visit: inout Visit, at now: Instant) {
    for step in plan(of: visit.promise, at: now).steps {
      visit.names.insert("\(visit.subject)/\(visit.revision)/step/\(step.id)")
    }
  }

  private func plan(of promise: Int, at now: Instant) -> Plan {
    rules.at(now).settings.plans[story.promises[promise].plan] ?? RandomClinic.plans[0]
  }

  /// R5: "The first occurrence exists at once, and the next one always; later ones once their first step is at most 60
  /// days ahead."
  /// It is looked at whenever something happens to it, and makes then what became due meanwhile.
  private mutating func extend(_ index: Int, at now: Instant) throws {
    guard var series = series[index], !gone.contains(story.promises[index].patient) else { return }
    while series.made < series.dates.count {
      let date = series.dates[series.made]
      let open = try (byPromise[index] ?? []).filter { !visits[$0].isOver }
        .map { try instant(of: visits[$0], at: now) }
      var since = series.seenAt
      if open.count > 1, let last = open.max() {
        since = max(since, min(last, try firstStep(of: date, index, at: now) - 60 * 86_400))
      }
      guard since <= now else { break }
      try make(date, of: index, series.number, at: since)
      series.made += 1
    }
    series.seenAt = now
    self.series[index] = series
  }

  private func firstStep(of date: CivilDate, _ index: Int, at now: Instant) throws -> Instant {
    let promise = story.promises[index]
    let walk = MinuteWalk(zone: try rules.zone(story.patients[promise.patient].zone, at: now), hours: .standard)
    let anchor = MinuteWalk.instant(
      of: CivilDateTime(date: date, time: promise.anchor.time), in: try rules.zone(promise.zone, at: now))
    return plan(of: index, at: now).steps.map { walk.intended($0.at, anchor: anchor) }.min() ?? anchor
  }

  func instant(of visit: Visit, at now: Instant) throws -> Instant {
    MinuteWalk.instant(of: visit.anchor, in: try rules.zone(story.promises[visit.promise].zone, at: now))
  }

  /// R10: a visit that is not over takes the steps that its plan has now.
  private mutating func takeUp(_ change: RulesInForce.Span) throws {
    for promise in series.keys { try extend(promise, at: change.from - 1) }
    for index in visits.indices where !gone.contains(story.promises[visits[index].promise].patient) {
      var planned = visits[index]
      addSteps(to: &planned, at: change.from)
      if planned.isOver {
        visits[index].possible.formUnion(planned.names.subtracting(visits[index].names))
      } else {
        visits[index] = planned
      }
    }
  }

  // MARK: What happens

  private mutating func happen(_ happening: RandomClinic.Happening, at now: Instant) throws {
    switch happening.act {
    case .stop(let patient): withdrawn.insert(patient)
    case .deceased(let patient), .inactive(let patient):
      for promise in series.keys where story.promises[promise].patient == patient { try extend(promise, at: now) }
      withdrawn.insert(patient)
      gone.insert(patient)
      let isDead = happening.act == .deceased(patient: patient)
      for index in visits.indices where story.promises[visits[index].promise].patient == patient {
        visits[index].happened.insert(isDead ? .deceased : .inactive)
        if isDead, !visits[index].isOver { visits[index].status = .cancelled }
      }
    case .answer, .complete, .miss, .cancel, .move:
      guard let promise = happening.promise else { return }
      try extend(promise, at: now)
      guard let index = try meant(promise, at: now) else { return }
      happen(happening.act, to: &visits[index], at: now)
      try extend(promise, at: now)
    }
  }

  /// `F-12` is the earliest date that is not over.
  private func meant(_ promise: Int, at now: Instant) throws -> Int? {
    try (byPromise[promise] ?? []).filter { !visits[$0].isOver }
      .min { try instant(of: visits[$0], at: now) < instant(of: visits[$1], at: now) }
  }

  private func happen(_ act: RandomClinic.Act, to visit: inout Visit, at now: Instant) {
    switch act {
    case .answer(let answer):
      visit.answer = answer
      visit.status = answer == .yes ? .confirmed : .open
      switch answer {
      case .yes: visit.happened.insert(.confirmed)
      case .no: visit.happened.insert(.declined)
      case .rearrange: visit.happened.insert(.rearrange)
      case .callMe: visit.happened.insert(.callMe)
      case .none: break
      }
    case .complete:
      visit.status = .completed
      visit.happened.insert(.completed)
    case .miss:
      visit.status = .missed
      visit.happened.insert(.missed)
    case .cancel:
      visit.status = .cancelled
      visit.happened.insert(.cancelled)
    case .move(let anchor, let cause):
      guard anchor != visit.anchor else { return }
      visit.anchor = anchor
      visit.revision += 1
      visit.happened.insert(.moved)
      if cause == .clinic || visit.status != .confirmed { (visit.status, visit.answer) = (.open, .none) }
      addSteps(to: &visit, at: now)
    case .stop, .deceased, .inactive: break
    }
  }

  // MARK: Dates

  /// The dates of one of the story's rules: every so many weeks, or months and years on the same day, or the month's last
  /// where it has no such day; never more than five years of them.
  private static func dates(of rule: String, from first: CivilDate) throws -> [CivilDate] {
    let parts = Dictionary(
      uniqueKeysWithValues: rule.split(separator: ";").map { part in
        let pair = part.split(separator: "=").map(String.init)
        return (pair[0], pair[1])
      })
    let interval = parts["INTERVAL"].flatMap(Int.init) ?? 1
    let count = min(parts["COUNT"].flatMap(Int.init) ?? 1000, 5 * 52)
    switch parts["FREQ"] {
    case "WEEKLY": return (0..<count).map { first.adding(days: $0 * interval * 7) }
    case "MONTHLY": return try (0..<min(count, 60)).map { try month(first, after: $0 * interval) }
    case "YEARLY": return try (0..<min(count, 5)).map { try month(first, after: $0 * interval * 12) }
    default: throw HarnessError("no story has the rule \(rule)")
    }
  }

  private static func month(_ first: CivilDate, after months: Int) throws -> CivilDate {
    let month = first.year * 12 + first.month - 1 + months
    let found = stride(from: first.day, to: 27, by: -1).lazy
      .compactMap { CivilDate(year: month / 12, month: month % 12 + 1, day: $0) }.first
    return try #require(found ?? CivilDate(year: month / 12, month: month % 12 + 1, day: first.day))
  }
}
