/// Compares the files of a configuration with what is in force.
package enum DiffConfiguration: ControlMethod {
  package static let name = "org.followupd.DiffConfiguration"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// Absolute; null: the one in use.
    package var directory: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(directory: String? = nil) {
      self.directory = directory
    }
  }

  package struct Reply: Codable, Equatable, Sendable {
    /// Nothing differs.
    package var same: Bool
    /// By key.
    package var changes: [KeyChange]
    /// Reminders that a reload would add: they were not to be sent, and then are.
    package var added: Int
    /// Reminders that it would send at another instant.
    package var moved: Int
    /// Reminders that it would not send any more.
    package var cancelled: Int

    package init(same: Bool, changes: [KeyChange], added: Int, moved: Int, cancelled: Int) {
      self.same = same
      self.changes = changes
      self.added = added
      self.moved = moved
      self.cancelled = cancelled
    }
  }
}
