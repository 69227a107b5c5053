internal import Logging

/// The fields of one line.
package struct JournalFields: Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var pairs: [(field: JournalField, value: String)]

  package init(dictionaryLiteral elements: (JournalField, String)...) { pairs = elements }

  /// What a library's metadata hold under the names of fields; nothing else of theirs is told.
  init(_ metadata: Logger.Metadata) {
    pairs = JournalField.allCases.compactMap { field in
      guard case .string(let value)? = metadata[field.rawValue] else { return nil }
      return (field, value)
    }
  }

  package subscript(_ field: JournalField) -> String? {
    get { pairs.first { $0.field == field }?.value }
    set {
      let known = pairs.firstIndex { $0.field == field }
      switch (known, newValue) {
      case (let known?, let value?): pairs[known].value = value
      case (let known?, nil): pairs.remove(at: known)
      case (nil, let value?): pairs.append((field, value))
      case (nil, nil): break
      }
    }
  }

  private static let order = JournalField.allCases

  /// In the fields' own order, whoever gave them.
  func forEach(_ body: (JournalField, String) -> Void) {
    for field in Self.order { if let value = self[field] { body(field, value) } }
  }

  /// Each value that has not its field's form replaced.
  var checked: JournalFields {
    guard pairs.contains(where: { !$0.field.accepts($0.value) }) else { return self }
    var fields = self
    fields.pairs = pairs.map { ($0.field, $0.field.checked($0.value)) }
    return fields
  }

  var metadata: Logger.Metadata {
    Logger.Metadata(pairs.map { ($0.field.rawValue, .string($0.value)) }) { first, _ in first }
  }
}
