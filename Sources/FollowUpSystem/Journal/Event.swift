package import Logging

/// Something that an operator may have to act on: one line of the journal that the message catalog explains
/// (`journalctl -x`). The closed list is in `Events.swift`.
package struct Event: Sendable, Hashable {
  /// MESSAGE_ID: 32 hexadecimal digits, made once at random and never again given to another event.
  package let id: String
  /// A stable word to search for.
  package let name: String
  package let level: Logger.Level
  /// What the line says; `{FIELD}` stands for the value of that field.
  package let sentence: String

  /// The line with its fields put in; "-" for one that was not given. Values must have been checked.
  package func text(_ fields: JournalFields) -> String {
    var text = ""
    var rest = sentence[...]
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
      let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      text += rest[..<open]
      let field = JournalField(rawValue: String(rest[rest.utf8.index(after: open)..<close]))
      text += field.flatMap { fields[$0] } ?? "-"
      rest = rest[rest.utf8.index(after: close)...]
    }
    return text + rest
  }
}
