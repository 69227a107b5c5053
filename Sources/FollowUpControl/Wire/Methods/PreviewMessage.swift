/// The next message of a follow-up as it would go out; nothing is sent or written.
package enum PreviewMessage: ControlMethod {
  package static let name = "org.followupd.PreviewMessage"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// A follow-up, a date of it, or a reminder.
    package var id: String
    /// Another one than the patient's.
    package var language: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(id: String, language: String? = nil) {
      self.id = id
      self.language = language
    }
  }

  package typealias Reply = MessagePreviewView
}
