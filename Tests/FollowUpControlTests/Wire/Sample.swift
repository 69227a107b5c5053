/// Makes a value of any wire type out of nothing, so that each type can be held against the interface file.
struct Sample: Decoder {
  /// Optional fields get values; else they are empty.
  let full: Bool
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func make<Value: Decodable>(_ type: Value.Type, full: Bool) throws -> Value {
    try Value(from: Sample(full: full))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Keyed<Key>(full: full))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer { Items(full: full) }
  func singleValueContainer() -> any SingleValueDecodingContainer { Single(full: full) }

  /// The one value that every field of a primitive type has.
  fileprivate static func value<Value: Decodable>(_ type: Value.Type, full: Bool) throws -> Value {
    let primitive: Any? =
      switch type {
      case is String.Type: "text"
      case is Int.Type: 7
      case is Double.Type: 2.5
      case is Bool.Type: true
      default: nil
      }
    if let primitive = primitive as? Value { return primitive }
    return try Value(from: Sample(full: full))
  }

  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let full: Bool
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { full }
    func decodeNil(forKey key: Key) -> Bool { !full }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try Sample.value(type, full: full)
    }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { KeyedDecodingContainer(Keyed<Nested>(full: full)) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { Items(full: full) }
    func superDecoder() throws -> any Decoder { Sample(full: full) }
    func superDecoder(forKey key: Key) throws -> any Decoder { Sample(full: full) }
  }

  private struct Items: UnkeyedDecodingContainer {
    let full: Bool
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(full: Bool) { self.full = full }

    mutating func decodeNil() throws -> Bool { false }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      currentIndex += 1
      return try Sample.value(type, full: full)
    }
    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { KeyedDecodingContainer(Keyed<Nested>(full: full)) }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { Items(full: full) }
    mutating func superDecoder() throws -> any Decoder { Sample(full: full) }
  }

  private struct Single: SingleValueDecodingContainer {
    let full: Bool
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { !full }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Sample.value(type, full: full) }
  }
}
