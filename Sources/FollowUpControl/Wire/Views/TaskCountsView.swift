/// Open work for people.
package struct TaskCountsView: Codable, Equatable, Sendable {
  package var open: Int
  package var urgent: Int
  package var overdue: Int
  package var unowned: Int

  package init(open: Int, urgent: Int, overdue: Int, unowned: Int) {
    self.open = open
    self.urgent = urgent
    self.overdue = overdue
    self.unowned = unowned
  }
}
