internal import FollowUpCore

/// One thread's part of the `smtp` adapter: a connection kept from message to message.
final class SMTPWorker: PoolWorker {
  private let plan: SMTPConnectPlan
  private let sender: MailAddress
  private let timeouts: SMTPSettings.Timeouts
  private let standing: SMTPStanding
  private let signal: StopSignal
  private var connection: SMTPConnection?
  /// What was taken to come next, and its recipient where its envelope has been sent behind the content before.
  private var ahead: (job: DeliveryJob, opened: MailAddress?)?

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

  func work(_ job: DeliveryJob, next: () -> DeliveryJob?) {
    job.finished(outcome(of: job, opened: nil, next))
    while let (job, opened) = ahead {
      ahead = nil
      job.finished(outcome(of: job, opened: opened, next))
    }
  }

  /// - Parameter opened: its recipient, where its envelope has been sent on the connection before.
  private func outcome(of job: DeliveryJob, opened: MailAddress?, _ next: () -> DeliveryJob?) -> Outcome {
    var isOpened = opened != nil && connection != nil
    let recipient: MailAddress
    do {
      if let opened { recipient = opened } else { recipient = try MailAddress(job.message.address) }
    } catch {
      return .rejected(Fault(code: error.code, detail: error.detail))
    }
    let deadline = Deadline.after(timeouts.total)
    while true {
      if signal.isSoft || !job.stands() {
        // A transaction that nobody goes on with would be in the next one's way.
        if isOpened { connection = nil }
        return .withdrawn
      }
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
      switch dialogue.run(job, isOpened: isOpened, following: { self.following(next) }) {
      case .outcome(let outcome, let keepsConnection):
        current.isUsed = true
        if !keepsConnection { connection = nil }
        return outcome
      // A fresh connection is never stale, so that this happens once at most.
      case .stale: (connection, isOpened) = (nil, false)
      }
    }
  }

  /// Takes what comes next, if something waits: its envelope, to go with the content before.
  private func following(_ next: () -> DeliveryJob?) -> String? {
    guard !signal.isSoft, let job = next() else { return nil }
    // Whatever is amiss with it is told when its turn comes.
    let recipient = job.stands() ? try? MailAddress(job.message.address) : nil
    ahead = (job, recipient)
    return recipient.map { SMTPDialogue.envelope(from: sender, to: $0) }
  }

  func rest() {
    connection?.quit()
    connection = nil
  }
}
