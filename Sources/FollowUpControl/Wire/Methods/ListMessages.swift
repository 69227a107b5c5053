/// Messages, the newest first.
package enum ListMessages: ControlMethod {
  package static let name = "org.followupd.ListMessages"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var state: String?
    package var channel: String?
    package var since: String?
    package var limit: Int?
    package var after: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(
      state: String? = nil, channel: String? = nil, since: String? = nil, limit: Int? = nil,
      after: String? = nil
    ) {
      self.state = state
      self.channel = channel
      self.since = since
      self.limit = limit
      self.after = after
    }
  }

  package typealias Reply = ItemList<MessageView>
}
