/// Follow-ups, by when they are due.
package enum ListFollowUps: ControlMethod {
  package static let name = "org.followupd.ListFollowUps"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var patient: String?
    package var status: String?
    package var plan: String?
    package var with: String?
    package var from: String?
    /// Inclusive.
    package var to: String?
    package var priority: String?
    package var limit: Int?
    package var after: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(
      patient: String? = nil, status: String? = nil, plan: String? = nil, with: String? = nil,
      from: String? = nil, to: String? = nil, priority: String? = nil, limit: Int? = nil, after: String? = nil
    ) {
      self.patient = patient
      self.status = status
      self.plan = plan
      self.with = with
      self.from = from
      self.to = to
      self.priority = priority
      self.limit = limit
      self.after = after
    }
  }

  package typealias Reply = ItemList<FollowUpView>
}
