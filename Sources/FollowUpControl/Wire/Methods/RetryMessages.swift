/// Tries messages again now.
package enum RetryMessages: ControlMethod {
  package static let name = "org.followupd.RetryMessages"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var ids: [String]?
    /// Instead of ids: all in that state.
    package var state: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(ids: [String]? = nil, state: String? = nil) {
      self.ids = ids
      self.state = state
    }
  }

  package typealias Reply = ChangedList<MessageView>
}
