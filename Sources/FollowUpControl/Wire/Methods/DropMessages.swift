/// Gives messages up; urgent and soon ones become tasks.
package enum DropMessages: ControlMethod {
  package static let name = "org.followupd.DropMessages"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var ids: [String]
    package var reason: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(ids: [String], reason: String) {
      self.ids = ids
      self.reason = reason
    }
  }

  package typealias Reply = ChangedList<MessageView>
}
