import FollowUpCore
import FollowUpSystem
import Support

/// What must become of each reminder of a random clinic whose reminders have nothing to do with each other beyond their
/// visit: R4-R16 told as a story of one visit at a time, without a database, a dispatcher, a batch or the planner. What it
/// shares with the program `MinuteWalk` names.
struct ReminderOracle {
  struct Fate: Equatable {
    var state: ReminderState
    var at: Instant
  }

  private struct Row {
    var revision: Int
    var step: Step
    var planned: MinuteWalk.Placed
    /// Nil while it waits for somebody to mark the visit.
    var wake: Instant?
    /// Looked at in time already, and put off.
    var isPutOff = false
    var fate: Fate?
  }

  private let clinic: RandomClinic
  private let patient: RandomClinic.Patient
  private let plan: Plan
  private let walk: MinuteWalk
  private let dueZone: Zone
  private let subject: String
  private var rows: [Row] = []
  private var revision = 0
  private var status = OccurrenceStatus.open
  private var answer = Answer.none
  private var hasStopped = false
  private var isGone = false

  /// By `F-12@2026-12-01/1/step/day-before`.
  static func fates(
    of clinic: RandomClinic, _ diary: RandomClinic.Diary, zones: any ZoneSource
  ) throws -> [String: Fate] {
    var fates: [String: Fate] = [:]
    for (index, id) in diary.ids {
      var oracle = try ReminderOracle(clinic, clinic.promises[index], id: id, zones: zones)
      let mine = clinic.happenings.enumerated().filter { number, happening in
        !diary.refused.contains(number)
          && (happening.promise == index
            || happening.promise == nil && oracle.concerns(happening.act))
      }
      oracle.live(mine.map(\.element), promise: clinic.promises[index])
      for row in oracle.rows {
        fates["\(oracle.subject)/\(row.revision)/step/\(row.step.id)"] =
          row.fate ?? Fate(state: .planned, at: .distantFuture)
      }
    }
    return fates
  }

  private init(
    _ clinic: RandomClinic, _ promise: RandomClinic.Promise, id: String, zones: any ZoneSource
  ) throws {
    self.clinic = clinic
    patient = clinic.patients[promise.patient]
    plan = clinic.settings.plans[promise.plan] ?? RandomClinic.plans[0]
    walk = MinuteWalk(
      zone: try zones.zone(named: patient.zone),
      hours: try patient.hours.map { try ContactHours(text: $0) } ?? clinic.settings.contactHours.week)
    dueZone = try zones.zone(named: promise.zone)
    subject = "\(id.prefix { $0 != "@" })@\(promise.anchor.date)"
  }

  private func concerns(_ act: RandomClinic.Act) -> Bool {
    switch act {
    case .stop(let index), .deceased(let index), .inactive(let index):
      clinic.patients[index].ref == patient.ref
    default: false
    }
  }

  // MARK: The story

  private mutating func live(_ happenings: [RandomClinic.Happening], promise: RandomClinic.Promise) {
    // What the patient did before was before.
    for happening in happenings where happening.at < promise.addedAt {
      if case .stop = happening.act { hasStopped = true }
    }
    plan(promise.anchor, at: promise.addedAt)
    var left = happenings.filter { $0.at >= promise.addedAt }
    var now = promise.addedAt
    while now <= clinic.end {
      look(at: now)
      let next =
        rows.filter { $0.fate == nil }.map { $0.wake ?? $0.planned.expiresAt }.min()
        ?? .distantFuture
      if let happening = left.first, happening.at <= max(next, now + 1) {
        left.removeFirst()
        now = happening.at
        happen(happening.act, at: now)
      } else if next < .distantFuture {
        now = max(next, now + 1)
      } else {
        break
      }
    }
  }

  private mutating func plan(_ anchor: CivilDateTime, at now: Instant) {
    revision += 1
    let anchorAt = MinuteWalk.instant(of: anchor, in: dueZone)
    for step in plan.steps {
      let planned = walk.place(step, anchor: anchorAt, key: subject, now: now)
      var row = Row(revision: revision, step: step, planned: planned, wake: planned.plannedAt)
      if !planned.isPermitted {
        row.fate = Fate(state: plan.priority == .routine ? .dropped : .handed, at: now)
      }
      rows.append(row)
    }
  }

  private mutating func happen(_ act: RandomClinic.Act, at now: Instant) {
    switch act {
    case .answer(let given):
      answer = given
      status = given == .yes ? .confirmed : .open
    case .complete: status = .completed
    case .miss: status = .missed
    case .cancel: status = .cancelled
    case .move(let anchor, let cause):
      end(at: now) { _ in true }
      if cause == .clinic || status != .confirmed { (status, answer) = (.open, .none) }
      plan(anchor, at: now)
    case .stop: hasStopped = true
    case .deceased, .inactive: isGone = true
    }
    // Nothing more for who is dead or gone, a move after it included.
    if isGone { end(at: now) { _ in true } }
    // R14: what can never apply again is cleared at once, and what waited for this is woken.
    let gone = StepWhen.allCases.filter { !canStillApply($0) }
    end(at: now) { gone.contains($0.step.when) }
    for index in rows.indices where rows[index].fate == nil && rows[index].wake == nil {
      if applies(rows[index].step.when) {
        rows[index].wake = max(now, rows[index].planned.plannedAt)
      }
    }
  }

  private mutating func end(at now: Instant, where isGone: (Row) -> Bool) {
    for index in rows.indices where rows[index].fate == nil && isGone(rows[index]) {
      rows[index].fate = Fate(state: .cancelled, at: now)
    }
  }

  /// R12: `unconfirmed` is open without an answer, `expected` open or confirmed.
  private func applies(_ when: StepWhen) -> Bool {
    switch when {
    case .unconfirmed: status == .open && answer == .none
    case .expected: status == .open || status == .confirmed
    case .confirmed: status == .confirmed
    case .missed: status == .missed
    case .completed: status == .completed
    }
  }

  /// An answer ends what asked for one; an end ends all but what is for that end.
  private func canStillApply(_ when: StepWhen) -> Bool {
    let isOver = status != .open && status != .confirmed
    return isOver ? applies(when) : when == .unconfirmed ? status == .open && answer == .none : true
  }

  // MARK: One look at the visit's due steps (R10)

  private mutating func look(at now: Instant) {
    func isDue(_ row: Row) -> Bool { row.fate == nil && (row.wake ?? row.planned.expiresAt) <= now }
    guard rows.contains(where: isDue) else { return }
    var left: [Int] = []
    for index in rows.indices where rows[index].fate == nil && rows[index].planned.plannedAt <= now {
      let row = rows[index]
      let isExpired = now >= row.planned.expiresAt
      switch row.step.when {
      case .missed where status == .open || status == .confirmed,
        .completed where status == .open || status == .confirmed:
        if isExpired { finish(index, .expired, now) } else { putOff(index, until: nil) }
      case _ where !applies(row.step.when): finish(index, .dropped, now)
      case _ where isExpired: finish(index, .expired, now)
      default: left.append(index)
      }
    }
    left = left.filter { index in
      let isLate =
        !rows[index].isPutOff && now - rows[index].planned.plannedAt > plan.lateAfter.seconds
      switch (isLate, rows[index].step.late) {
      case (true, .skip): finish(index, .dropped, now)
      case (true, .ask): finish(index, .handed, now)
      default: return true
      }
      return false
    }
    let sent = rows.filter { $0.fate?.state == .sent && $0.revision == revision }.map(
      \.planned.intendedAt
    ).max()
    guard let latest = left.max(by: { intended($0) < intended($1) }) else { return }
    for index in left {
      if index != latest || intended(index) < sent ?? .distantPast {
        finish(index, .superseded, now)
      } else if isDue(rows[index]) {
        clear(index, at: now)
      }
    }
  }

  private func intended(_ index: Int) -> Instant { rows[index].planned.intendedAt }

  /// Checks 4 to 8 of R12; there is room in every budget.
  private mutating func clear(_ index: Int, at now: Instant) {
    if patient.isCallOnly || plan.callOnly { return finish(index, .handed, now) }
    let usable = patient.contacts.contains { $0.consent == .granted && !$0.isWrong && !hasStopped }
    guard usable else {
      // The first contact's reason decides: a stop ends what is routine in silence.
      let isStopped = hasStopped && !patient.contacts.isEmpty
      return finish(index, isStopped && plan.priority == .routine ? .dropped : .handed, now)
    }
    if walk.allows(now) { return finish(index, .sent, now) }
    if let next = walk.firstAllowed(from: now, before: rows[index].planned.expiresAt) {
      return putOff(index, until: next)
    }
    finish(index, plan.priority == .routine ? .dropped : .handed, now)
  }

  private mutating func finish(_ index: Int, _ state: ReminderState, _ now: Instant) {
    rows[index].fate = Fate(state: state, at: now)
  }

  private mutating func putOff(_ index: Int, until: Instant?) {
    rows[index].wake = until
    rows[index].isPutOff = true
  }
}
