/// Nothing more to this address, whoever has it (R16).
package enum Stop: ControlMethod {
  package static let name = "org.followupd.Stop"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    /// WHO, or an address.
    package var target: String
    package var channel: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(target: String, channel: String? = nil) {
      self.target = target
      self.channel = channel
    }
  }

  package typealias Reply = ChangedList<ContactView>
}
