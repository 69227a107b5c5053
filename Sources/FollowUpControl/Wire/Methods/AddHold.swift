/// Pauses sending. Staff may hold a patient; else an administrator is needed.
package enum AddHold: ControlMethod {
  package static let name = "org.followupd.AddHold"
  package static let access = Access.staff

  package struct Request: ActingRequest, Equatable {
    /// `all`, `plan`, `patient`, `channel`.
    package var kind: String
    /// The plan, WHO, or the channel.
    package var subject: String?
    /// WHEN.
    package var until: String?
    package var reason: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init(kind: String, subject: String? = nil, until: String? = nil, reason: String) {
      self.kind = kind
      self.subject = subject
      self.until = until
      self.reason = reason
    }
  }

  package typealias Reply = Changed<HoldView>
}
