/// A template filled with sample values.
package struct SampleTextView: Codable, Equatable, Sendable {
  /// `full` for e-mail, `short` for the other channels.
  package var form: String
  /// BCP 47.
  package var language: String
  package var file: String
  /// Who signed it and when; null: nobody, and it is not sent.
  @Nullable package var reviewed: String?
  /// Of an e-mail.
  @Nullable package var subject: String?
  package var body: String
  package var characters: Int
  /// `GSM-7` or `UCS-2`.
  package var alphabet: String
  /// As a text message.
  package var segments: Int
  /// The school year that can read it; null where its language has no formula.
  @Nullable package var grade: Double?
  @Nullable package var formula: String?

  package init(
    form: String, language: String, file: String, reviewed: String?, subject: String?, body: String, characters: Int,
    alphabet: String, segments: Int, grade: Double?, formula: String?
  ) {
    self.form = form
    self.language = language
    self.file = file
    self.reviewed = reviewed
    self.subject = subject
    self.body = body
    self.characters = characters
    self.alphabet = alphabet
    self.segments = segments
    self.grade = grade
    self.formula = formula
  }
}
