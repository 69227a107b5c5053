extension WhenParser {
  static func looksLikeTime(_ word: String) -> Bool {
    guard word.first?.isNumber == true else { return word == "noon" }
    return word.contains(":") || word.hasSuffix("am") || word.hasSuffix("pm")
  }

  /// The rest as a time of day: `14:30`, `9:30`, `2:30pm`, `2 pm`, `noon`; nil if nothing is left.
  mutating func takeTime() throws(WhenError) -> CivilTime? {
    guard !words.isEmpty else { return nil }
    let text = words.joined(separator: " ")
    var joined = words.joined()
    words = []
    if joined == "noon" { joined = "12:00" }
    let hint = "write a time as 14:30 or 2:30pm"
    var scanner = TextScanner(joined)
    guard let hour = scanner.digits(1, 2) else { throw .unclear(text, hint: hint) }
    var minute: Int?
    if scanner.take(":") {
      minute = scanner.digits(2)
      guard minute != nil else { throw .unclear(text, hint: hint) }
      if scanner.take(":") {
        guard let second = scanner.digits(2) else { throw .unclear(text, hint: hint) }
        guard second == 0 else { throw .impossible(text, why: "appointments begin at a whole minute", hint: hint) }
      }
    }
    let half = scanner.run(while: \.isLetter)
    if minute != nil, half == "z" || !scanner.isAtEnd && half.isEmpty && (scanner.take("+") || scanner.take("-")) {
      throw .hasOffset(read.joined(separator: " ") + " " + text)
    }
    guard scanner.isAtEnd, half == "am" || half == "pm" || half.isEmpty && minute != nil else {
      throw .unclear(text, hint: hint)
    }
    if !half.isEmpty, !(1...12).contains(hour) {
      throw .impossible(text, why: "hours with am and pm go from 1 to 12", hint: hint)
    }
    let hours = half.isEmpty ? hour : hour % 12 + (half == "pm" ? 12 : 0)
    guard let time = CivilTime(hour: hours, minute: minute ?? 0) else {
      throw .impossible(text, why: "a day's times go from 00:00 to 23:59", hint: hint)
    }
    return time
  }
}
