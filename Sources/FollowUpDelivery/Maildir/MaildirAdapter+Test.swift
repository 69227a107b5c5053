package import FollowUpCore

extension MaildirAdapter {
  /// A folder has one stage: that it takes a message.
  package func test(_ message: RenderedMessage?, within seconds: Double) -> [TestStage] {
    guard let message else { return [] }
    let started = ContinuousClock.now
    let worker = MaildirWorker(folder: Maildir(path: settings.path), signal: StopSignal())
    let outcome = worker.outcome(of: DeliveryJob(message: message, permit: { true }, finished: { _ in }))
    return [TestStage(accepted: outcome, seconds: -Deadline.seconds(until: started))]
  }
}
