/// The loaded plans, by name.
package enum ListPlans: ControlMethod {
  package static let name = "org.followupd.ListPlans"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init() {}
  }

  package typealias Reply = ItemList<PlanView>
}
