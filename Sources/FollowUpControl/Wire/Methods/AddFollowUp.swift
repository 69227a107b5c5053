/// Promises a patient a follow-up and plans its reminders.
package enum AddFollowUp: ControlMethod {
  package static let name = "org.followupd.AddFollowUp"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    /// As typed: `tue 2:30pm`, `+2w`.
    package var when: String
    package var plan: String?
    package var priority: String?
    package var with: String?
    package var owner: String?
    package var note: String?
    package var `repeat`: String?
    package var zone: String?
    package var source: String?
    package var externalId: String?
    /// Change the follow-up of (source, externalId) if it exists.
    package var upsert: Bool?
    /// Even if an equal one is open.
    package var another: Bool?
    package var allowPast: Bool?
    /// Even outside the clinic's hours.
    package var anyHour: Bool?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(
      who: String, when: String, plan: String? = nil, priority: String? = nil, with: String? = nil,
      owner: String? = nil, note: String? = nil, `repeat`: String? = nil, zone: String? = nil,
      source: String? = nil, externalId: String? = nil, upsert: Bool? = nil, another: Bool? = nil,
      allowPast: Bool? = nil, anyHour: Bool? = nil
    ) {
      self.who = who
      self.when = when
      self.plan = plan
      self.priority = priority
      self.with = with
      self.owner = owner
      self.note = note
      self.repeat = `repeat`
      self.zone = zone
      self.source = source
      self.externalId = externalId
      self.upsert = upsert
      self.another = another
      self.allowPast = allowPast
      self.anyHour = anyHour
    }
  }

  package typealias Reply = Changed<FollowUpView>
}
