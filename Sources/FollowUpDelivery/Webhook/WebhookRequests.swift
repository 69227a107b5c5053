internal import CCurl
internal import FollowUpCore

/// The requests under way in one libcurl multi handle, and the handles kept for the next ones. Lives on one thread.
struct WebhookRequests: ~Copyable {
  private let plan: WebhookPlan
  private let signal: StopSignal
  private let limit: Int
  private var multi: UnsafeMutableRawPointer?
  private var active: [UnsafeMutableRawPointer: WebhookTransfer] = [:]
  private var spare: [EasyHandle] = []

  init(plan: WebhookPlan, signal: StopSignal, limit: Int) {
    self.plan = plan
    self.signal = signal
    self.limit = limit
  }

  deinit { if let multi { curl_multi_cleanup(multi) } }

  var isEmpty: Bool { active.isEmpty }
  var hasRoom: Bool { active.count < limit }

  mutating func start(_ job: DeliveryJob) {
    guard WebhookAdapter.isIdentity(job.message.identity) else {
      job.finished(.rejected(Fault(code: "bad-identity")))
      return
    }
    // No connection is made for what was taken back.
    guard job.stands() else {
      job.finished(.withdrawn)
      return
    }
    guard let multi = ready(), let handle = spare.popLast() ?? EasyHandle() else {
      job.finished(.retry(after: nil, Fault(code: "no-memory")))
      return
    }
    let transfer = WebhookTransfer(job, handle: handle, plan: plan, signal: signal)
    guard transfer.prepare() else {
      job.finished(.misconfigured(Fault(code: "curl-options", detail: "libcurl lacks an option")))
      return
    }
    active[handle.pointer] = transfer
    if curl_multi_add_handle(multi, handle.pointer) != CURLM_OK {
      active[handle.pointer] = nil
      job.finished(.retry(after: nil, Fault(code: "no-memory")))
    }
  }

  /// Lets libcurl do what it can without waiting, and hands out the verdicts of what is done.
  mutating func perform() {
    guard let multi, !active.isEmpty else { return }
    var count: Int32 = 0
    curl_multi_perform(multi, &count)
    while let message = curl_multi_info_read(multi, &count) {
      guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle else { continue }
      let result = followup_result(message)
      guard let transfer = active[pointer] else { continue }
      end(transfer, transfer.outcome(result))
    }
  }

  /// Waits for the network, for a timeout of libcurl's, or for `wakeUp`.
  func wait(wakeUp: Int32) {
    guard let multi else { return }
    var extra = curl_waitfd(fd: wakeUp, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    curl_multi_poll(multi, &extra, 1, 60_000, nil)
  }

  mutating func abandon(begunToo: Bool) {
    for transfer in Array(active.values) where begunToo || !transfer.hasBegun {
      end(transfer, transfer.outcomeOfStop())
    }
  }

  /// Closes what is idle; the next request connects anew.
  mutating func disconnect() {
    guard active.isEmpty, let multi else { return }
    spare = []
    curl_multi_cleanup(multi)
    self.multi = nil
  }

  private mutating func ready() -> UnsafeMutableRawPointer? {
    if multi == nil, CurlLibrary.isReady {
      multi = curl_multi_init()
      if let multi {
        followup_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, limit)
        followup_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limit)
      }
    }
    return multi
  }

  private mutating func end(_ transfer: WebhookTransfer, _ outcome: Outcome) {
    active[transfer.handle.pointer] = nil
    if let multi { curl_multi_remove_handle(multi, transfer.handle.pointer) }
    transfer.handle.reset()
    spare.append(transfer.handle)
    transfer.job.finished(outcome)
  }
}
