internal import FollowUpCore

/// One thread's part of the `smtp` adapter: a connection kept from message to message.
final class SMTPWorker: PoolWorker {
  private let plan: SMTPConnectPlan
  private let sender: MailAddress
  private let timeouts: SMTPSettings.Timeouts
  private let standing: SMTPStanding
  private let signal: StopSignal
  private var connection: SMTPConnection?

  init(
    plan: SMTPConnectPlan, sender: MailAddress, timeouts: SMTPSettings.Timeouts, standing: SMTPStanding,
    signal: StopSignal
  ) {
    self.plan = plan
    self.sender = sender
    self.timeouts = timeouts
    self.standing = standing
    self.signal = signal
  }

  func work(_ job: DeliveryJob) -> Outcome {
    let recipient: MailAddress
    do {
      recipient = try MailAddress(job.message.address)
    } catch {
      return .rejected(Fault(code: error.code, detail: error.detail))
    }
    let deadline = Deadline.after(timeouts.total)
    while true {
      if signal.isSoft || !job.stands() { return .withdrawn }
      let current: SMTPConnection
      if let connection {
        current = connection
      } else {
        do {
          current = try SMTPConnection(plan, signal: signal, until: deadline)
        } catch {
          return error.outcome
        }
        connection = current
        // It may have taken long to connect.
        if !job.stands() {
          // The next message may come late: the server may have closed the connection by then.
          current.isUsed = true
          return .withdrawn
        }
      }
      let dialogue = SMTPDialogue(
        connection: current, signal: signal, replySeconds: timeouts.reply, deadline: deadline, sender: sender,
        recipient: recipient, standing: standing)
      switch dialogue.run(job) {
      case .outcome(let outcome, let keepsConnection):
        current.isUsed = true
        if !keepsConnection { connection = nil }
        return outcome
      // A fresh connection is never stale, so that this happens once at most.
      case .stale: connection = nil
      }
    }
  }

  func rest() {
    connection?.quit()
    connection = nil
  }
}
