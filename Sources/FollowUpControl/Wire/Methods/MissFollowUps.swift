/// The patients did not come.
package enum MissFollowUps: ControlMethod {
  package static let name = "org.followupd.MissFollowUps"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var ids: [String]
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(ids: [String]) {
      self.ids = ids
    }
  }

  package typealias Reply = ChangedList<FollowUpView>
}
