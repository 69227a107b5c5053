/// A text with gaps, in one language, with what it measures when it is filled with long values.
package struct TemplateView: Codable, Equatable, Sendable {
  package var name: String
  /// BCP 47.
  package var language: String
  /// `full` for e-mail, `short` for the other channels.
  package var form: String
  /// The name of its file.
  package var file: String
  /// `shipped`, or `templates`: the clinic's own.
  package var source: String
  /// Who signed it and when; null: nobody, and it is not sent.
  @Nullable package var reviewed: String?
  /// The plans that use it.
  package var plans: [String]
  package var characters: Int
  /// `GSM-7` or `UCS-2`.
  package var alphabet: String
  /// As a text message.
  package var segments: Int
  /// The school year that can read it; null where its language has no formula.
  @Nullable package var grade: Double?
  @Nullable package var formula: String?

  package init(
    name: String, language: String, form: String, file: String, source: String, reviewed: String?, plans: [String],
    characters: Int, alphabet: String, segments: Int, grade: Double?, formula: String?
  ) {
    self.name = name
    self.language = language
    self.form = form
    self.file = file
    self.source = source
    self.reviewed = reviewed
    self.plans = plans
    self.characters = characters
    self.alphabet = alphabet
    self.segments = segments
    self.grade = grade
    self.formula = formula
  }
}
