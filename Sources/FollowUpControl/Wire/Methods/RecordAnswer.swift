/// Records what a patient answered (R14).
package enum RecordAnswer: ControlMethod {
  package static let name = "org.followupd.RecordAnswer"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    package var id: String
    /// `yes`, `no`, `rearrange`, `call-me`.
    package var answer: String
    /// `phone`, `in-person`, `reply`, `portal`.
    package var via: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(id: String, answer: String, via: String? = nil) {
      self.id = id
      self.answer = answer
      self.via = via
    }
  }

  package typealias Reply = Changed<FollowUpView>
}
