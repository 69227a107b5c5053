import FollowUpCore
import FollowUpDelivery
import Testing

@Suite struct MailAddressTests {
  @Test(
    "Promise 31: international domains are encoded as Python's idna and RFC 3492 do",
    arguments: [
      ("mai@bücher.example", "mai@xn--bcher-kva.example"),
      ("mai@BÜCHER.Example.", nil),
      ("mai@例え.テスト", "mai@xn--r8jz45g.xn--zckzah"),
      ("mai@почта.example", "mai@xn--80a1acny.example"),
      ("mai@ليهمابتكلموشعربي.example", "mai@xn--mgbcah9ar9a4efegftvvn.example"),
      ("Mai.O'Neil+x@Example.ORG", "Mai.O'Neil+x@example.org"),
      ("a..b@docomo.example", "\"a..b\"@docomo.example"),
      ("root@localhost", "root@localhost"),
      ("mai@b\u{75}\u{308}cher.example", nil),
      ("mai@[127.0.0.1]", nil), ("mai@ex_ample.org", nil), ("mai@example..org", nil), ("\"a b\"@example.org", nil),
      ("mai@😀.example", nil), ("", nil), ("mai", nil),
    ])
  func domains(text: String, expected: String?) {
    #expect((try? MailAddress(text))?.text == expected)
  }

  @Test(
    "the ways to write a sender",
    arguments: [
      ("Riverside <a@example.org>", "Riverside", "a@example.org"),
      ("\"Riverside, Family\" <a@example.org>", "Riverside, Family", "a@example.org"),
      (" a@example.org ", "", "a@example.org"),
      ("<a@example.org>", "", "a@example.org"),
      ("Praxis Müller <a@bücher.example>", "Praxis Müller", "a@xn--bcher-kva.example"),
    ])
  func mailboxes(text: String, name: String, address: String) throws {
    let mailbox = try Mailbox(text)
    #expect(mailbox.displayName == name)
    #expect(mailbox.address.text == address)
  }
}
