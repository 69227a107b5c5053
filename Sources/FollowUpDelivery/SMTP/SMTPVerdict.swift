internal import FollowUpCore

/// What a reply or a broken connection means for the message, by how far the dialogue had come (`delivery.md`, Retry).
enum SMTPVerdict {
  enum Stage: CaseIterable {
    case mail, rcpt, data
    /// The final dot has been sent.
    case content
  }

  /// The verdict of a refusal, or of the reply to the final dot.
  ///
  /// - Parameter relays: the server has taken somebody of another domain from us, under these settings.
  static func outcome(_ stage: Stage, _ reply: SMTPReply, addresses: [String], relays: Bool) -> Outcome {
    if stage == .content, (250...259).contains(reply.code) {
      return .delivered(code: "\(reply.code)", gatewayID: reply.queueID)
    }
    var fault = Fault(
      code: reply.stableCode, detail: ReplyText.redacted(reply.text, addresses: addresses),
      concernsDestination: reply.code == 421)
    switch (stage, reply.code) {
    case (_, 400...499): return .retry(after: nil, fault)
    case (_, 500...599):
      let refusal = SMTPRefusal(stage, reply, relays: relays)
      fault.concernsAddress = refusal == .address
      return refusal == .settings ? .misconfigured(fault) : .rejected(fault)
    // A reply that fits no rule: before the dot nothing is accepted, after it nobody knows.
    case (.content, _): return .uncertain(fault)
    default: return .retry(after: nil, fault)
    }
  }

  /// The verdict of a connection that ended, stalled or spoke nonsense; `contentMayHaveLeft` from the final dot on.
  static func outcome(_ failure: SMTPLinkError, contentMayHaveLeft: Bool) -> Outcome {
    let code =
      switch failure {
      case .closed: "connection-lost"
      case .timedOut: "timeout"
      case .stopped: "stopped"
      case .garbled: "protocol"
      }
    if contentMayHaveLeft { return .uncertain(Fault(code: code)) }
    if failure == .stopped { return .withdrawn }
    return .retry(after: nil, Fault(code: code, concernsDestination: true))
  }
}

/// How a connection failed in the middle of a dialogue.
enum SMTPLinkError: Error, Equatable {
  case closed, timedOut, stopped, garbled
}
