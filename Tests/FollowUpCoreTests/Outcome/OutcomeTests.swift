import FollowUpCore
import Testing

@Suite struct OutcomeTests {
  private static let fault = Fault(code: "http-503", detail: "later", concernsDestination: true)

  @Test("An outcome that did not deliver says why; its code is the fault's")
  func faults() {
    for outcome in [
      Outcome.retry(after: 5, Self.fault), .rejected(Self.fault), .misconfigured(Self.fault), .uncertain(Self.fault),
    ] {
      #expect(outcome.fault == Self.fault)
      #expect(outcome.code == "http-503")
    }
  }

  @Test("A delivery has the peer's code and no fault, a withdrawn claim has neither")
  func withoutFault() {
    let delivered = Outcome.delivered(code: "250", gatewayID: "7")
    #expect(delivered.fault == nil)
    #expect(delivered.code == "250")
    #expect(Outcome.withdrawn.fault == nil)
    #expect(Outcome.withdrawn.code == nil)
  }

  @Test("A fault concerns one recipient unless it says otherwise")
  func destination() {
    #expect(!Fault(code: "550").concernsDestination)
  }
}
