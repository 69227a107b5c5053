/// Changes what is given of a follow-up; an empty text clears.
package enum EditFollowUp: ControlMethod {
  package static let name = "org.followupd.EditFollowUp"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var id: String
    package var priority: String?
    package var plan: String?
    package var with: String?
    package var owner: String?
    package var note: String?
    /// RFC 5545 RRULE; `none` ends the repetition after the date that the id means.
    package var `repeat`: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(
      id: String, priority: String? = nil, plan: String? = nil, with: String? = nil, owner: String? = nil,
      note: String? = nil, `repeat`: String? = nil
    ) {
      self.id = id
      self.priority = priority
      self.plan = plan
      self.with = with
      self.owner = owner
      self.note = note
      self.repeat = `repeat`
    }
  }

  package typealias Reply = Changed<FollowUpView>
}
