package import FollowUpCore

/// Mail by SMTP: libcurl makes the connections (TCP, TLS, EHLO, AUTH), the mail dialogue is our own, each on its thread.
///
/// libcurl's own dialogue blocks a whole multi handle and cannot tell a refusal from doubt (`delivery.md`, traps 5, 6).
package struct SMTPAdapter: Adapter {
  package static let kind = "smtp"
  package let capacity: Int
  let composer: MailComposer
  let plan: SMTPConnectPlan
  let timeouts: SMTPSettings.Timeouts
  private let pool: WorkerPool

  /// Connects to nothing yet.
  ///
  /// - Throws: the setting that it cannot work with.
  package init(_ settings: SMTPSettings) throws(AdapterSettingsError) {
    let plan = try SMTPConnectPlan(settings)
    composer = try MailComposer(
      from: settings.from, unsubscribeMailto: settings.unsubscribeMailto, linksBaseURL: settings.linksBaseURL)
    capacity = max(1, settings.maxConnections)
    let sender = composer.from.address
    let timeouts = settings.timeouts
    (self.plan, self.timeouts) = (plan, timeouts)
    let standing = SMTPStanding()
    pool = WorkerPool(limit: capacity, idleSeconds: timeouts.idle) { signal in
      SMTPWorker(plan: plan, sender: sender, timeouts: timeouts, standing: standing, signal: signal)
    }
  }

  package func render(_ draft: MessageDraft) throws(RenderError) -> RenderedMessage {
    let recipient = try MailAddress(draft.address)
    return RenderedMessage(
      identity: draft.identity, messageID: composer.messageID(of: draft.identity), channel: draft.channel,
      address: draft.address, body: try composer.compose(draft, to: recipient))
  }

  package func submit(_ jobs: [DeliveryJob]) { pool.submit(jobs) }

  package func stop(within seconds: Double) { pool.stop(within: seconds) }
}
