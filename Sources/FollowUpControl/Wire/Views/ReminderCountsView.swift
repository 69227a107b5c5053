/// Reminders by state, and what the day brought.
package struct ReminderCountsView: Codable, Equatable, Sendable {
  package var planned: Int
  package var deferred: Int
  package var held: Int
  package var claimed: Int
  package var waiting: Int
  package var uncertain: Int
  package var sentToday: Int
  package var failedToday: Int
  @Nullable package var oldestDue: String?

  package init(
    planned: Int, deferred: Int, held: Int, claimed: Int, waiting: Int, uncertain: Int, sentToday: Int,
    failedToday: Int, oldestDue: String?
  ) {
    self.planned = planned
    self.deferred = deferred
    self.held = held
    self.claimed = claimed
    self.waiting = waiting
    self.uncertain = uncertain
    self.sentToday = sentToday
    self.failedToday = failedToday
    self.oldestDue = oldestDue
  }
}
