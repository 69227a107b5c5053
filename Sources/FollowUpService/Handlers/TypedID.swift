internal import FollowUpCore

/// An id as staff type it (`interface.md`, ID).
enum TypedID: Equatable {
  /// `F-12`, `12`; with a key: `F-12@2026-12-01`.
  case followUp(Int64, key: String?)
  case reminder(Int64, key: String, revision: Int, kind: ReminderKind, step: String)
  case message(Int64)
  case task(Int64)
  case hold(Int64)
  /// A number alone, which may be a follow-up's.
  case number(Int64)
  /// `SOURCE:EXTERNALID`
  case external(source: String, id: String)

  /// nil for what is no id.
  init?(_ text: String) {
    if let number = Self.number(text[...]) {
      self = .number(number)
      return
    }
    if let letter = text.first?.uppercased(), text.dropFirst().first == "-", "FMTH".contains(letter) {
      let rest = text.dropFirst(2)
      if let number = Self.number(rest) {
        switch letter {
        case "F": self = .followUp(number, key: nil)
        case "M": self = .message(number)
        case "T": self = .task(number)
        default: self = .hold(number)
        }
        return
      }
      guard letter == "F", let id = Self.dated(rest) else { return nil }
      self = id
      return
    }
    if let id = Self.dated(text[...]) {
      self = id
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self = .external(source: String(parts[0]), id: String(parts[1]))
  }

  /// Whether a patient's ref would be taken for an id; a bare number is not, for no command takes both.
  static func looksLikeID(_ text: String) -> Bool {
    let upper = text.uppercased()
    guard upper.count > 2, "FMTHKC".contains(upper.prefix(1)), upper.dropFirst().first == "-" else { return false }
    return upper.dropFirst(2).prefix { $0 != "@" && $0 != "/" }.allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// A letter, a hyphen and a digit, or a bare number: meant as an id, even if there is none of that kind.
  static func isShapedLikeID(_ text: String) -> Bool {
    let text = Array(text.utf8)
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    if !text.isEmpty, text.allSatisfy(isDigit) { return true }
    return text.count > 2 && text[1] == UInt8(ascii: "-") && isDigit(text[2])
  }

  /// `12@2026-12-01`, and what may follow it: `/1/step/day-before`.
  private static func dated(_ text: Substring) -> TypedID? {
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let number = number(halves[0]) else { return nil }
    let parts = halves[1].split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    guard let key = parts.first, CivilDate(key) != nil else { return nil }
    if parts.count == 1 { return .followUp(number, key: key) }
    guard parts.count == 4, let revision = Int(parts[1]), let kind = ReminderKind(rawValue: parts[2]),
      !parts[3].isEmpty
    else { return nil }
    return .reminder(number, key: key, revision: revision, kind: kind, step: parts[3])
  }

  private static func number(_ text: Substring) -> Int64? {
    guard !text.isEmpty, text.utf8.count < 19, text.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int64(text), number > 0
    else { return nil }
    return number
  }
}
