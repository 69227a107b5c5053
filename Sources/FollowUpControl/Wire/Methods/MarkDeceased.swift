/// Records a death and ends everything (R15).
package enum MarkDeceased: ControlMethod {
  package static let name = "org.followupd.MarkDeceased"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(who: String) {
      self.who = who
    }
  }

  package typealias Reply = Changed<PatientView>
}
