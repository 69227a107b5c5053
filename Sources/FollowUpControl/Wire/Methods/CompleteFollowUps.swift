/// The visits took place.
package enum CompleteFollowUps: ControlMethod {
  package static let name = "org.followupd.CompleteFollowUps"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var ids: [String]?
    /// Instead of ids: all that are open on that day.
    package var day: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(ids: [String]? = nil, day: String? = nil) {
      self.ids = ids
      self.day = day
    }
  }

  package typealias Reply = ChangedList<FollowUpView>
}
