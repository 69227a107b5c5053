/// A sentence for the operator that was made of nothing but the clinic's configuration or the program's own words.
///
/// The type marks the few places where a text that is not literal may reach the journal; a patient's data never may.
package struct OperatorText: Sendable, Hashable {
  package let text: String

  /// A fault of the configuration, `FILE:LINE: KEY: WHAT: WHAT TO DO`, or another text without any patient's data.
  package init(configuration text: String) { self.text = text }
}
