internal import Dispatch
internal import FollowUpCore
internal import Synchronization

/// What a thread of the pool does with its jobs; made and used on that thread alone.
protocol PoolWorker: AnyObject {
  /// Works on a job to its end, however long that takes, and tells it how that was. It may take more by `next` and do the
  /// same for each.
  func work(_ job: DeliveryJob, next: () -> DeliveryJob?)
  /// No job has come for a while: give up what is costly to keep.
  func rest()
}

/// Threads that take jobs in order, started as they are needed, up to a limit. Idle ones block without waking.
final class WorkerPool: Sendable {
  private struct State {
    var queue: [DeliveryJob] = []
    var head = 0
    /// The last to become idle is the first to get work: its connection is the least likely to be stale.
    var idle: [DispatchSemaphore] = []
    var threads = 0
    /// Threads woken or started that have not looked at the queue yet: so many jobs are theirs.
    var coming = 0
    var isStopped = false

    mutating func take() -> DeliveryJob? {
      guard head < queue.count else { return nil }
      let job = queue[head]
      head += 1
      if head == queue.count {
        queue.removeAll(keepingCapacity: head <= 1024)
        head = 0
      } else if head >= 1024 {
        queue.removeFirst(head)
        head = 0
      }
      return job
    }
  }

  private let state = Mutex(State())
  private let limit: Int
  private let idleSeconds: Double
  private let makeWorker: @Sendable () -> any PoolWorker
  private let running = DispatchGroup()
  let signal = StopSignal()

  init(limit: Int, idleSeconds: Double, makeWorker: @escaping @Sendable (StopSignal) -> any PoolWorker) {
    self.limit = max(1, limit)
    self.idleSeconds = idleSeconds
    self.makeWorker = { [signal] in makeWorker(signal) }
  }

  deinit { signal.raiseHard() }

  /// All at once: a thread that comes for one finds what follows it.
  func submit(_ jobs: [DeliveryJob]) {
    let taken: (sleepers: [DispatchSemaphore], starting: Int)? = state.withLock { state in
      if state.isStopped { return nil }
      state.queue += jobs
      let sleepers = Array(state.idle.suffix(jobs.count).reversed())
      state.idle.removeLast(sleepers.count)
      let starting = min(jobs.count - sleepers.count, limit - state.threads)
      state.threads += starting
      state.coming += sleepers.count + starting
      return (sleepers, starting)
    }
    guard let taken else {
      for job in jobs { job.finished(.withdrawn) }
      return
    }
    for sleeper in taken.sleepers { sleeper.signal() }
    for _ in 0..<taken.starting { startThread() }
  }

  /// Withdraws what is queued, lets what has begun finish, and gives up after `seconds`.
  func stop(within seconds: Double) {
    let (left, sleepers) = state.withLock { state in
      state.isStopped = true
      let left = state.queue[state.head...]
      state.queue = []
      state.head = 0
      state.coming += state.idle.count
      defer { state.idle = [] }
      return (Array(left), state.idle)
    }
    signal.raiseSoft()
    for sleeper in sleepers { sleeper.signal() }
    for job in left { job.finished(.withdrawn) }
    let grace = min(seconds * 0.2, 1)
    if running.wait(timeout: .now() + max(0, seconds - grace)) == .timedOut {
      signal.raiseHard()
      _ = running.wait(timeout: .now() + grace)
    }
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
      state.threads -= 1
      state.coming -= 1
      // With other threads at work the job waits for one of them.
      guard state.threads == 0 else { return [DeliveryJob]() }
      defer {
        state.queue = []
        state.head = 0
      }
      return Array(state.queue[state.head...])
    }
    for job in orphans { job.finished(.retry(after: nil, Fault(code: "no-thread"))) }
  }

  private func run() {
    let worker = makeWorker()
    let wakeUp = DispatchSemaphore(value: 0)
    var isComing = true
    while true {
      while let job = take(&isComing) { worker.work(job, next: takeMore) }
      if becomeIdle(wakeUp) { continue }
      if state.withLock({ $0.isStopped }) { break }
      if wakeUp.wait(timeout: .now() + idleSeconds) == .timedOut {
        worker.rest()
        wakeUp.wait()
      }
      isComing = true
    }
    worker.rest()
  }

  /// A job for a thread that has none. One that comes is no longer expected from then on.
  private func take(_ isComing: inout Bool) -> DeliveryJob? {
    let arrives = isComing
    isComing = false
    return state.withLock { state in
      if arrives { state.coming -= 1 }
      return state.take()
    }
  }

  /// A job more for a thread at work, unless a thread is on its way for it: behind this one's job it might wait long.
  private func takeMore() -> DeliveryJob? {
    state.withLock { state in state.queue.count - state.head > state.coming ? state.take() : nil }
  }

  /// True if a job came in between; false once the semaphore is where `submit` and `stop` find it.
  private func becomeIdle(_ wakeUp: DispatchSemaphore) -> Bool {
    state.withLock { state in
      if state.head < state.queue.count { return true }
      if !state.isStopped { state.idle.append(wakeUp) }
      return false
    }
  }
}
