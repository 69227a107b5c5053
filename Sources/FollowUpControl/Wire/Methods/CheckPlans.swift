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

    package init(ok: Bool, checked: Int, faults: [Fault]) {
      self.ok = ok
      self.checked = checked
      self.faults = faults
    }
  }
}
