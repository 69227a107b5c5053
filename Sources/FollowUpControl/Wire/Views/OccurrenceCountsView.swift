/// Occurrences by status.
package struct OccurrenceCountsView: Codable, Equatable, Sendable {
  package var open: Int
  package var confirmed: Int
  package var completed: Int
  package var missed: Int
  package var cancelled: Int

  package init(open: Int, confirmed: Int, completed: Int, missed: Int, cancelled: Int) {
    self.open = open
    self.confirmed = confirmed
    self.completed = completed
    self.missed = missed
    self.cancelled = cancelled
  }
}
