/// R17: priority, then earliest expiry, then earliest instant; a batch keeps a fifth for routine.
package struct TriageKey: Sendable, Comparable {
  package var priority: Priority
  package var expires: Instant
  package var planned: Instant

  package init(priority: Priority, expires: Instant, planned: Instant) {
    self.priority = priority
    self.expires = expires
    self.planned = planned
  }

  package static func < (a: TriageKey, b: TriageKey) -> Bool {
    (a.priority.rank, a.expires, a.planned) < (b.priority.rank, b.expires, b.planned)
  }
}

/// How many of a batch each priority may take when `waiting` of each are due.
package func triageShares(of size: Int, waiting: [Priority: Int]) -> [Priority: Int] {
  let routine = waiting[.routine, default: 0]
  let kept = min(routine, size / 5)
  let urgent = min(waiting[.urgent, default: 0], size - kept)
  let soon = min(waiting[.soon, default: 0], size - kept - urgent)
  return [.urgent: urgent, .soon: soon, .routine: min(routine, size - urgent - soon)]
}
