extension TextCodable {
  /// A value that the source itself spells, such as a default. A misspelt one stops the program, and its tests.
  package static func literal(_ text: String) -> Self {
    guard let value = Self(text) else { preconditionFailure("'\(text)' is no \(Self.self)") }
    return value
  }
}
