/// Follow-ups by status.
package struct FollowUpCountsView: Codable, Equatable, Sendable {
  package var active: Int
  package var ended: Int

  package init(active: Int, ended: Int) {
    self.active = active
    self.ended = ended
  }
}
