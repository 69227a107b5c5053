/// What is sent next, first things first.
package enum ListUpcoming: ControlMethod {
  package static let name = "org.followupd.ListUpcoming"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var days: Int?
    package var patient: String?
    package var limit: Int?
    package var after: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(days: Int? = nil, patient: String? = nil, limit: Int? = nil, after: String? = nil) {
      self.days = days
      self.patient = patient
      self.limit = limit
      self.after = after
    }
  }

  package typealias Reply = ItemList<UpcomingView>
}
