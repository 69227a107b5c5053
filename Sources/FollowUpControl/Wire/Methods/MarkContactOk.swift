/// A bounced or wrong contact works again.
package enum MarkContactOk: ControlMethod {
  package static let name = "org.followupd.MarkContactOk"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var who: String
    package var address: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(who: String, address: String) {
      self.who = who
      self.address = address
    }
  }

  package typealias Reply = Changed<ContactView>
}
