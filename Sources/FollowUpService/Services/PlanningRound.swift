internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// Whether everything open is planned by what is in force.
enum PlanningState: Sendable {
  /// To be looked at: the start, a reload, other zone files.
  case unchecked
  /// Some of it is not, whatever is recorded.
  case stale
  /// Anew, a batch a pass.
  case underWay(PlanningRun)
  case done

  var isDone: Bool {
    if case .done = self { true } else { false }
  }

  /// Whether a pass has to know by what all is to be planned.
  var needsReplanner: Bool {
    switch self {
    case .unchecked, .stale: true
    case .underWay, .done: false
    }
  }
}

/// Planning anew as far as it has come.
struct PlanningRun: Sendable {
  let replanner: Replanner
  /// What rows were planned by before; nil: nothing was recorded.
  let before: PlanningDigest?
  /// Occurrences up to this number are done.
  var reached: Int64 = 0
  var tally = PlanningTally()
  /// Series up to this subject are looked at again; nil: their turn has not come.
  var woken: String?

  var haveRulesChanged: Bool { before?.rules != replanner.digest.rules }
}

/// One pass' share of planning anew (R3, R10), inside its transaction. Until it is done nothing is sent, so that nothing
/// leaves by a row that is outdated while its batch is still to come: a matter of seconds.
struct PlanningRound {
  let transaction: Transaction
  let now: Instant
  let withdrawing: any Withdrawing
  private(set) var state: PlanningState
  private(set) var notes: [Note] = []

  init(_ transaction: Transaction, state: PlanningState, now: Instant, withdrawing: any Withdrawing) {
    self.transaction = transaction
    self.state = state
    self.now = now
    self.withdrawing = withdrawing
  }

  /// - Parameter replanner: by what is in force; nil where the state needs none.
  mutating func run(by replanner: Replanner?) throws {
    switch state {
    case .done: return
    case .unchecked:
      guard let replanner else { return }
      if try transaction.plannedBy().isAll(replanner.digest) {
        state = .done
      } else {
        try begin(replanner)
      }
    case .stale: if let replanner { try begin(replanner) }
    case .underWay(let run): try go(on: run)
    }
  }

  private mutating func begin(_ replanner: Replanner) throws {
    let planned = try transaction.plannedBy()
    try transaction.beginPlanning(by: replanner.digest)
    // What was claimed by the old plan and has not left is decided anew.
    try transaction.withdrawClaims(.all, via: withdrawing, now: now)
    try go(on: PlanningRun(replanner: replanner, before: planned.digest))
  }

  private mutating func go(on run: PlanningRun) throws {
    var run = run
    guard run.woken == nil else { return try wakeSeries(of: run) }
    let step = try transaction.planAnew(after: run.reached, by: run.replanner, now: now)
    run.tally += step.tally
    if let next = step.next {
      run.reached = next
      state = .underWay(run)
    } else if run.haveRulesChanged {
      run.woken = ""
      try wakeSeries(of: run)
    } else {
      try end(run)
    }
  }

  private mutating func wakeSeries(of run: PlanningRun) throws {
    var run = run
    run.woken = try transaction.wakeSeries(after: run.woken ?? "", limit: Replanner.batch, now: now)
    if run.woken == nil { try end(run) } else { state = .underWay(run) }
  }

  private mutating func end(_ run: PlanningRun) throws {
    try transaction.endPlanning(by: run.replanner, now: now)
    state = .done
    let (tally, digest) = (run.tally, run.replanner.digest)
    let zonesChanged = run.before.map { $0.zones != digest.zones } ?? false
    let rulesChanged = run.haveRulesChanged
    if zonesChanged {
      notes.append(
        Note(
          event: .zonesChanged,
          fields: [.version: run.replanner.zones.version ?? "unknown", .count: String(tally.moved)]))
    }
    let all = tally.added + tally.moved + tally.cancelled
    if all > 0, rulesChanged || !zonesChanged {
      notes.append(
        Note(event: .replanned, fields: [.count: String(all), .reason: Reason.planChanged.rawValue]))
    }
    if tally.unreadable > 0 {
      notes.append(Note(event: .zoneUnreadable, fields: [.count: String(tally.unreadable)]))
    }
    guard all > 0 || zonesChanged else { return }
    try transaction.audit(
      AuditRecord(
        "replan", "clinic",
        (zonesChanged ? ["zones"] : []) + (rulesChanged ? ["configuration"] : []) + [
          "added=\(tally.added)", "moved=\(tally.moved)", "cancelled=\(tally.cancelled)",
        ]), by: .daemon, at: now)
  }
}
