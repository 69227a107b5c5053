internal import FollowUpCore
internal import GRDB

extension Row {
  /// A word of a closed set, which the schema's CHECK holds as well.
  func word<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
    guard let raw: String = self[column], let word = Word(rawValue: raw) else { throw UnreadableColumn(name: column) }
    return word
  }

  func wordOrNil<Word: RawRepresentable>(_ column: String) throws -> Word? where Word.RawValue == String {
    guard self[column] as String? != nil else { return nil }
    return try word(column) as Word
  }

  func instant(_ column: String) -> Instant { Instant(self[column]) }

  func instantOrNil(_ column: String) -> Instant? { (self[column] as Int64?).map { Instant($0) } }

  /// Triage sorts by number: 0 is urgent (R17).
  func priority(_ column: String) throws -> Priority {
    let number: Int = self[column]
    guard Priority.allCases.indices.contains(number) else { throw UnreadableColumn(name: column) }
    return Priority.allCases[number]
  }
}

/// Reads the columns that no CHECK keeps in form. What cannot be read is set aside as it is stored, for the rest of the row
/// still serves (promise 33).
struct FreeColumns {
  private let row: Row
  /// What stands in those that cannot be read.
  private(set) var unreadable: [String: String] = [:]

  init(_ row: Row) { self.row = row }

  /// A value that is stored as its text: a civil time, an owner.
  mutating func text<Value: LosslessStringConvertible>(_ column: String, else substitute: Value) -> Value {
    textOrNil(column) ?? substitute
  }

  mutating func textOrNil<Value: LosslessStringConvertible>(_ column: String) -> Value? {
    guard let raw: String = row[column] else { return nil }
    if let value = Value(raw) { return value }
    unreadable[column] = raw
    return nil
  }

  /// A word of a closed set, also where the schema's CHECK holds it.
  mutating func word<Word: RawRepresentable>(_ column: String, else substitute: Word) -> Word
  where Word.RawValue == String {
    wordOrNil(column) ?? substitute
  }

  mutating func wordOrNil<Word: RawRepresentable>(_ column: String) -> Word? where Word.RawValue == String {
    guard let raw: String = row[column] else { return nil }
    if let word = Word(rawValue: raw) { return word }
    unreadable[column] = raw
    return nil
  }

  /// Triage sorts by number: 0 is urgent (R17).
  mutating func priority(_ column: String) -> Priority {
    let number: Int = row[column]
    if let priority = Priority(rank: number) { return priority }
    unreadable[column] = String(number)
    return .routine
  }
}
