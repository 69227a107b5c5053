/// The address of a mailbox: the part of RFC 5321 and 6531 that people have.
package enum EmailAddress {
  /// The address in lower case; quoted local parts, display names and address literals are refused.
  package static func normalise(_ text: String) throws(AddressError) -> String {
    if text.contains(where: \.isWhitespace) {
      throw AddressError(code: "space", sentence: "an e-mail address has no spaces in it")
    }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw AddressError(code: "not-email", sentence: "an e-mail address has exactly one @, as in name@example.org")
    }
    let (local, domain) = (String(parts[0]), String(parts[1]))
    try checkLocal(local)
    try checkDomain(domain)
    guard text.utf8.count <= 254 else {
      throw AddressError(code: "too-long", sentence: "the e-mail address is longer than 254 bytes")
    }
    return "\(local.lowercased())@\(domain.lowercased())".composed
  }

  /// Whether the part before the @ is ASCII; what stands behind it can be encoded (RFC 5891).
  package static func hasPlainMailbox(_ address: String) -> Bool {
    address.utf8.prefix { $0 != UInt8(ascii: "@") }.allSatisfy { $0 < 0x80 }
  }

  private static func checkLocal(_ local: String) throws(AddressError) {
    guard !local.isEmpty, local.utf8.count <= 64 else {
      throw AddressError(code: "not-email", sentence: "the part before the @ must have 1 to 64 bytes")
    }
    guard !local.hasPrefix("."), !local.hasSuffix("."), !local.contains("..") else {
      throw AddressError(
        code: "not-email", sentence: "a dot in the part before the @ must stand between other characters")
    }
    guard !local.contains(where: { #""(),:;<>[\]"#.contains($0) }) else {
      throw AddressError(code: "not-email", sentence: #"the part before the @ may not hold any of "(),:;<>[\]"#)
    }
  }

  private static func checkDomain(_ domain: String) throws(AddressError) {
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2 || domain.lowercased() == "localhost" else {
      throw AddressError(code: "not-email", sentence: "the part after the @ must be a domain, as in example.org")
    }
    for label in labels {
      guard !label.isEmpty, label.utf8.count <= 63, !label.hasPrefix("-"), !label.hasSuffix("-"),
        label.unicodeScalars.allSatisfy(isOfDomain)
      else {
        throw AddressError(code: "not-email", sentence: "the part after the @ is not a domain, as in example.org")
      }
    }
    guard let last = labels.last, !last.allSatisfy(\.isNumber) else {
      throw AddressError(code: "not-email", sentence: "the part after the @ must be a domain, not a number")
    }
  }

  private static func isOfDomain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == "-" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) }
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .titlecaseLetter, .decimalNumber,
      .nonspacingMark, .spacingMark:
      return true
    default: return false
    }
  }
}
