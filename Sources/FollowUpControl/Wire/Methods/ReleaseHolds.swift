/// Ends holds. Staff may release a patient and a backlog; else an administrator is needed.
package enum ReleaseHolds: ControlMethod {
  package static let name = "org.followupd.ReleaseHolds"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    /// `all`, `clock`, `restored`, `backlog`, or the id of a hold.
    package var what: String
    /// Of a backlog: drop it instead of sending it.
    package var drop: Bool?
    package var reason: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(what: String, drop: Bool? = nil, reason: String? = nil) {
      self.what = what
      self.drop = drop
      self.reason = reason
    }
  }

  package typealias Reply = ChangedList<HoldView>
}
