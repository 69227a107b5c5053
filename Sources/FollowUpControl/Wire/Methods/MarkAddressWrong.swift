/// An address is not this patient's: nothing goes there any more (R16).
package enum MarkAddressWrong: ControlMethod {
  package static let name = "org.followupd.MarkAddressWrong"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var address: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(address: String) {
      self.address = address
    }
  }

  package typealias Reply = ChangedList<ContactView>
}
