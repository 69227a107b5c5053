internal import FollowUpCore

/// What an answer, or its absence, means for the message (`delivery.md`, Adapters).
enum WebhookVerdict {
  /// The verdict of a whole answer. `detail` is its text with addresses replaced; `pause` what `Retry-After` asked for.
  static func outcome(status: Int, pause: Int64?, gatewayID: String?, detail: String) -> Outcome {
    let code = "http-\(status)"
    // A gateway refuses a request: whether for its number or for how we wrote it, the status does not say, and a mistake of
    // ours must not cost every patient their address.
    func fault(_ concernsDestination: Bool = false) -> Fault {
      Fault(code: code, detail: detail, concernsDestination: concernsDestination, concernsAddress: false)
    }
    switch status {
    case 200...299: return .delivered(code: code, gatewayID: gatewayID)
    case 429, 502...504: return .retry(after: pause, fault(true))
    case 408, 425, 500...599: return .retry(after: pause, fault())
    case 300...399, 401, 403, 404: return .misconfigured(fault())
    case 400...499: return .rejected(fault())
    default: return .uncertain(fault())
    }
  }
}
