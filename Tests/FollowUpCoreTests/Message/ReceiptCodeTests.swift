import FollowUpCore
import Testing

@Suite struct ReceiptCodeTests {
  @Test(
    "A receipt's code is a short stable word",
    arguments: ["30003", "550", "550-5.1.1", "550-5.7.708", "UNDELIV", "EC_1:x", "a"])
  func accepted(text: String) throws {
    #expect(try #require(ReceiptCode(text)).text == text)
  }

  @Test(
    "R22: what may hold a patient's data is no code",
    arguments: [
      "", "-", ".5", "Maria Álvarez", "maria@example.org", "+16045550101", "16045550101", "604-5550101", "604-555-0101",
      "604.555.0101", "555-0101", "1-604-555-0101", "a:6:0:4:5:5:5:0", "a b", "x\n",
      "a/b", String(repeating: "a", count: 33), "é",
    ])
  func refused(text: String) {
    #expect(ReceiptCode(text) == nil)
  }

  @Test("Bounces: what refuses a mailbox counts against the address, 5.1.1 for good, and nothing else does")
  func refusals() {
    for text in ["550", "553", "550-5.1.10", "5.2.2", "552-5.2.2", "550-5.7.17", "5.7.18"] {
      #expect(ReceiptCode(text)?.refusal == .once, "\(text)")
    }
    for text in ["5.1.1", "550-5.1.1"] { #expect(ReceiptCode(text)?.refusal == .forGood, "\(text)") }
    for text in [
      "554", "550-5.7.1", "5.1.7", "5.1.8", "5.2.3", "5.7.17.1", "4.7.17", "5.7.26", "30003", "450", "450-4.2.1", "5",
      "55", "5505", "5.1", "5.1.1.1", "5..1",
      "550-",
      "450-5.1.1", "UNDELIV", "5xx",
    ] { #expect(ReceiptCode(text)?.refusal == nil, "\(text)") }
  }

  @Test("The journal has the code in its own alphabet")
  func word() {
    #expect(ReceiptCode("30_1:2")?.word == "30-1-2")
    // Whatever has letters may be a name: it stays in the database.
    for text in ["EC_1:Gone", "Maria-Alvarez0", "UNDELIV"] {
      #expect(ReceiptCode(text)?.text == text)
      #expect(ReceiptCode(text)?.word == nil)
    }
  }
}
