package import FollowUpCore
internal import GRDB

extension Transaction {
  // MARK: What all is planned by

  package func plannedBy() throws -> PlannedBy {
    PlannedBy(try String.fetchOne(db, sql: "SELECT planned_by FROM instance") ?? "")
  }

  /// From here until `endPlanning` rows may be by either digest: a crash in between makes the next start begin anew.
  package func beginPlanning(by digest: PlanningDigest) throws {
    var planned = try plannedBy()
    planned.isUnderWay = true
    // Nothing to tell the old rules by: the first time.
    if planned.digest == nil { planned.digest = digest }
    try db.execute(sql: "UPDATE instance SET planned_by = ?", arguments: [planned.text])
  }

  /// Everything open is planned by what is in force. Each loaded text of a plan is kept from here on.
  package func endPlanning(by replanner: Replanner, now: Instant) throws {
    for plan in replanner.settings.plans.values {
      try db.execute(
        sql: "UPDATE plan_version SET loaded_at = ? WHERE id = ?",
        arguments: [now.seconds, planVersion(of: plan, now: now)])
    }
    try closeRepaired(replanner.settings, replanner.zones, now: now)
    var planned = PlannedBy("")
    planned.digest = replanner.digest
    try db.execute(
      sql: "UPDATE instance SET planned_by = ?, zone_data = ?",
      arguments: [planned.text, replanner.zones.version ?? ""])
  }

  /// Whether anything was ever promised.
  func hasOccurrences() throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM occurrence)") ?? false
  }

  /// Active follow-ups by the plan that they use.
  package func plansInUse() throws -> [String: Int] {
    try Row.fetchAll(db, sql: "SELECT plan, count(*) FROM follow_up WHERE status = 'active' GROUP BY plan")
      .reduce(into: [:]) { $0[$1[0] as String] = $1[1] }
  }

  // MARK: Planning anew

  /// Plans what is still ahead of an occurrence anew, for a cause that is no move: another zone, other hours, another plan,
  /// a patient who is active again. What was sent or ended stays as it is, and nothing is sent in the past (R10). An
  /// escalation that this one is newly given is due now if its instant has passed. Withdraw claims first.
  /// - Throws: `ZoneError` if a zone of it is unknown.
  package func planAnew(occurrence id: Int64, settings: Settings, zones: any ZoneSource, now: Instant) throws {
    let book = PlanBook(settings, zones, now: now)
    guard let visit = try openVisits(from: id, through: id, limit: 1, isAnyStatus: true).visits.first else { return }
    _ = try planAnew(
      visit, try stepRows(from: id, through: id)[id] ?? [], escalation: try escalations(from: id, through: id)[id],
      book, isRehearsal: false, isByStaff: true)
    try settle(occurrence: id, now: now)
  }

  /// The next batch of open occurrences after the number `after`. A row whose zone cannot be read stays as it is and
  /// becomes a task; others go on (promise 18).
  /// - Returns: what changed, and where the next batch begins; nil: that was all.
  package func planAnew(
    after: Int64, by replanner: Replanner, now: Instant, isRehearsal: Bool = false
  ) throws -> (tally: PlanningTally, next: Int64?) {
    let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM occurrence")) ?? 0
    // A stretch of old, closed occurrences must not make one batch long.
    let end = after + Int64(Replanner.batch * 8)
    let (visits, stop) = try openVisits(from: after + 1, through: end, limit: Replanner.batch)
    let tally = try planAnew(visits, replanner, now: now, isRehearsal: isRehearsal)
    let reached = stop ?? end
    return (tally, reached < last ? reached : nil)
  }

  /// At once if nothing fails; else each by itself, so that one that fails undoes nothing of the others (promise 33).
  private func planAnew(
    _ visits: [OpenVisit], _ replanner: Replanner, now: Instant, isRehearsal: Bool
  ) throws -> PlanningTally {
    func book() -> PlanBook { PlanBook(replanner.settings, replanner.zones, now: now) }
    var tally = PlanningTally()
    let all = book()
    if try attempt({ tally = try planAnew(visits, all, isRehearsal: isRehearsal) }) == nil { return tally }
    tally = PlanningTally()
    for visit in visits {
      var one = PlanningTally()
      let own = book()
      if try attempt({ one = try planAnew([visit], own, isRehearsal: isRehearsal) }) == nil {
        tally += one
      } else if !isRehearsal {
        // As it was planned before; if that cannot be told a person either, the look at its reminders will.
        _ = try attempt { try tellUnreadable(visit, book(), tried: "unreadable") }
      }
    }
    return tally
  }

  private func planAnew(_ visits: [OpenVisit], _ book: PlanBook, isRehearsal: Bool) throws -> PlanningTally {
    var tally = PlanningTally()
    guard let first = visits.first?.id, let last = visits.last?.id else { return tally }
    let rows = try stepRows(from: first, through: last)
    let escalations = try escalations(from: first, through: last)
    for visit in visits {
      do {
        tally += try planAnew(
          visit, rows[visit.id] ?? [], escalation: escalations[visit.id], book, isRehearsal: isRehearsal)
      } catch is ZoneError {
        // Of one that nothing is left to send of, nobody needs to know.
        guard rows[visit.id]?.contains(where: { !$0.standing.state.isFinal }) ?? false else { continue }
        tally.unreadable += 1
        if !isRehearsal { try tellUnreadable(visit, book) }
      }
    }
    return tally
  }

  private func planAnew(
    _ visit: OpenVisit, _ rows: [StepRow], escalation: Instant?, _ book: PlanBook, isRehearsal: Bool,
    isByStaff: Bool = false
  ) throws -> PlanningTally {
    var tally = PlanningTally()
    guard let priority = Priority(rawValue: visit.priority), let civil = CivilDateTime(visit.civil),
      let (plan, version) = try book.plan(named: visit.plan, in: self, isRehearsal: isRehearsal)
    else { return tally }
    let anchor = try book.zones.zone(named: visit.zone).instant(of: civil)
    let zone = try book.zones.zone(named: visit.patientZone ?? book.settings.clinic.zone)
    var hasChanged = false
    if anchor != visit.anchorAt {
      hasChanged = true
      if !isRehearsal { try setAnchor(anchor, of: visit.id, now: book.now) }
    }
    guard visit.patient == .active else {
      tally.occurrences = hasChanged ? 1 : 0
      return tally
    }
    let hours = visit.patientHours.flatMap(book.hours) ?? book.settings.contactHours.week
    let planned = Planner(patientZone: zone, hours: hours, now: book.now)
      .reminders(of: plan, anchor: anchor, key: visit.subject)
    let replanning = Replanning(priority: priority, hours: hours, zone: zone, now: book.now)
    let writer = ReminderWriter(visit: visit, priority: priority, anchor: anchor, version: version, book: book)
    var left = rows.filter { $0.revision == visit.revision }
    var isAhead = false
    var isHanded = false
    func apply(_ change: ReminderChange?, to row: StepRow?, step: String, isBefore: Bool) throws {
      if isBefore, (change?.state ?? row?.standing.state).map({ !$0.isFinal }) ?? false { isAhead = true }
      guard let change else { return }
      hasChanged = true
      if change.state == .handed { isHanded = true }
      tally.count(change.kind)
      if !isRehearsal { try write(change, to: row, step: step, by: writer) }
    }
    for (step, reminder) in zip(plan.steps, planned) {
      var row: StepRow?
      if let index = left.firstIndex(where: { $0.step == step.id }) {
        var found = left.remove(at: index)
        found.standing.isOfPresentPlan = found.version == version
        row = found
      }
      let standing = Standing.of(step.when, status: visit.status, answer: visit.answer)
      try apply(
        replanning.change(of: row?.standing, to: reminder, standing: standing), to: row, step: step.id,
        isBefore: step.at.isBefore)
    }
    for row in left {
      try apply(
        replanning.change(of: row.standing, to: nil, standing: .applies), to: row, step: row.step, isBefore: false)
    }
    if !isRehearsal {
      if tally.cancelled > 0 {
        try cancelEmptyMessages(of: visit.id, now: book.now)
        // Whoever has a task for a step of it knows.
        if !isAhead, !isHanded, anchor > book.now { try tellLost(writer) }
      }
      try planEscalation(of: plan, writer, zone, present: escalation, isByStaff: isByStaff)
    }
    tally.occurrences = hasChanged ? 1 : 0
    return tally
  }

  // MARK: Rows

  /// Those of a stretch that can be read, and the number of the last row, read or not, if the limit cut the stretch short.
  private func openVisits(
    from first: Int64, through last: Int64, limit: Int, isAnyStatus: Bool = false
  ) throws -> (visits: [OpenVisit], stop: Int64?) {
    let open =
      isAnyStatus
      ? ""
      : """
      AND (o.status IN ('open', 'confirmed') OR EXISTS (
        SELECT 1 FROM reminder r WHERE r.occurrence_id = o.id
          AND r.state IN ('planned', 'deferred', 'held', 'claimed', 'waiting', 'uncertain')))
      """
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT o.id, o.follow_up_id, o.key, o.civil, o.zone, o.anchor_at, o.revision, o.status, o.answer, f.plan,
            f.priority, f.owner, f.patient_id, p.zone, p.hours, p.status
          FROM occurrence o CROSS JOIN follow_up f ON f.id = o.follow_up_id CROSS JOIN patient p ON p.id = f.patient_id
          WHERE o.id >= ? AND o.id <= ? \(open) ORDER BY o.id LIMIT ?
          """), arguments: [first, last, limit])
    var visits: [OpenVisit] = []
    var (count, lastSeen) = (0, first)
    while let row = try rows.next() {
      (count, lastSeen) = (count + 1, row[0])
      if let visit = OpenVisit(row) { visits.append(visit) }
    }
    return (visits, count == limit ? lastSeen : nil)
  }

  private func stepRows(from first: Int64, through last: Int64) throws -> [Int64: [StepRow]] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT id, occurrence_id, revision, step, state, reason, intended_at, planned_at, expires_at, wake_at,
            plan_version_id,
            EXISTS (SELECT 1 FROM message WHERE message.id = reminder.message_id AND doubts > 0
              AND message.state IN ('claimed', 'waiting', 'uncertain'))
          FROM reminder WHERE occurrence_id >= ? AND occurrence_id <= ? AND kind = 'step'
          """), arguments: [first, last])
    var found: [Int64: [StepRow]] = [:]
    while let row = try rows.next() {
      if let step = StepRow(row) { found[row[1], default: []].append(step) }
    }
    return found
  }

  private func escalations(from first: Int64, through last: Int64) throws -> [Int64: Instant] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT occurrence_id, due_at FROM deadline
          WHERE occurrence_id IS NOT NULL AND occurrence_id >= ? AND occurrence_id <= ? AND kind = 'escalation'
          """), arguments: [first, last])
    var found: [Int64: Instant] = [:]
    while let row = try rows.next() { found[row[0]] = Instant(row[1] as Int64) }
    return found
  }

  private func setAnchor(_ anchor: Instant, of occurrence: Int64, now: Instant) throws {
    try db.cachedStatement(sql: "UPDATE occurrence SET anchor_at = ?, updated_at = ? WHERE id = ?")
      .execute(arguments: [anchor.seconds, now.seconds, occurrence])
  }

  private func write(_ change: ReminderChange, to row: StepRow?, step: String, by writer: ReminderWriter) throws {
    let task: Int64? =
      switch (change.state, change.reason) {
      case (.handed, .uncertainDelivery): try writer.openTask(.uncertainDelivery, tried: ["step=\(step)"], in: self)
      case (.handed, _): try writer.openTask(.noPermittedTime, in: self)
      default: nil
      }
    let version = change.takesPlan ? writer.version : row?.version
    let now = writer.book.now.seconds
    if let row {
      // A new instant is what lateness counts from; other hours shift it as clearance would (R11).
      let isPlacedAnew = change.plannedAt != row.standing.plannedAt || change.state != row.standing.state
      let sendable = change.reason == .outsideHours ? change.wakeAt : nil
      try db.cachedStatement(
        sql: """
          UPDATE reminder SET intended_at = ?, planned_at = ?, expires_at = ?, wake_at = ?, plan_version_id = ?,
            state = ?, reason = ?, answers = CASE WHEN ? THEN NULL ELSE answers END,
            sendable_at = CASE WHEN ? THEN NULL ELSE coalesce(?, sendable_at) END,
            task_id = coalesce(?, task_id), updated_at = ?
          WHERE id = ?
          """
      ).execute(arguments: [
        change.intendedAt.seconds, change.plannedAt.seconds, change.expiresAt.seconds, change.wakeAt?.seconds, version,
        change.state.rawValue, change.reason?.rawValue, isPlacedAnew, isPlacedAnew, sendable?.seconds, task, now,
        row.id,
      ])
    } else {
      try db.cachedStatement(
        sql: """
          INSERT INTO reminder (occurrence_id, revision, kind, step, plan_version_id, priority, intended_at, planned_at,
            expires_at, wake_at, state, reason, task_id, updated_at)
          VALUES (?, ?, 'step', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        writer.visit.id, writer.visit.revision, step, version, writer.priority.rank, change.intendedAt.seconds,
        change.plannedAt.seconds, change.expiresAt.seconds, change.wakeAt?.seconds, change.state.rawValue,
        change.reason?.rawValue, task, now,
      ])
    }
  }

  /// R10: one that was due already fires, and none fires twice. One whose instant has passed is made only where staff
  /// changed this follow-up or patient: another configuration must not call all of them at once.
  private func planEscalation(
    of plan: Plan, _ writer: ReminderWriter, _ zone: Zone, present: Instant?, isByStaff: Bool
  ) throws {
    let visit = writer.visit
    let now = writer.book.now
    guard let escalation = plan.escalation, writer.priority != .routine || escalation.routine, writer.anchor > now,
      visit.status == .open, visit.answer == .none
    else {
      if present != nil { try removeDeadlines(of: visit.id, .escalation) }
      return
    }
    let at = escalation.after.instant(anchor: writer.anchor, in: zone)
    if let present {
      let next = max(at, min(present, now))
      if next != present { try setDeadline(.escalation, subject: visit.subject, occurrence: visit.id, at: next) }
    } else if isByStaff || at > now, try !hasEscalated(visit.id) {
      try setDeadline(.escalation, subject: visit.subject, occurrence: visit.id, at: max(now, at))
    }
  }

  private func hasEscalated(_ occurrence: Int64) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM task WHERE occurrence_id = ? AND occurrence_id IS NOT NULL AND reason = 'unconfirmed')
          """), arguments: [occurrence]) ?? false
  }

  // MARK: What people are told

  /// Nothing is left that would reach a patient who must be reached: a person takes over.
  private func tellLost(_ writer: ReminderWriter) throws {
    guard writer.priority != .routine, writer.visit.status == .open || writer.visit.status == .confirmed,
      try !wasEverSent(occurrence: writer.visit.id)
    else { return }
    _ = try writer.openTask(.manual, tried: [Reason.planChanged.rawValue], in: self)
  }

  /// What `tried` says in the task of an occurrence that could not be planned.
  package static let unreadableZone = "zone-unreadable"

  private func tellUnreadable(_ visit: OpenVisit, _ book: PlanBook, tried: String = unreadableZone) throws {
    guard visit.patient == .active else { return }
    let writer = ReminderWriter(
      visit: visit, priority: Priority(rawValue: visit.priority) ?? .routine, anchor: visit.anchorAt, version: nil,
      book: book)
    _ = try writer.openTask(.manual, tried: [tried], in: self)
  }

  /// Closes the tasks of occurrences whose zones can be read again, but for those that a reminder ended in.
  private func closeRepaired(_ settings: Settings, _ zones: any ZoneSource, now: Instant) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT task.id, occurrence.zone, patient.zone FROM task JOIN occurrence ON occurrence.id = task.occurrence_id
          JOIN follow_up ON follow_up.id = occurrence.follow_up_id JOIN patient ON patient.id = follow_up.patient_id
        WHERE task.state IN ('open', 'taken') AND task.reason = 'manual' AND task.tried = ?
          AND NOT EXISTS (SELECT 1 FROM reminder
            WHERE reminder.occurrence_id = occurrence.id AND reminder.task_id = task.id)
        """, arguments: ["[\"\(Self.unreadableZone)\"]"])
    for row in rows {
      let names: [String] = [row[1], row[2] ?? settings.clinic.zone]
      guard names.allSatisfy({ (try? zones.zone(named: $0)) != nil }) else { continue }
      try db.execute(
        sql: """
          UPDATE task SET flagged = CASE state WHEN 'taken' THEN 1 ELSE flagged END,
            closed_at = CASE state WHEN 'open' THEN ? END, closed_by = CASE state WHEN 'open' THEN 'followupd' END,
            state = CASE state WHEN 'open' THEN 'closed' ELSE state END
          WHERE id = ?
          """, arguments: [now.seconds, row[0] as Int64])
    }
  }
}

extension PlanningTally {
  fileprivate mutating func count(_ kind: ReminderChange.Kind) {
    switch kind {
    case .added: added += 1
    case .moved: moved += 1
    case .cancelled: cancelled += 1
    case .silent: break
    }
  }
}

/// An occurrence with what decides its planning.
private struct OpenVisit {
  var id: Int64
  var followUpID: Int64
  var key: String
  var civil: String
  var zone: String
  var anchorAt: Instant
  var revision: Int
  var status: OccurrenceStatus
  var answer: Answer
  var plan: String
  var priority: String
  var owner: String
  var patientID: Int64
  var patientZone: String?
  var patientHours: String?
  var patient: PatientStatus

  var subject: String { SubjectID.occurrence(followUp: followUpID, key: key) }

  /// Nil for a row that does not parse: it blocks no other.
  init?(_ row: Row) {
    guard let status = OccurrenceStatus(rawValue: row[7]), let answer = Answer(rawValue: row[8]),
      let patient = PatientStatus(rawValue: row[15])
    else { return nil }
    id = row[0]
    followUpID = row[1]
    key = row[2]
    civil = row[3]
    zone = row[4]
    anchorAt = Instant(row[5])
    revision = row[6]
    self.status = status
    self.answer = answer
    plan = row[9]
    priority = row[10]
    owner = row[11]
    patientID = row[12]
    patientZone = row[13]
    patientHours = row[14]
    self.patient = patient
  }
}

/// A step's reminder as it stands.
private struct StepRow {
  var id: Int64
  var revision: Int
  var step: String
  var standing: StandingReminder
  var version: Int64?

  init?(_ row: Row) {
    guard let state = ReminderState(rawValue: row[4]) else { return nil }
    id = row[0]
    revision = row[2]
    step = row[3]
    standing = StandingReminder(
      state: state, reason: (row[5] as String?).flatMap(Reason.init(rawValue:)), intendedAt: Instant(row[6]),
      plannedAt: Instant(row[7]), expiresAt: Instant(row[8]), wakeAt: (row[9] as Int64?).map { Instant($0) },
      isOfPresentPlan: false, isInDoubt: row[11])
    version = row[10]
  }
}

/// The plans and hours of one transaction, each looked up once.
private final class PlanBook {
  let settings: Settings
  let zones: any ZoneSource
  let now: Instant
  private var plans: [String: (plan: Plan, version: Int64?)] = [:]
  private var hoursByText: [String: ContactHours?] = [:]

  init(_ settings: Settings, _ zones: any ZoneSource, now: Instant) {
    self.settings = settings
    self.zones = zones
    self.now = now
  }

  /// The plan in force, or its last text if it is gone. The version is nil where a rehearsal meets a new text.
  func plan(
    named name: String, in transaction: Transaction, isRehearsal: Bool
  ) throws -> (plan: Plan, version: Int64?)? {
    if let known = plans[name] { return known }
    guard let plan = try settings.plans[name] ?? transaction.latestPlan(named: name) else { return nil }
    let version =
      isRehearsal ? try transaction.knownVersion(of: plan) : try transaction.planVersion(of: plan, now: now)
    plans[name] = (plan, version)
    return (plan, version)
  }

  func hours(_ text: String) -> ContactHours? {
    if let known = hoursByText[text] { return known }
    let hours = ContactHours(text)
    hoursByText[text] = .some(hours)
    return hours
  }
}

/// What writing a change needs to know of its occurrence.
private struct ReminderWriter {
  var visit: OpenVisit
  var priority: Priority
  var anchor: Instant
  var version: Int64?
  var book: PlanBook

  func openTask(_ reason: TaskReason, tried: [String] = [], in transaction: Transaction) throws -> Int64 {
    try transaction.openTask(
      NewTask(
        subject: visit.subject, reason: reason, patientID: visit.patientID, occurrenceID: visit.id, priority: priority,
        owner: visit.owner,
        dueAt: taskDue(priority, now: book.now, anchor: anchor, settings: book.settings, zones: book.zones),
        tried: tried), now: book.now)
  }
}
