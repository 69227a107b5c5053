/// Reads a short ASCII text from left to right; each reader moves on only if it finds what it looks for.
struct TextScanner {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ character: Character) -> Bool {
    guard let next, next == character.asciiValue else { return false }
    position += 1
    return true
  }

  /// A number of `least` to `most` digits, none left over; `most` is at most 18, so that it fits.
  mutating func digits(_ least: Int, _ most: Int) -> Int? {
    let start = position
    var value = 0
    while let next, next.isDigit {
      guard position - start < most else {
        position = start
        return nil
      }
      value = value * 10 + Int(next - UInt8(ascii: "0"))
      position += 1
    }
    guard position - start >= least else {
      position = start
      return nil
    }
    return value
  }

  mutating func digits(_ count: Int) -> Int? { digits(count, count) }

  /// All bytes up to the first that `belongs` refuses; maybe none.
  mutating func run(while belongs: (UInt8) -> Bool) -> String {
    let start = position
    while let next, belongs(next) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
}

/// A number with leading zeros, as dates and times are written.
func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(abs(value))
  let zeros = String(repeating: "0", count: max(0, width - digits.count))
  return (value < 0 ? "-" : "") + zeros + digits
}
