internal import FollowUpCore

/// The mail dialogue of one message on a standing connection.
struct SMTPDialogue {
  /// How it ended, and whether the connection may carry another message.
  enum End {
    case outcome(Outcome, keepsConnection: Bool)
    /// The server takes no more on this connection, which carried other messages; nothing of this one was taken.
    case stale
  }

  private struct Refusal {
    let stage: SMTPVerdict.Stage
    let reply: SMTPReply

    /// The server is about to close this connection, or has had enough on it: another one may do.
    var isOfConnection: Bool { reply.code == 421 || reply.enhanced == "4.5.3" }
  }

  let connection: any SMTPLink
  let signal: StopSignal
  let replySeconds: Double
  let deadline: ContinuousClock.Instant
  let sender: MailAddress
  let recipient: MailAddress
  let standing: SMTPStanding

  /// What opens a transaction, in one write (RFC 2920).
  static func envelope(from sender: MailAddress, to recipient: MailAddress) -> String {
    mail(from: sender) + rcpt(to: recipient) + data
  }

  private static func mail(from sender: MailAddress) -> String { "MAIL FROM:<\(sender.text)>\r\n" }
  private static func rcpt(to recipient: MailAddress) -> String { "RCPT TO:<\(recipient.text)>\r\n" }
  private static let data = "DATA\r\n"

  /// - Parameters:
  ///   - isOpened: its envelope has been sent behind the content before.
  ///   - following: asked once, where the server takes several commands in one write: the envelope of the message after
  ///     this one, to go with this one's content. It saves a round trip for each message.
  func run(_ job: DeliveryJob, isOpened: Bool = false, following: () -> String? = { nil }) -> End {
    // An answer too many of the message before would be read as one to this.
    if connection.isUsed, !isOpened, !connection.isQuiet() { return .stale }
    var hasReplied = false
    let refusal: Refusal?
    let dataIsOpen: Bool
    do {
      (refusal, dataIsOpen) = try envelope(isOpened: isOpened, hasReplied: &hasReplied)
    } catch {
      if connection.isUsed, error == .garbled || !hasReplied && error == .closed { return .stale }
      return .outcome(SMTPVerdict.outcome(error, contentMayHaveLeft: false), keepsConnection: false)
    }
    if let refusal {
      let goesOn = recover(from: refusal, dataIsOpen: dataIsOpen)
      if connection.isUsed, refusal.isOfConnection {
        if goesOn { connection.quit() }
        return .stale
      }
      let outcome = SMTPVerdict.outcome(
        refusal.stage, refusal.reply, addresses: [recipient.text, sender.text], relays: standing.relays)
      return .outcome(outcome, keepsConnection: goesOn)
    }
    return content(job, following)
  }

  /// Sends MAIL, RCPT and DATA; the first refusal counts. With PIPELINING all three leave in one write.
  private func envelope(
    isOpened: Bool, hasReplied: inout Bool
  ) throws(SMTPLinkError) -> (refusal: Refusal?, dataIsOpen: Bool) {
    if connection.pipelines, !isOpened {
      try connection.send(Self.envelope(from: sender, to: recipient), until: nextReply())
    }
    var refusal: Refusal?
    for stage in [SMTPVerdict.Stage.mail, .rcpt, .data] {
      if !connection.pipelines {
        if refusal != nil { break }
        let line = stage == .mail ? Self.mail(from: sender) : stage == .rcpt ? Self.rcpt(to: recipient) : Self.data
        try connection.send(line, until: nextReply())
      }
      let reply: SMTPReply
      do {
        reply = try connection.reply(until: nextReply(), heed: .soft)
      } catch {
        // A server that refuses and hangs up has said all that it had to say.
        if let refusal { return (refusal, false) }
        throw error
      }
      hasReplied = true
      if stage == .rcpt, (250...259).contains(reply.code) {
        standing.noteAccepted(recipient, from: sender)
      }
      if stage == .data, reply.code == 354 { return (refusal, true) }
      // No answer to DATA: there was one too many before, and nobody knows which was whose.
      if stage == .data, reply.code < 400 { throw .garbled }
      if refusal == nil, stage == .data || !(250...259).contains(reply.code) {
        refusal = Refusal(stage: stage, reply: reply)
      }
      if reply.code == 421 { break }
    }
    return (refusal, false)
  }

  /// Brings the connection back to where a next message can start; false if it cannot.
  private func recover(from refusal: Refusal, dataIsOpen: Bool) -> Bool {
    guard refusal.reply.code != 421, !signal.isSoft else { return false }
    do {
      if dataIsOpen {
        // RFC 2920 3.1: the server takes DATA without a recipient; a lone dot ends it with nobody to deliver to. Of one that
        // took the recipient it would make an empty message.
        guard refusal.stage == .rcpt, refusal.reply.code >= 400 else { return false }
        try connection.send(".\r\n", until: nextReply())
        _ = try connection.reply(until: nextReply(), heed: .soft)
      }
      try connection.send("RSET\r\n", until: nextReply())
      return try connection.reply(until: nextReply(), heed: .soft).code == 250
    } catch {
      return false
    }
  }

  private func content(_ job: DeliveryJob, _ following: () -> String?) -> End {
    guard connection.isQuiet() else {
      // It takes the content before it was sent: no answer of its tells what became of it.
      if connection.isUsed { return .stale }
      return .outcome(SMTPVerdict.outcome(.garbled, contentMayHaveLeft: false), keepsConnection: false)
    }
    var wire = SMTPContent.wire(job.message.body)
    guard !signal.isSoft, job.permit() else { return .outcome(.withdrawn, keepsConnection: false) }
    var behind = 0
    if connection.pipelines, let envelope = following() {
      behind = envelope.utf8.count
      wire += envelope.utf8
    }
    var remaining = wire.count
    do throws(SMTPLinkError) {
      var isWhole = true
      do {
        try connection.send(wire, until: deadline, heed: .hard, remaining: &remaining)
      } catch {
        // The server has all of the content, and hung up on what came behind: its answer may lie in our socket.
        guard error == .closed, behind > 0, remaining <= behind else { throw error }
        isWhole = false
      }
      let reply = try connection.reply(until: nextReply(), heed: .hard)
      let outcome = SMTPVerdict.outcome(
        .content, reply, addresses: [recipient.text, sender.text], relays: standing.relays)
      let isOrderly = reply.code != 421 && (reply.code == 250 || reply.code >= 400)
      return .outcome(outcome, keepsConnection: isWhole && isOrderly)
    } catch {
      // CR LF dot CR LF: while all of it is still here, no server can have taken the message.
      let mayHaveLeft = remaining - behind < 5
      if !mayHaveLeft, error == .stopped {
        return .outcome(.retry(after: nil, Fault(code: "stopped")), keepsConnection: false)
      }
      return .outcome(SMTPVerdict.outcome(error, contentMayHaveLeft: mayHaveLeft), keepsConnection: false)
    }
  }

  private func nextReply() -> ContinuousClock.Instant { min(deadline, Deadline.after(replySeconds)) }
}
