import FollowUpDigest
import Testing

@Suite struct WebhookSignatureTests {
  static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  @Test("the example of the Standard Webhooks libraries")
  func example() throws {
    let signature = try WebhookSignature(secrets: [Self.secret])
    let header = signature.header(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
    #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test("each of several keys signs, in their order")
  func several() throws {
    let other = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx"
    let both = try WebhookSignature(secrets: [Self.secret, other]).header(id: "a", timestamp: 1, body: [])
    let first = try WebhookSignature(secrets: [Self.secret]).header(id: "a", timestamp: 1, body: [])
    let second = try WebhookSignature(secrets: [other]).header(id: "a", timestamp: 1, body: [])
    #expect(both == "\(first) \(second)")
    #expect(first != second)
  }

  @Test(
    "a secret that is not base64 or of a wrong length is refused by its position",
    arguments: [
      "whsec_!!!", "whsec_", "whsec_c2hvcnQ=",
    ])
  func refusals(secret: String) {
    #expect(throws: WebhookSignature.InvalidSecret(index: 1)) {
      try WebhookSignature(secrets: [Self.secret, secret])
    }
  }

  @Test("without secrets nothing is signed")
  func unsigned() throws {
    #expect(try !WebhookSignature(secrets: []).signs)
  }
}
