internal import CCurl
package import FollowUpCore

/// The way of a request, stage by stage, on a connection of its own: the real one, with its signature.
extension WebhookAdapter {
  package func test(_ message: RenderedMessage?, within seconds: Double) -> [TestStage] {
    let trace = ConnectTrace()
    func failed(_ code: String) -> [TestStage] {
      [TestStage(.connect, passed: false, seconds: trace.elapsed, code: code)]
    }
    guard CurlLibrary.isReady, let handle = EasyHandle() else { return failed("no-memory") }
    let content = message ?? RenderedMessage(identity: "test", messageID: "test", channel: "", address: "", body: [])
    let job = DeliveryJob(message: content, permit: { true }, finished: { _ in })
    let transfer = WebhookTransfer(job, handle: handle, plan: plan, signal: StopSignal())
    guard transfer.prepare() else { return failed("curl-options") }
    if message == nil { handle.set(CURLOPT_CONNECT_ONLY, 1) }
    handle.set(CURLOPT_TIMEOUT_MS, max(1, Int(seconds * 1000)))
    trace.listen(to: handle)
    let result = withExtendedLifetime((transfer, trace)) { curl_easy_perform(handle.pointer) }
    trace.take(handle)
    if message == nil, result == CURLE_OK { return trace.stages(tls: plan.usesTLS, login: false, fault: nil) }
    let outcome = transfer.outcome(result)
    guard transfer.hasBegun else {
      return trace.stages(tls: plan.usesTLS, login: false, fault: outcome.fault ?? Fault(code: outcome.word))
    }
    var stages = trace.stages(tls: plan.usesTLS, login: false, fault: nil)
    let spent = stages.reduce(0) { $0 + $1.seconds }
    // The gateway judges the login with the request itself.
    let isRefused = ["http-401", "http-403"].contains(outcome.code)
    if plan.logsIn, isRefused {
      stages.append(TestStage(.login, passed: false, seconds: trace.elapsed - spent, code: outcome.code))
    } else {
      if plan.logsIn, outcome.code?.hasPrefix("http-") == true {
        stages.append(TestStage(.login, passed: true, seconds: 0))
      }
      stages.append(TestStage(accepted: outcome, seconds: trace.elapsed - spent))
    }
    return stages
  }
}
