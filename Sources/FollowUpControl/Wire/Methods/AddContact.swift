/// Adds a contact.
package enum AddContact: ControlMethod {
  package static let name = "org.followupd.AddContact"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    package var channel: String
    package var address: String
    package var person: String?
    package var rank: Int?
    /// A source, or `unknown`; null: `staff` (R16).
    package var consent: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(
      who: String, channel: String, address: String, person: String? = nil, rank: Int? = nil,
      consent: String? = nil
    ) {
      self.who = who
      self.channel = channel
      self.address = address
      self.person = person
      self.rank = rank
      self.consent = consent
    }
  }

  package typealias Reply = Changed<ContactView>
}
