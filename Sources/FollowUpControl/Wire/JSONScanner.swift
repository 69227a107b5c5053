/// Checks one JSON text (RFC 8259) and finds the members of its outermost object, without decoding what is inside.
///
/// It stands before every decoder: those recurse, and a text of nothing but brackets would take the process with it.
package struct JSONScanner {
  package enum Fault: Error, Sendable, Hashable {
    /// Not JSON, or not in UTF-8; `offset`: the byte at which that showed.
    case malformed(offset: Int)
    /// Containers stand in each other more than `limit` deep.
    case tooDeep(limit: Int)
    /// The outermost object names a member twice.
    case repeated(key: String)
  }

  private let bytes: [UInt8]
  private let depthLimit: Int
  private var at = 0

  private init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The members of the object that `bytes` are: name to the range of its value.
  package static func members(
    of bytes: [UInt8], depthLimit: Int = 64
  ) throws(Fault) -> [String: Range<Int>] {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformed(offset: 0) }
    var scanner = JSONScanner(bytes, depthLimit: depthLimit)
    var members: [String: Range<Int>] = [:]
    scanner.skipSpace()
    try scanner.expect("{")
    try scanner.separated(by: "}") { scanner throws(Fault) in
      let key = try scanner.skipString()
      scanner.skipSpace()
      try scanner.expect(":")
      scanner.skipSpace()
      let start = scanner.at
      try scanner.skipValue(depth: 1)
      guard let name = string(in: bytes[key]) else { throw .malformed(offset: key.lowerBound) }
      guard members.updateValue(start..<scanner.at, forKey: name) == nil else { throw .repeated(key: name) }
    }
    scanner.skipSpace()
    guard scanner.at == bytes.count else { throw .malformed(offset: scanner.at) }
    return members
  }

  /// The text of a JSON string with its quotes; nil for anything else, and for half a surrogate pair.
  package static func string(in literal: ArraySlice<UInt8>) -> String? {
    let quote = UInt8(ascii: "\"")
    guard literal.count >= 2, literal.first == quote, literal.last == quote else { return nil }
    var units: [UInt8] = []
    var rest = literal.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        units.append(byte)
        continue
      }
      guard let escape = rest.popFirst() else { return nil }
      switch escape {
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "u"):
        guard let scalar = scalar(from: &rest) else { return nil }
        units += Array(String(Character(scalar)).utf8)
      default: units.append(escape)
      }
    }
    return String(validating: units, as: UTF8.self)
  }

  /// What stands after `\u`: one code unit, or a pair of surrogates.
  private static func scalar(from rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
    func unit() -> UInt32? {
      let digits = rest.prefix(4)
      rest = rest.dropFirst(4)
      return digits.count == 4 ? UInt32(String(decoding: digits, as: UTF8.self), radix: 16) : nil
    }
    guard let first = unit() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return nil }
    rest = rest.dropFirst(2)
    guard let second = unit(), (0xDC00..<0xE000).contains(second) else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func skipValue(depth: Int) throws(Fault) {
    guard at < bytes.count else { throw .malformed(offset: at) }
    switch bytes[at] {
    case UInt8(ascii: "{"):
      guard depth < depthLimit else { throw .tooDeep(limit: depthLimit) }
      at += 1
      try separated(by: "}") { scanner throws(Fault) in
        _ = try scanner.skipString()
        scanner.skipSpace()
        try scanner.expect(":")
        scanner.skipSpace()
        try scanner.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      guard depth < depthLimit else { throw .tooDeep(limit: depthLimit) }
      at += 1
      try separated(by: "]") { scanner throws(Fault) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try skipString()
    case UInt8(ascii: "t"): try expect("true")
    case UInt8(ascii: "f"): try expect("false")
    case UInt8(ascii: "n"): try expect("null")
    default: try skipNumber()
    }
  }

  /// Elements up to `end` with commas between; the opening bracket is behind us.
  private mutating func separated(
    by end: Unicode.Scalar, _ element: (inout JSONScanner) throws(Fault) -> Void
  ) throws(Fault) {
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: end) {
      at += 1
      return
    }
    while true {
      skipSpace()
      try element(&self)
      skipSpace()
      guard at < bytes.count else { throw .malformed(offset: at) }
      at += 1
      if bytes[at - 1] == UInt8(ascii: end) { return }
      guard bytes[at - 1] == UInt8(ascii: ",") else { throw .malformed(offset: at - 1) }
    }
  }

  private mutating func skipString() throws(Fault) -> Range<Int> {
    let start = at
    try expect("\"")
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        return start..<at
      case UInt8(ascii: "\\"):
        guard at + 1 < bytes.count else { throw .malformed(offset: at) }
        let digits = bytes[at + 1] == UInt8(ascii: "u") ? bytes[(at + 2)...].prefix(4) : []
        guard "\"\\/bfnrt".utf8.contains(bytes[at + 1]) || digits.count == 4 && digits.allSatisfy(Self.isHexadecimal)
        else { throw .malformed(offset: at) }
        at += 2
      case 0..<0x20: throw .malformed(offset: at)
      default: at += 1
      }
    }
    throw .malformed(offset: at)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  private mutating func skipNumber() throws(Fault) {
    if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
    if at < bytes.count, bytes[at] == UInt8(ascii: "0") { at += 1 } else { try skipDigits() }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      try skipDigits()
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[at]) { at += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(Fault) {
    let start = at
    while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    guard at > start else { throw .malformed(offset: at) }
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  private mutating func expect(_ text: StaticString) throws(Fault) {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[at...].starts(with: wanted) else { throw .malformed(offset: at) }
    at += wanted.count
  }
}
