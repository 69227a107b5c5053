package import FollowUpCore

/// Plans everything that is open anew, by what is in force: in batches, so that other work goes on between them and memory
/// stays that of a batch (R3, R10).
package struct Replanner: Sendable {
  package let settings: Settings
  package let zones: any ZoneSource
  package let digest: PlanningDigest

  /// Occurrences that one batch plans.
  package static let batch = 500

  /// Reads the zone files' fingerprint, which the source keeps after the first time.
  package init(_ settings: Settings, _ zones: any ZoneSource) throws {
    self.settings = settings
    self.zones = zones
    digest = try PlanningDigest(settings, zones)
  }

  /// A new database goes by what is in force from its first row on: nothing of it is to be planned anew.
  package func adopt(_ store: SQLiteStore, now: Instant) throws {
    let isNew = try store.read { try $0.plannedBy().digest == nil && !$0.hasOccurrences() }
    if isNew { try store.write { try $0.endPlanning(by: self, now: now) } }
  }

  /// What planning anew would do now. Reads alone, and only a batch at a time.
  package func outlook(_ store: SQLiteStore, now: Instant) throws -> PlanningTally {
    var tally = PlanningTally()
    if try store.read({ try $0.plannedBy().isAll(digest) }) { return tally }
    var after: Int64? = 0
    while let start = after {
      let step = try store.read { transaction in
        try transaction.planAnew(after: start, by: self, now: now, isRehearsal: true)
      }
      tally += step.tally
      after = step.next
    }
    return tally
  }

  /// Plans everything anew, a transaction a batch; nothing where the digest is the same.
  package func run(_ store: SQLiteStore, now: Instant) throws -> PlanningTally {
    var tally = PlanningTally()
    if try store.read({ try $0.plannedBy().isAll(digest) }) { return tally }
    var after: Int64? = 0
    while let start = after {
      let step = try store.write { transaction in
        if start == 0 { try transaction.beginPlanning(by: digest) }
        let step = try transaction.planAnew(after: start, by: self, now: now)
        if step.next == nil { try transaction.endPlanning(by: self, now: now) }
        return step
      }
      tally += step.tally
      after = step.next
    }
    return tally
  }
}
