/// A number of the public telephone network (ITU-T E.164).
package enum PhoneNumber {
  /// The number as `+` and digits.
  ///
  /// Takes `+1 604 555 0100`, `(604) 555-0100`, `00` and the country's own international prefix, and the trunk prefix of
  /// the country (`020 …` in GB). What could be read in two ways is refused.
  package static func normalise(_ text: String, country: String) throws(AddressError) -> String {
    let (digits, isInternational) = try digits(of: text)
    if isInternational { return try checked(digits) }
    guard let plan = NumberingPlan.of(country: country) else {
      throw AddressError(
        code: "no-country-code", sentence: "the number has no country code; write it with +, as in +1 604 555 0100")
    }
    for prefix in plan.internationalPrefixes where digits.hasPrefix(prefix) {
      return try checked(String(digits.dropFirst(prefix.count)))
    }
    return try checked(national(digits, plan))
  }

  private static func national(_ digits: String, _ plan: NumberingPlan) throws(AddressError) -> String {
    if plan.code == "1" { return digits.count == 11 && digits.hasPrefix("1") ? digits : "1" + digits }
    if !plan.trunk.isEmpty, digits.hasPrefix(plan.trunk) {
      return plan.code + digits.dropFirst(plan.trunk.count)
    }
    // Without its trunk prefix, "49 30 …" in Germany may be a number of another town or one with its country code.
    if !plan.trunk.isEmpty, digits.hasPrefix(plan.code), digits.count >= plan.code.count + 7 {
      throw AddressError(
        code: "ambiguous-number",
        sentence: "the number can be read in two ways; write it with +\(plan.code) or with its leading \(plan.trunk)")
    }
    return plan.code + digits
  }

  private static func digits(of text: String) throws(AddressError) -> (digits: String, isInternational: Bool) {
    var rest = Substring(text)
    let isInternational = rest.first == "+" || rest.first == "＋"
    if isInternational {
      rest = rest.dropFirst()
      // "+44 (0)20 …": the zero in parentheses is for callers at home.
      if let start = rest.firstIndex(of: "("), rest[start...].hasPrefix("(0)") {
        rest.removeSubrange(start..<rest.index(start, offsetBy: 3))
      }
    }
    var digits = ""
    for character in rest {
      if let value = character.wholeNumberValue, (0...9).contains(value) {
        digits += String(value)
      } else if !character.isWhitespace, !"-‐‑–./()".contains(character) {
        throw AddressError(
          code: "not-phone",
          sentence: "a phone number has digits, spaces and + - . ( ) only, and no extension")
      }
    }
    return (digits, isInternational)
  }

  private static func checked(_ digits: String) throws(AddressError) -> String {
    guard let code = NumberingPlan.callingCode(of: digits) else {
      throw AddressError(code: "unknown-country-code", sentence: "the number begins with no country's code")
    }
    if code == "1" {
      guard digits.count == 11, let area = digits.dropFirst().first, ("2"..."9").contains(area) else {
        throw AddressError(
          code: "wrong-length", sentence: "a number with country code 1 has ten digits after it, the first from 2 to 9")
      }
    }
    guard (7...15).contains(digits.count), digits.count - code.count >= 4 else {
      throw AddressError(code: "wrong-length", sentence: "a phone number has 7 to 15 digits with its country code")
    }
    return "+" + digits
  }
}
