/// Holds a channel: nothing leaves by it until it is resumed.
package enum PauseChannel: ControlMethod {
  package static let name = "org.followupd.PauseChannel"
  package static let access = Access.admin

  package struct Request: ActingRequest, Equatable {
    package var name: String
    /// WHEN.
    package var until: String?
    package var reason: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(name: String, until: String? = nil, reason: String? = nil) {
      self.name = name
      self.until = until
      self.reason = reason
    }
  }

  package typealias Reply = Changed<ChannelView>
}
