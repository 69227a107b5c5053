/// One patient.
package enum ShowPatient: ControlMethod {
  package static let name = "org.followupd.ShowPatient"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var who: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(who: String) {
      self.who = who
    }
  }

  package typealias Reply = PatientView
}
