package import FollowUpCore

/// The way of a mail, stage by stage, on a connection of its own.
extension SMTPAdapter {
  package func test(_ message: RenderedMessage?, within seconds: Double) -> [TestStage] {
    let trace = ConnectTrace()
    let deadline = Deadline.after(seconds)
    let signal = StopSignal()
    let connection: SMTPConnection
    do {
      connection = try SMTPConnection(plan, signal: signal, until: deadline, trace: trace)
    } catch {
      return trace.stages(tls: plan.usesTLS, login: plan.logsIn, fault: error.outcome.fault ?? Fault(code: "stopped"))
    }
    var stages = trace.stages(tls: plan.usesTLS, login: plan.logsIn, fault: nil)
    defer { connection.quit() }
    guard let message else { return stages }
    let before = trace.elapsed
    let outcome: Outcome
    do {
      let dialogue = SMTPDialogue(
        connection: connection, signal: signal, replySeconds: timeouts.reply, deadline: deadline,
        sender: composer.from.address, recipient: try MailAddress(message.address),
        standing: SMTPStanding())
      let job = DeliveryJob(message: message, permit: { true }, finished: { _ in })
      switch dialogue.run(job) {
      case .outcome(let found, keepsConnection: _): outcome = found
      case .stale: outcome = .retry(after: nil, Fault(code: "connection-lost"))
      }
    } catch {
      outcome = .rejected(Fault(code: error.code))
    }
    stages.append(TestStage(accepted: outcome, seconds: trace.elapsed - before))
    return stages
  }
}

extension TestStage {
  /// The last stage: what the peer said of the message.
  init(accepted outcome: Outcome, seconds: Double) {
    var passed = false
    if case .delivered = outcome { passed = true }
    self.init(.accepted, passed: passed, seconds: seconds, code: outcome.code ?? outcome.word)
  }
}
