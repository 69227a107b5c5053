/// An address as staff typed it and as it is compared, budgeted and stopped (R13, R16).
package struct Address: Sendable, Hashable {
  /// As typed, without white space around it.
  package var typed: String
  /// E-mail: lower case, NFC. Phone and SMS: E.164 with its `+`. Other channels: as typed.
  package var normalised: String

  package init(typed: String, normalised: String) {
    self.typed = typed
    self.normalised = normalised
  }

  /// Takes the words of a channel's address apart from its accidents.
  ///
  /// - Parameter country: ISO 3166 code of the clinic, for a phone number without its country code.
  /// - Throws: an `AddressError` that never holds the address itself (R22).
  package static func normalise(channel: String, text: String, country: String) throws(AddressError) -> Address {
    let typed = text.composed.trimmed
    guard !typed.isEmpty else { throw AddressError(code: "empty", sentence: "the address is empty") }
    guard !typed.unicodeScalars.contains(where: isInvisible) else {
      throw AddressError(code: "control-character", sentence: "the address holds a control or invisible character")
    }
    switch channel {
    case "email": return Address(typed: typed, normalised: try EmailAddress.normalise(typed))
    case "sms", "phone": return Address(typed: typed, normalised: try PhoneNumber.normalise(typed, country: country))
    default:
      guard typed.utf8.count <= 254 else {
        throw AddressError(code: "too-long", sentence: "the address is longer than 254 bytes")
      }
      return Address(typed: typed, normalised: typed)
    }
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}

/// Why an address cannot be used: a stable code and a sentence for staff, without the address (R22).
package struct AddressError: Error, Sendable, Hashable {
  package var code: String
  package var sentence: String

  package init(code: String, sentence: String) {
    self.code = code
    self.sentence = sentence
  }
}
