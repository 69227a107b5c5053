/// What R10 needs to know of one due step of an occurrence.
package struct DueStep: Sendable, Equatable {
  package var id: Int64
  package var intendedAt: Instant
  package var plannedAt: Instant
  package var policy: LatePolicy
  /// The plan's `late_after`, in seconds.
  package var lateAfter: Int64
  /// Retries and what was deferred by hours or budget are not late.
  package var isFirstLook: Bool

  package init(
    id: Int64, intendedAt: Instant, plannedAt: Instant, policy: LatePolicy, lateAfter: Int64, isFirstLook: Bool
  ) {
    self.id = id
    self.intendedAt = intendedAt
    self.plannedAt = plannedAt
    self.policy = policy
    self.lateAfter = lateAfter
    self.isFirstLook = isFirstLook
  }
}

/// R10: what becomes of each due step of one occurrence.
package enum Lateness: Sendable, Equatable {
  case goes
  /// `late = "skip"`
  case skipped
  /// `late = "ask"`: a person decides.
  case asked
  /// A later step of the same occurrence is due or has gone.
  case superseded

  /// `due` are the steps that pass checks 2 and 3 of R12; `lastSent` is the intended instant of the latest step that went.
  package static func decide(_ due: [DueStep], lastSent: Instant?, now: Instant) -> [Int64: Lateness] {
    var verdicts: [Int64: Lateness] = [:]
    var left: [DueStep] = []
    for step in due {
      let isLate = step.isFirstLook && now - step.plannedAt > step.lateAfter
      switch (isLate, step.policy) {
      case (true, .skip): verdicts[step.id] = .skipped
      case (true, .ask): verdicts[step.id] = .asked
      default: left.append(step)
      }
    }
    let latest = left.max { ($0.intendedAt, $0.id) < ($1.intendedAt, $1.id) }
    for step in left {
      let isLatest = step.id == latest?.id && step.intendedAt >= lastSent ?? .distantPast
      verdicts[step.id] = isLatest ? .goes : .superseded
    }
    return verdicts
  }
}
