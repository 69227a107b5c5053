/// A value of a TOML file, with where it stands.
struct TOMLNode {
  enum Value {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    /// A date, a time or both: nothing that we configure is one.
    case moment
    case list([TOMLNode])
    case table([String: TOMLNode])
  }

  var value: Value
  var path: TOMLPath
  /// From 1.
  var line: Int

  /// What it is, as a fault says it.
  var kind: String {
    switch value {
    case .text: "a text"
    case .integer: "a whole number"
    case .number: "a number with a fraction"
    case .flag: "true or false"
    case .moment: "a date or time"
    case .list: "a list"
    case .table: "a table"
    }
  }
}

/// The way from a file's beginning to a value.
struct TOMLPath: Hashable, CustomStringConvertible {
  enum Part: Hashable {
    case key(String)
    /// From 0.
    case element(Int)
  }

  var parts: [Part] = []

  func key(_ name: String) -> TOMLPath { TOMLPath(parts: parts + [.key(name)]) }
  func element(_ index: Int) -> TOMLPath { TOMLPath(parts: parts + [.element(index)]) }

  /// `channels.email.url`, `step[2].at`.
  var description: String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .element(let index): text += "[\(index)]"
      case .key(let name):
        let isBare = !name.isEmpty && name.utf8.allSatisfy(Self.isBare)
        text += (text.isEmpty ? "" : ".") + (isBare ? name : "\"\(name)\"")
      }
    }
  }

  static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
