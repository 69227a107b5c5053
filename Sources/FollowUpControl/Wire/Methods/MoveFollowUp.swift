/// Moves an occurrence to another time and plans anew.
package enum MoveFollowUp: ControlMethod {
  package static let name = "org.followupd.MoveFollowUp"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var id: String
    package var when: String
    /// `patient`, `clinic`.
    package var by: String?
    /// No notice to the patient.
    package var silent: Bool?
    package var allowPast: Bool?
    package var anyHour: Bool?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(
      id: String, when: String, by: String? = nil, silent: Bool? = nil, allowPast: Bool? = nil,
      anyHour: Bool? = nil
    ) {
      self.id = id
      self.when = when
      self.by = by
      self.silent = silent
      self.allowPast = allowPast
      self.anyHour = anyHour
    }
  }

  package typealias Reply = Changed<FollowUpView>
}
