/// The line of each key in a TOML text: TOMLKit does not tell. It is exact up to the first error of syntax.
struct TOMLLines {
  /// The line of the first error at which TOMLKit would end the process (an assertion in its parser) instead of refusing
  /// the text: a `[` of a table that no name follows, a `}` where a list has a value.
  private(set) var fatal: Int?
  private var lines: [TOMLPath: Int] = [:]
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// How many `[[name]]` there have been.
  private var elements: [TOMLPath: Int] = [:]

  init(_ text: String) {
    bytes = Array(text.utf8)
    scan()
  }

  /// The line where a value or table begins; of the nearest table around it, if it is nowhere itself.
  func line(of path: TOMLPath) -> Int {
    var parts = path.parts
    while true {
      if let line = lines[TOMLPath(parts: parts)] { return line }
      if parts.popLast() == nil { return 1 }
    }
  }

  // MARK: - Statements

  private mutating func scan() {
    var table = TOMLPath()
    skipBlank()
    while position < bytes.count {
      let before = position
      if peek(UInt8(ascii: "[")) {
        table = header()
      } else {
        pair(in: table)
      }
      skipBlank()
      // A text that is no TOML after all must not hold us for ever.
      if position == before { position += 1 }
    }
  }

  /// `[a.b]` or `[[a.b]]`, with the last element of each array of tables on the way.
  private mutating func header() -> TOMLPath {
    let start = line
    position += 1
    let isArray = peek(UInt8(ascii: "["))
    if isArray { position += 1 }
    skipSpaces()
    if fatal == nil, !(current.map(Self.beginsName) ?? true) { fatal = start }
    let names = dottedKey()
    var path = TOMLPath()
    for (index, name) in names.enumerated() {
      path = path.key(name)
      note(path, start)
      let isLast = index == names.count - 1
      if isLast, isArray { elements[path, default: 0] += 1 }
      if let count = elements[path], !isLast || isArray {
        path = path.element(count - 1)
        note(path, start)
      }
    }
    while peek(UInt8(ascii: "]")) { position += 1 }
    return path
  }

  /// `]` is among them: TOMLKit refuses it properly.
  private static func beginsName(_ byte: UInt8) -> Bool {
    TOMLPath.isBare(byte) || [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "]")].contains(byte)
  }

  private mutating func pair(in table: TOMLPath) {
    let start = line
    var path = table
    for name in dottedKey() {
      path = path.key(name)
      note(path, start)
    }
    skipSpaces()
    if peek(UInt8(ascii: "=")) { position += 1 }
    skipSpaces()
    value(at: path)
  }

  private mutating func note(_ path: TOMLPath, _ line: Int) {
    if lines[path] == nil { lines[path] = line }
  }

  // MARK: - Values

  private mutating func value(at path: TOMLPath) {
    note(path, line)
    // TOMLKit refuses what is nested deeper; here it would only use up the stack.
    guard path.parts.count <= 300 else {
      position = bytes.count
      return
    }
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = quoted()
    case UInt8(ascii: "["): array(at: path)
    case UInt8(ascii: "{"): inlineTable(at: path)
    default:
      while let byte = current, !Self.endsValue.contains(byte) { position += 1 }
    }
  }

  private static let endsValue = Set(",]}#\n\r \t".utf8)

  private mutating func array(at path: TOMLPath) {
    position += 1
    var index = 0
    skipBlank()
    while let byte = current, byte != UInt8(ascii: "]") {
      let before = position
      if fatal == nil, byte == UInt8(ascii: "}") { fatal = line }
      value(at: path.element(index))
      index += 1
      skipBlank()
      if peek(UInt8(ascii: ",")) { position += 1 }
      skipBlank()
      if position == before { return }
    }
    position += 1
  }

  private mutating func inlineTable(at path: TOMLPath) {
    position += 1
    skipBlank()
    while let byte = current, byte != UInt8(ascii: "}") {
      let before = position
      pair(in: path)
      skipBlank()
      if peek(UInt8(ascii: ",")) { position += 1 }
      skipBlank()
      if position == before { return }
    }
    position += 1
  }

  private mutating func dottedKey() -> [String] {
    var names: [String] = []
    repeat {
      if peek(UInt8(ascii: ".")) { position += 1 }
      skipSpaces()
      if let byte = current, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        names.append(quoted())
      } else {
        let start = position
        while let byte = current, TOMLPath.isBare(byte) { position += 1 }
        names.append(String(decoding: bytes[start..<position], as: UTF8.self))
      }
      skipSpaces()
    } while peek(UInt8(ascii: "."))
    return names
  }

  /// Any of the four kinds of strings; the text between the quotes as written, which is the text itself in all but odd keys.
  private mutating func quoted() -> String {
    guard let quote = current else { return "" }
    let isLong = bytes[position...].starts(with: [quote, quote, quote])
    position += isLong ? 3 : 1
    let start = position
    while let byte = current {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        position += 1
        if current == UInt8(ascii: "\n") { line += 1 }
      } else if byte == quote, !isLong || bytes[position...].starts(with: [quote, quote, quote]) {
        break
      }
      position += 1
    }
    let end = min(position, bytes.count)
    position = end + 1
    // A long string may end in up to two quotes of its own before the three that close it.
    if isLong { while peek(quote) { position += 1 } }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  // MARK: - Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }
  private func peek(_ byte: UInt8) -> Bool { current == byte }

  private mutating func skipSpaces() {
    while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
  }

  /// White space, ends of lines and comments.
  private mutating func skipBlank() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        position += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "#"): while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
      default: return
      }
    }
  }
}
