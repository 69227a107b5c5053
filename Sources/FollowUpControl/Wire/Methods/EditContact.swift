/// Changes what is given of a contact.
package enum EditContact: ControlMethod {
  package static let name = "org.followupd.EditContact"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    /// Its id, its address, or its channel if there is one of it.
    package var contact: String
    package var address: String?
    package var person: String?
    package var rank: Int?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(who: String, contact: String, address: String? = nil, person: String? = nil, rank: Int? = nil) {
      self.who = who
      self.contact = contact
      self.address = address
      self.person = person
      self.rank = rank
    }
  }

  package typealias Reply = Changed<ContactView>
}
