/// What a peer says of a message that it took.
package enum RecordReceipt: ControlMethod {
  package static let name = "org.followupd.RecordReceipt"
  package static let access = Access.inbound

  package struct Request: ActingRequest, Equatable {
    /// `M-7`, our `webhook-id`, or the id that the peer gave the message.
    package var id: String
    /// `delivered`, `failed`.
    package var outcome: String
    /// The peer's code: a short stable word.
    package var code: String?
    /// When it happened: RFC 3339, or a civil time of the clinic's; nil: now.
    package var at: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(id: String, outcome: String, code: String? = nil, at: String? = nil) {
      self.id = id
      self.outcome = outcome
      self.code = code
      self.at = at
    }
  }

  package typealias Reply = Changed<MessageView>
}
