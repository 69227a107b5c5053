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
}

/// Planning anew as far as it has come.
struct PlanningRun: Sendable {
  let replanner: Replanner
  /// What rows were planned by before; nil: nothing was recorded.
  let before: PlanningDigest?
  /// Occurrences up to this number are done.
  var reached: Int64 = 0
  var tally = PlanningTally()
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

  /// - Parameter replanner: by what is in force; asked for only where that is not known to be done.
  mutating func run(_ replanner: () throws -> Replanner) throws {
    switch state {
    case .done: return
    case .unchecked:
      let replanner = try replanner()
      if try transaction.plannedBy().isAll(replanner.digest) {
        state = .done
      } else {
        try begin(replanner)
      }
    case .stale: try begin(try replanner())
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
    let step = try transaction.planAnew(after: run.reached, by: run.replanner, now: now)
    run.tally += step.tally
    if let next = step.next {
      run.reached = next
      state = .underWay(run)
    } else {
      try end(run)
    }
  }

  private mutating func end(_ run: PlanningRun) throws {
    try transaction.endPlanning(by: run.replanner, now: now)
    state = .done
    let (tally, digest) = (run.tally, run.replanner.digest)
    let zonesChanged = run.before.map { $0.zones != digest.zones } ?? false
    let rulesChanged = run.before?.rules != digest.rules
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
