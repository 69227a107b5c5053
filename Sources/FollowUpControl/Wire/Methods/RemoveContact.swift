/// Removes a contact.
package enum RemoveContact: ControlMethod {
  package static let name = "org.followupd.RemoveContact"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    /// As in EditContact.
    package var contact: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(who: String, contact: String) {
      self.who = who
      self.contact = contact
    }
  }

  package typealias Reply = Changed<ContactView>
}
