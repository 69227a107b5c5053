/// The visits will not take place.
package enum CancelFollowUps: ControlMethod {
  package static let name = "org.followupd.CancelFollowUps"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var ids: [String]
    /// Of a series: `this` (as null), `following`, `series`.
    package var scope: String?
    /// `patient`, `clinic`.
    package var by: String?
    package var reason: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(ids: [String], scope: String? = nil, by: String? = nil, reason: String? = nil) {
      self.ids = ids
      self.scope = scope
      self.by = by
      self.reason = reason
    }
  }

  package typealias Reply = ChangedList<FollowUpView>
}
