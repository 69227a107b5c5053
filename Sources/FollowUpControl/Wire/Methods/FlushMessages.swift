/// Tries what waits again now: messages before their retry, and channels that are paused.
package enum FlushMessages: ControlMethod {
  package static let name = "org.followupd.FlushMessages"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    /// Nil: all channels.
    package var channel: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(channel: String? = nil) { self.channel = channel }
  }

  package typealias Reply = ChangedList<MessageView>
}
