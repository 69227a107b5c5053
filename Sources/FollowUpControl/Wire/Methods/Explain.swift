/// Every check of each reminder that is not final, the next one first; or of the last.
package enum Explain: ControlMethod {
  package static let name = "org.followupd.Explain"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// ID or WHO.
    package var subject: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(subject: String) {
      self.subject = subject
    }
  }

  package typealias Reply = ItemList<ExplanationView>
}
