/// Patients, by name.
package enum ListPatients: ControlMethod {
  package static let name = "org.followupd.ListPatients"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var who: String?
    package var status: String?
    package var limit: Int?
    /// The `next` of the page before.
    package var after: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(who: String? = nil, status: String? = nil, limit: Int? = nil, after: String? = nil) {
      self.who = who
      self.status = status
      self.limit = limit
      self.after = after
    }
  }

  package typealias Reply = ItemList<PatientView>
}
