/// The fields that a line of the journal may carry beside its text: a closed set, each with a narrow form, so that a name or
/// an address has no way in (interface.md, "Journal").
package enum JournalField: String, Sendable, Hashable, CaseIterable {
  /// A follow-up or one of its occurrences: `F-12`, `F-12@2026-12-01`.
  case followup = "FOLLOWUP_ID"
  case reminderState = "REMINDER_STATE"
  /// A message: `M-12`.
  case message = "MESSAGE_REF"
  /// `T-12`.
  case task = "TASK_ID"
  case channel = "CHANNEL"
  case adapter = "ADAPTER"
  /// Which try of a message it is, from 1.
  case attempt = "ATTEMPT"
  case outcome = "OUTCOME"
  /// A reason or error code: a stable word, or a peer's reply code.
  case reason = "REASON"
  case actorUID = "ACTOR_UID"
  /// `H-12`.
  case hold = "HOLD_ID"
  /// `C-12`.
  case change = "CHANGE_ID"
  case count = "COUNT"
  /// Elapsed seconds.
  case seconds = "SECONDS"
  /// An instant of RFC 3339.
  case until = "UNTIL"
  /// A row of the database and its column: `occurrence[3].civil`.
  case row = "ROW_ID"
  case version = "VERSION"
  case schema = "SCHEMA"
  /// `trial` or `live`.
  case mode = "MODE"
  /// A file of the daemon's own or of its configuration.
  case path = "FILE_PATH"
  case line = "FILE_LINE"
  /// A dotted key of the configuration.
  case key = "CONFIG_KEY"
  /// The sequence and the hash of the audit chain's head.
  case sequence = "AUDIT_SEQUENCE"
  case hash = "AUDIT_HASH"

  private enum Form {
    case identifier(Character)
    case word, number, instant, version, path, hexadecimal
  }

  private var form: Form {
    switch self {
    case .followup: .identifier("F")
    case .message: .identifier("M")
    case .task: .identifier("T")
    case .hold: .identifier("H")
    case .change: .identifier("C")
    case .reminderState, .channel, .adapter, .outcome, .reason, .mode: .word
    case .attempt, .actorUID, .count, .seconds, .schema, .line, .sequence: .number
    case .until: .instant
    case .version, .key, .row: .version
    case .path: .path
    case .hash: .hexadecimal
    }
  }

  /// `value` if it has the field's form, else `<redacted>`: what does not fit is taken for a patient's data.
  package func checked(_ value: String) -> String { accepts(value) ? value : "<redacted>" }

  func accepts(_ text: String) -> Bool {
    let value = text.utf8
    guard !value.isEmpty, value.count <= (self == .path ? 4096 : 96) else { return false }
    func only(_ isMore: (UInt8) -> Bool) -> Bool { value.allSatisfy { Self.isDigit($0) || isMore($0) } }
    switch form {
    case .identifier(let letter):
      // F-12, F-12@2026-12-01
      let digits = value.dropFirst(2).prefix(while: Self.isDigit)
      let rest = value.dropFirst(2 + digits.count)
      guard value.starts(with: "\(letter)-".utf8), !digits.isEmpty else { return false }
      return rest.isEmpty
        || rest.first == UInt8(ascii: "@") && rest.dropFirst().allSatisfy { Self.isDigit($0) || $0 == 45 }
    case .word: return only { Self.isSmall($0) || Self.isOne($0, of: "-.") }
    case .number: return only { Self.isOne($0, of: "-") }
    case .instant: return only { Self.isOne($0, of: "TZ:+-") }
    case .hexadecimal: return only { (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    // A capital letter is the small one without a bit.
    case .version: return only { Self.isSmall($0 | 0x20) && $0 >= 0x40 || Self.isOne($0, of: "-+._[]") }
    case .path: return value.first == UInt8(ascii: "/") && value.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
  }

  private static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isOne(_ byte: UInt8, of set: StaticString) -> Bool {
    UnsafeBufferPointer(start: set.utf8Start, count: set.utf8CodeUnitCount).contains(byte)
  }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
