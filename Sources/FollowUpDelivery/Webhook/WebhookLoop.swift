internal import CCurl
internal import Dispatch
internal import FollowUpCore
internal import Glibc
internal import Synchronization

/// The one thread that drives all requests of a channel in one libcurl multi handle.
final class WebhookLoop: Sendable {
  private struct State {
    var queue: [DeliveryJob] = []
    var head = 0
    var hasThread = false
    var isStopped = false
  }

  private let state = Mutex(State())
  private let plan: WebhookPlan
  private let limit: Int
  private let idleSeconds: Double
  private let signal = StopSignal()
  private let wakeUp: Int32
  private let running = DispatchGroup()

  init(plan: WebhookPlan, limit: Int, idleSeconds: Double) {
    self.plan = plan
    self.limit = limit
    self.idleSeconds = idleSeconds
    wakeUp = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
  }

  deinit { close(wakeUp) }

  func submit(_ jobs: [DeliveryJob]) {
    let (isTaken, needsThread) = state.withLock { state in
      if state.isStopped { return (false, false) }
      state.queue += jobs
      defer { state.hasThread = true }
      return (true, !state.hasThread)
    }
    guard isTaken else {
      for job in jobs { job.finished(.withdrawn) }
      return
    }
    if needsThread { startThread() }
    eventfd_write(wakeUp, 1)
  }

  /// Withdraws what has not begun, lets what has finish, and gives up after `seconds`.
  func stop(within seconds: Double) {
    let left = state.withLock { state in
      state.isStopped = true
      return Self.takeAll(&state)
    }
    signal.raiseSoft()
    eventfd_write(wakeUp, 1)
    for job in left { job.finished(.withdrawn) }
    let grace = min(seconds * 0.2, 1)
    if running.wait(timeout: .now() + max(0, seconds - grace)) == .timedOut {
      signal.raiseHard()
      eventfd_write(wakeUp, 1)
      _ = running.wait(timeout: .now() + grace)
    }
  }

  private static func takeAll(_ state: inout State) -> [DeliveryJob] {
    defer {
      state.queue = []
      state.head = 0
    }
    return Array(state.queue[state.head...])
  }

  private func startThread() {
    running.enter()
    let started = OwnThread.start { [self] in
      run()
      running.leave()
    }
    guard !started else { return }
    running.leave()
    let orphans = state.withLock { state in
      state.hasThread = false
      return Self.takeAll(&state)
    }
    for job in orphans { job.finished(.retry(after: nil, Fault(code: "no-thread"))) }
  }

  private func run() {
    var requests = WebhookRequests(plan: plan, signal: signal, limit: limit)
    while true {
      while requests.hasRoom, let job = take() { requests.start(job) }
      requests.perform()
      if signal.isSoft { requests.abandon(begunToo: signal.isHard) }
      if requests.isEmpty {
        if state.withLock({ $0.isStopped }) { return }
        if isQueueEmpty {
          if !sleep(seconds: idleSeconds) {
            requests.disconnect()
            _ = sleep(seconds: nil)
          }
          continue
        }
      }
      if requests.hasRoom, !isQueueEmpty { continue }
      requests.wait(wakeUp: wakeUp)
      calm()
    }
  }

  private var isQueueEmpty: Bool { state.withLock { $0.head == $0.queue.count } }

  private func take() -> DeliveryJob? {
    state.withLock { state in
      guard state.head < state.queue.count else { return nil }
      defer {
        state.head += 1
        if state.head == state.queue.count || state.head >= 1024 {
          state.queue.removeFirst(state.head)
          state.head = 0
        }
      }
      return state.queue[state.head]
    }
  }

  /// Blocks until someone submits or stops; false if `seconds` passed first.
  private func sleep(seconds: Double?) -> Bool {
    var watched = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
    let ready = poll(&watched, 1, seconds.map { Int32(($0 * 1000).rounded(.up)) } ?? -1)
    calm()
    return ready != 0
  }

  private func calm() {
    var count: eventfd_t = 0
    eventfd_read(wakeUp, &count)
  }
}
