/// A text filled with sample values, in each of its forms.
package enum PreviewTemplate: ControlMethod {
  package static let name = "org.followupd.PreviewTemplate"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var name: String
    /// BCP 47; null: the clinic's.
    package var language: String?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(name: String, language: String? = nil) {
      self.name = name
      self.language = language
    }
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var name: String
    /// Of the text that was found.
    package var language: String
    /// Of the full form.
    @Nullable package var subject: String?
    /// Of the full form, or the only one.
    package var body: String
    /// Each form, the full one first.
    package var items: [SampleTextView]

    package init(name: String, language: String, subject: String?, body: String, items: [SampleTextView]) {
      self.name = name
      self.language = language
      self.subject = subject
      self.body = body
      self.items = items
    }
  }
}
