/// Checks plans without loading them.
package enum CheckPlans: ControlMethod {
  package static let name = "org.followupd.CheckPlans"
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
    package var ok: Bool
    /// Files read.
    package var checked: Int
    package var faults: [Fault]
    /// Reminders that would be sent and now are not to be; 0 where there are faults.
    package var added: Int
    /// Reminders that would be sent at another instant.
    package var moved: Int
    /// Reminders that would not be sent any more.
    package var cancelled: Int

    package init(ok: Bool, checked: Int, faults: [Fault], added: Int = 0, moved: Int = 0, cancelled: Int = 0) {
      self.ok = ok
      self.checked = checked
      self.faults = faults
      self.added = added
      self.moved = moved
      self.cancelled = cancelled
    }
  }
}
