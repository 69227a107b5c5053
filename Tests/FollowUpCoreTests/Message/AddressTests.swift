import FollowUpCore
import Testing

@Suite struct AddressTests {
  @Test(
    "A phone number is one number however it is typed",
    arguments: [
      ("+1 604 555 0100", "CA", "+16045550100"), ("(604) 555-0100", "CA", "+16045550100"),
      ("604.555.0100", "US", "+16045550100"), ("1 604 555 0100", "ca", "+16045550100"),
      ("011 49 30 5550100", "CA", "+49305550100"), ("0049 30 5550100", "CA", "+49305550100"),
      ("030 5550100", "DE", "+49305550100"), ("0030 21 0555 0100", "DE", "+302105550100"),
      ("+44 (0)20 5550 0100", "DE", "+442055500100"), ("020 5550 0100", "GB", "+442055500100"),
      ("06 5550 0100", "IT", "+390655500100"), ("91 555 01 00 00", "ES", "+34915550100" + "00"),
      ("8 (495) 555-01-00", "RU", "+74955550100"), ("06 1 555 0100", "HU", "+3615550100"),
      ("0011 64 9 555 0100", "AU", "+6495550100"), ("010 81 3 5550 0100", "JP", "+81355500100"),
      ("+47 55 50 10 00", "", "+4755501000"), ("\u{00A0}+49\u{2011}30\u{2013}5550100 ", "", "+49305550100"),
      ("＋１６０４５５５０１００", "DE", "+16045550100"), ("555 0100", "FJ", "+6795550100"),
    ])
  func phone(typed: String, country: String, normalised: String) throws {
    for channel in ["phone", "sms"] {
      #expect(try Address.normalise(channel: channel, text: typed, country: country).normalised == normalised)
    }
  }

  @Test(
    "What is no phone number is refused, without repeating it",
    arguments: [
      ("", "CA", "empty"), ("555 0100", "CA", "wrong-length"), ("+1 604 555 010", "CA", "wrong-length"),
      ("+1 104 555 0100", "CA", "wrong-length"), ("+999 555 0100", "CA", "unknown-country-code"),
      ("+", "CA", "unknown-country-code"), ("911", "CA", "wrong-length"), ("604 555 0100 ext 2", "CA", "not-phone"),
      ("604-CALL-NOW", "CA", "not-phone"), ("49 30 5550100", "DE", "ambiguous-number"),
      ("605 555 0100", "", "no-country-code"), ("+49 30 5550100 5550100 0", "DE", "wrong-length"),
      ("++49 30 5550100", "DE", "not-phone"), ("+49 30\n5550100", "DE", "control-character"),
      ("+49 30 5550100\u{202E}", "DE", "control-character"),
    ])
  func badPhone(typed: String, country: String, code: String) throws {
    let error = #expect(throws: AddressError.self) {
      try Address.normalise(channel: "sms", text: typed, country: country)
    }
    #expect(error?.code == code)
    #expect(typed.count < 4 || error?.sentence.contains(typed) == false)
  }

  @Test(
    "An e-mail address is compared in lower case, and kept as typed",
    arguments: [
      (" Ana.B@Example.ORG ", "Ana.B@Example.ORG", "ana.b@example.org"),
      ("ana+visits@example.org", "ana+visits@example.org", "ana+visits@example.org"),
      ("ana@localhost", "ana@localhost", "ana@localhost"),
      ("jose\u{301}@exa\u{308}mple.org", "jos\u{E9}@ex\u{E4}mple.org", "jos\u{E9}@ex\u{E4}mple.org"),
      (
        "o'hara_!#$%&*-/=?^`{|}~@example.org", "o'hara_!#$%&*-/=?^`{|}~@example.org",
        "o'hara_!#$%&*-/=?^`{|}~@example.org"
      ),
    ])
  func email(text: String, typed: String, normalised: String) throws {
    let address = try Address.normalise(channel: "email", text: text, country: "CA")
    #expect(Array(address.typed.utf8) == Array(typed.utf8))
    #expect(Array(address.normalised.utf8) == Array(normalised.utf8))
  }

  @Test(
    "What is no e-mail address is refused",
    arguments: [
      "ana", "@example.org", "ana@", "ana@@example.org", "a@b@example.org", "ana@example", "ana@.org",
      "ana@example..org",
      "ana@-example.org", "ana@example.org.", ".ana@example.org", "an..a@example.org", "ana @example.org",
      "ana@exam ple.org", "Ana <ana@example.org>", "\"ana b\"@example.org", "ana@[127.0.0.1]", "ana@127.0.0.1",
      "ana@example.org\r\nBcc: x@example.org", "ana@exam_ple.org", "ana,bo@example.org",
      "ana@example.org;bo@example.org",
      String(repeating: "a", count: 65) + "@example.org",
      "a@" + String(repeating: "abcdefghi.", count: 26) + "org",
    ])
  func badEmail(text: String) {
    #expect(throws: AddressError.self) { try Address.normalise(channel: "email", text: text, country: "CA") }
  }

  @Test("Other channels take any line of text")
  func other() throws {
    #expect(try Address.normalise(channel: "paper", text: " 12 Main St ", country: "").normalised == "12 Main St")
    #expect(throws: AddressError.self) { try Address.normalise(channel: "paper", text: "12\nMain St", country: "") }
  }

  @Test("Every country of the table has a code that is found again")
  func countries() {
    for (country, code) in [
      ("CA", "1"), ("RU", "7"), ("EG", "20"), ("GB", "44"), ("DE", "49"), ("SS", "211"), ("FI", "358"), ("UZ", "998"),
    ] {
      #expect(NumberingPlan.of(country: country)?.code == code)
      #expect(NumberingPlan.callingCode(of: code + "5550100") == code)
    }
    #expect(NumberingPlan.of(country: "XX") == nil)
  }
}
