internal import FoundationEssentials

/// JSON as it goes over the wire and to scripts: keys in order, so that equal things have equal bytes.
package enum WireJSON {
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value))
  }

  /// Throws `DecodingError`; `fault(_:)` says what is wrong in words.
  package static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// The path of the field that could not be read and why, for the error `invalid`.
  package static func fault(_ error: DecodingError) -> (field: String, why: String) {
    func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }
    return switch error {
    case .keyNotFound(let key, let context): (path(context.codingPath + [key]), "it is missing")
    case .typeMismatch(let type, let context): (path(context.codingPath), "it is not of the type \(type)")
    case .valueNotFound(_, let context): (path(context.codingPath), "it is null")
    case .dataCorrupted(let context): (path(context.codingPath), "it cannot be read")
    @unknown default: ("", "it cannot be read")
    }
  }
}
