/// Ends a channel's holds and forgets that its server could not be used: what waits goes out.
package enum ResumeChannel: ControlMethod {
  package static let name = "org.followupd.ResumeChannel"
  package static let access = Access.admin

  package struct Request: ActingRequest, Equatable {
    package var name: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(name: String) { self.name = name }
  }

  package typealias Reply = Changed<ChannelView>
}
