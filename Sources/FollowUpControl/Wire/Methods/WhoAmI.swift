/// Who the daemon takes the caller for, and what that permits.
package enum WhoAmI: ControlMethod {
  package static let name = "org.followupd.WhoAmI"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init() {}
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var uid: Int
    @Nullable package var user: String?
    package var groups: [String]
    /// The rows of the rights' table that apply.
    package var access: [String]
    /// The staff names that this user may act as.
    package var staff: [String]
    @Nullable package var actingAs: String?

    package init(uid: Int, user: String?, groups: [String], access: [String], staff: [String], actingAs: String?) {
      self.uid = uid
      self.user = user
      self.groups = groups
      self.access = access
      self.staff = staff
      self.actingAs = actingAs
    }
  }
}
