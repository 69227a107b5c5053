/// Makes an inactive patient active again.
package enum ActivatePatient: ControlMethod {
  package static let name = "org.followupd.ActivatePatient"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    package var reason: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(who: String, reason: String? = nil) {
      self.who = who
      self.reason = reason
    }
  }

  package typealias Reply = Changed<PatientView>
}
