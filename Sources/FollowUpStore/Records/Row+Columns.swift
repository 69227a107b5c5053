internal import FollowUpCore
internal import GRDB

extension Row {
  /// A word of a closed set, which the schema's CHECK holds as well.
  func word<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
    guard let word: Word = try wordOrNil(column) else { throw StoreError.failed(why: "\(column) is empty") }
    return word
  }

  func wordOrNil<Word: RawRepresentable>(_ column: String) throws -> Word? where Word.RawValue == String {
    guard let raw: String = self[column] else { return nil }
    guard let word = Word(rawValue: raw) else { throw StoreError.failed(why: "\(column) holds an unknown word") }
    return word
  }

  /// A value that is stored as its text: a civil time, an owner.
  func text<Value: LosslessStringConvertible>(_ column: String) throws -> Value {
    guard let value: Value = try textOrNil(column) else { throw StoreError.failed(why: "\(column) is empty") }
    return value
  }

  func textOrNil<Value: LosslessStringConvertible>(_ column: String) throws -> Value? {
    guard let raw: String = self[column] else { return nil }
    guard let value = Value(raw) else { throw StoreError.failed(why: "\(column) cannot be read") }
    return value
  }

  func instant(_ column: String) -> Instant { Instant(self[column]) }

  func instantOrNil(_ column: String) -> Instant? { (self[column] as Int64?).map { Instant($0) } }

  /// Triage sorts by number: 0 is urgent (R17).
  func priority(_ column: String) throws -> Priority {
    let number: Int = self[column]
    guard Priority.allCases.indices.contains(number) else { throw StoreError.failed(why: "\(column) is no priority") }
    return Priority.allCases[number]
  }
}
