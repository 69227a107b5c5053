/// What an adapter says of one attempt: a type, never a text (`delivery.md`, Retry).
package enum Outcome: Sendable, Equatable {
  /// The peer took responsibility. `gatewayID` is the peer's own id for the message, if it gave one.
  case delivered(code: String, gatewayID: String?)
  /// Not taken, and worth another try; `after` seconds if the peer asked for a pause.
  case retry(after: Int64?, Fault)
  /// This address is refused for good.
  case rejected(Fault)
  /// Our own settings are at fault: the channel is held until someone mends them.
  case misconfigured(Fault)
  /// The peer may or may not have taken it.
  case uncertain(Fault)
  /// The permit was refused before the first byte left.
  case withdrawn

  /// The stable word for the attempt's row and the journal.
  package var word: String {
    switch self {
    case .delivered: "delivered"
    case .retry: "retry"
    case .rejected: "rejected"
    case .misconfigured: "misconfigured"
    case .uncertain: "uncertain"
    case .withdrawn: "withdrawn"
    }
  }

  package var fault: Fault? {
    switch self {
    case .retry(_, let fault), .rejected(let fault), .misconfigured(let fault), .uncertain(let fault): fault
    case .delivered, .withdrawn: nil
    }
  }

  /// The stable code of how it ended: `250`, `http-503`, `connect-refused`, `tls-certificate`, …; nil when withdrawn.
  package var code: String? {
    if case .delivered(let code, _) = self { return code }
    return fault?.code
  }
}

/// Why an attempt did not deliver.
package struct Fault: Sendable, Equatable {
  /// A stable code, safe for the journal: `550`, `550-5.1.1`, `http-429`, `connect-refused`, `timeout`, …
  package var code: String
  /// The server's words with addresses replaced (R22): for the attempt's row only, never for the journal.
  package var detail: String
  /// The destination itself could not be used (refused, unreachable, greeting or TLS failed), as against one recipient.
  package var concernsDestination: Bool
  /// Of a refusal: it is about the address, so that it counts as a bounce; false: about what was sent, or about policy.
  package var concernsAddress: Bool

  package init(
    code: String, detail: String = "", concernsDestination: Bool = false, concernsAddress: Bool = true
  ) {
    self.code = code
    self.detail = detail
    self.concernsDestination = concernsDestination
    self.concernsAddress = concernsAddress
  }
}
