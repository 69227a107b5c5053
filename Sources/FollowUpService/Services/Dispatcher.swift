internal import Dispatch
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem
internal import Synchronization

/// Wakes when something is due, decides and claims it in one commit, gives it to the adapters, and records what became of
/// it (`architecture.md`, The way of the data). All of that on one serial queue.
final class Dispatcher: Sendable {
  /// What there is to do after a pass.
  private enum Rest {
    /// Nothing that could be done at once.
    case nothing
    /// There may be more to do at once.
    case more
    /// Rows that failed, for a reason that may be the database's: they are looked at again in a while.
    case faults(any Error)
  }

  struct State {
    var isRunning = false
    var isScheduled = false
    /// Rows may have changed, or time passed, since the last pass began.
    var isChanged = true
    var settings: Settings
    var channels: Channels
    var belief: ClockBelief
    var pass: PassState
    var nextWake: Instant?
    var trouble: String?
    /// The journal knows that the database refuses work.
    var isRefusalTold = false
    /// Those who wait until all is planned by what is in force.
    var awaitingPlans: [DispatchSemaphore] = []
    /// Why the zone files cannot be used, if they cannot.
    var zoneTrouble: ZoneError?
  }

  private let store: SQLiteStore
  let clock: any Clock
  let zones: any ZoneSource
  private let claims: ClaimTable
  let journal: Journal
  private let invocation: String
  /// Called when the database turns out to be damaged: the daemon has to end.
  private let onDamage: @Sendable (String) -> Void
  let queue = DispatchQueue(label: "followupd.dispatcher", qos: .userInitiated)
  /// Tells the journal, in order, while the next pass is under way.
  private let journalist = DispatchQueue(label: "followupd.journalist", qos: .userInitiated)
  let state: Mutex<State>

  /// How often a clock that is not believed is looked at again, in seconds.
  private static let doubtPause: Int64 = 60
  /// How long to wait after a transaction failed, in seconds.
  private static let pause: Int64 = 5

  init(
    store: SQLiteStore, clock: any Clock, zones: any ZoneSource, claims: ClaimTable, journal: Journal,
    invocation: String, settings: Settings, channels: Channels, belief: ClockBelief,
    recovery: Recovery, onDamage: @escaping @Sendable (String) -> Void
  ) {
    self.store = store
    self.clock = clock
    self.zones = zones
    self.claims = claims
    self.journal = journal
    self.invocation = invocation
    self.onDamage = onDamage
    state = Mutex(State(settings: settings, channels: channels, belief: belief, pass: PassState(recovery: recovery)))
  }

  // MARK: Life

  func start() {
    state.withLock { $0.isRunning = true }
    clock.onWake { [weak self] _ in self?.poke() }
    poke()
  }

  /// Rows changed, or time passed: look again soon. Cheap, from any thread.
  func poke() { schedule(afterChange: true) }

  private func schedule(afterChange: Bool) {
    let isNew = state.withLock { state in
      if afterChange { state.isChanged = true }
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if isNew { queue.async { self.tick() } }
  }

  /// Takes no more, waits for what has begun, records it. Blocks for at most `seconds`.
  func stop(within seconds: Double) {
    let channels = state.withLock { state in
      state.isRunning = false
      state.awaitingPlans.forEach { $0.signal() }
      state.awaitingPlans = []
      return state.channels
    }
    clock.wake(at: nil)
    queue.sync {}
    channels.stop(within: seconds)
    queue.sync { self.recordResults() }
    journalist.sync {}
  }

  /// The configuration changed: later passes use the new one; the old adapters end once what they hold is done. No pass
  /// comes between `commit`, which may withdraw claims, and the exchange. Blocks until the pass under way is over.
  func replace<T>(settings: Settings, channels: Channels, commit: (any Withdrawing) throws -> T) rethrows -> T {
    let (result, old) = try queue.sync {
      let result = try commit(claims)
      let old = state.withLock { state in
        let old = state.channels
        state.settings = settings
        state.channels = channels
        state.pass.paces = [:]
        state.pass.destinations.forget(boot: clock.reading().boot)
        state.pass.planning = .unchecked
        return old
      }
      lookAtZones()
      return (result, old)
    }
    DispatchQueue.global().async { old.stop(within: 30) }
    poke()
    return result
  }

  // MARK: What others may ask

  var isClockBelieved: Bool { state.withLock { $0.belief.belief.isBelieved } }
  var clockDoubt: String? { state.withLock { $0.belief.belief.reason } }
  var nextWake: Instant? { state.withLock { $0.nextWake } }
  /// Why the last transaction failed, if it did; a code, never a patient's data.
  var trouble: String? { state.withLock { $0.trouble } ?? store.doubt }
  /// The disk is nearly full: nothing new is begun (promise 5).
  var isSpaceLow: Bool {
    store.ballast.look()
    let isLow = store.ballast.isLow
    // Who asks may be the first to see it.
    if state.withLock({ $0.pass.isSpaceLow }) != isLow { poke() }
    return isLow
  }

  /// What the clock says or, where that is not believed, would say had nobody set it; as it is where nobody can know.
  var believedNow: Instant {
    let reading = clock.reading()
    var belief = state.withLock { $0.belief }
    belief.check(reading)
    return belief.expectedWall(at: reading) ?? reading.wall
  }

  /// Staff vouch for the clock (`release clock`).
  func releaseClock() {
    let reading = clock.reading()
    state.withLock { $0.belief.release(at: reading) }
    journal.log(.clockBelieved, [:])
    poke()
  }

  /// Runs `body` on the dispatcher's queue: what comes back proves that it makes progress. The beat also looks whether
  /// something was due that no timer told of, and at the zone files.
  func beat(_ body: @escaping @Sendable () -> Void) {
    queue.async {
      self.lookAtZones()
      self.lookAtSpace()
      let missed = self.state.withLock { $0.nextWake }.map { $0 < self.clock.now() - 2 } ?? false
      let doubted = !self.isClockBelieved
      if missed || doubted || self.store.doubt != nil { self.poke() }
      body()
    }
  }

  /// Blocks until no pass is under way or asked for: what can be done at this instant is done, but for adapters that have
  /// not answered.
  func drain() {
    // Asked on the queue: elsewhere the answer could come while the next pass is under way.
    while queue.sync(execute: { state.withLock { $0.isScheduled } }) {}
    journalist.sync {}
  }

  /// Blocks until what an earlier run left is settled, or cannot be for now.
  func awaitRecovery() {
    while queue.sync(execute: { state.withLock { $0.isScheduled && $0.pass.recovery != nil } }) {}
  }

  // MARK: One pass

  private func tick() {
    state.withLock { $0.isScheduled = false }
    guard state.withLock({ $0.isRunning }), believe() else { return }
    var wait: Int64?
    do {
      // What an I/O error left in doubt comes before any claim (promise 4).
      try store.settle()
      lookAtSpace()
      // One pass a turn: a flood leaves room for the watchdog's beat, a stop and a look at the clock.
      switch try pass() {
      case .nothing: break
      case .more: return schedule(afterChange: false)
      case .faults(let cause):
        wait = Self.pause
        failed(cause)
      }
    } catch is RowFault {
      // Once more, each row by itself, so that it keeps no other from leaving.
      state.withLock { $0.pass.isWary = true }
      return poke()
    } catch {
      wait = Self.pause
      failed(error)
    }
    arm(after: wait)
  }

  /// Looks at the clock before anything is written (R6).
  private func believe() -> Bool {
    let reading = clock.reading()
    let (before, after) = state.withLock { state in
      let before = state.belief.belief
      let after = state.belief.check(reading)
      if after.isBelieved { state.pass.setBack += state.belief.setBack(at: reading) }
      return (before, after)
    }
    switch (before.isBelieved, after.isBelieved) {
    case (true, false):
      journal.log(.clockNotBelieved, [.reason: after.reason ?? "clock"])
    case (false, true): journal.log(.clockBelieved, [:])
    default: break
    }
    // It may become right by passing time alone.
    if !after.isBelieved {
      clock.wake(at: reading.wall + Self.doubtPause)
      releaseThoseAwaitingPlans()
    }
    return after.isBelieved
  }

  private func pass() throws -> Rest {
    let reading = clock.reading()
    let now = clock.now()
    let (settings, channels, known) = state.withLock { state in
      if state.isChanged { state.pass.lookedAt = nil }
      state.isChanged = false
      // What adapters tell from here on is the next pass's.
      defer { state.pass.results = [] }
      return (state.settings, state.channels, state.pass)
    }
    let isPressing = known.isPressing || known.destinations.isPressing(boot: reading.boot)
    if !isPressing, try isIdle(settings, now: now) { return .nothing }
    var pass = DispatchPass(
      known, settings: settings, zones: zones, channels: channels, claims: claims, invocation: invocation, now: now,
      boot: reading.boot)
    do { try pass.run(on: store) } catch {
      state.withLock { state in
        state.pass.results = known.results + state.pass.results
        state.pass.mayHaveLostClaims = true
        state.pass.lookedAt = nil
        state.pass.queue.forget()
      }
      throw error
    }
    let fault = pass.fault
    state.withLock { state in
      let results = state.pass.results
      state.pass = pass.state
      state.pass.results += results
      state.nextWake = nil
      if fault == nil { state.trouble = nil }
    }
    if fault == nil { works() }
    tell(pass.notes)
    submit(pass.claimed, to: channels)
    guard pass.state.planning.isDone else { return .more }
    releaseThoseAwaitingPlans()
    if let fault { return .faults(fault) }
    return pass.isFull ? .more : .nothing
  }

  private func tell(_ notes: [Note]) {
    guard !notes.isEmpty else { return }
    journalist.async { [journal] in for note in notes { journal.log(note.event, note.fields) } }
  }

  /// Nothing is due, and no backlog to be ended.
  private func isIdle(_ settings: Settings, now: Instant) throws -> Bool {
    let (next, isBacklogOver) = try store.read {
      (try $0.nextWake(), try $0.isBacklogOver(limit: settings.delivery.backlogLimit, now: now))
    }
    let isIdle = next.map { $0 > now } ?? true
    state.withLock { state in
      state.nextWake = next
      if isIdle { state.trouble = nil }
    }
    if isIdle { works() }
    return isIdle && !isBacklogOver
  }

  /// Gives the adapters what is claimed, each its own in their order.
  private func submit(_ claims: [Claim], to channels: Channels) {
    struct Way: Hashable {
      var channel: String
      var mode: Mode
    }
    for (way, claims) in Dictionary(grouping: claims, by: { Way(channel: $0.message.channel, mode: $0.mode) }) {
      guard let entry = channels.adapter(for: way.channel, mode: way.mode) else {
        for claim in claims { finished(claim, .withdrawn) }
        continue
      }
      entry.adapter.submit(claims.compactMap(job))
    }
  }

  private func job(_ claim: Claim) -> DeliveryJob? {
    guard let live = claims.live(claim.messageID, attempt: claim.attemptID) else {
      finished(claim, .withdrawn)
      return nil
    }
    return DeliveryJob(
      message: claim.message,
      stands: { [clock] in live.stands(now: clock.now()) },
      permit: { [clock] in live.begin(now: clock.now()) },
      finished: { [weak self] outcome in
        if case .delivered = outcome { live.delivered() }
        self?.finished(claim, outcome)
      })
  }

  private func finished(_ claim: Claim, _ outcome: Outcome) {
    let result = AttemptResult(messageID: claim.messageID, attemptID: claim.attemptID, outcome: outcome)
    state.withLock { $0.pass.results.append(result) }
    // Once the result is there: a pass that has not seen it might claim more of the channel.
    if case .misconfigured = outcome { claims.withdraw(channel: claim.message.channel) }
    schedule(afterChange: false)
  }

  /// The last results, once nothing new is taken.
  private func recordResults() {
    // Under a clock that is not believed the time since boot tells when it was: what was sent is not forgotten.
    let reading = clock.reading()
    let (settings, channels, pass, now) = state.withLock { state in
      (state.settings, state.channels, state.pass, state.belief.expectedWall(at: reading))
    }
    let results = pass.results
    guard !results.isEmpty, let now else { return }
    var recorded: [AttemptResult] = []
    do {
      let notes = try store.write { transaction in
        let terms = ClearanceTerms(
          settings: settings, zones: zones, isClockBelieved: true, holds: try transaction.openHolds())
        var round = ResultRound(
          transaction, terms: terms, channels: channels, now: now, invocation: invocation,
          destinations: pass.destinations, boot: reading.boot)
        for result in results where try round.recordApart(result) == nil { recorded.append(result) }
        return round.notes
      }
      for result in recorded { claims.end(result.messageID, attempt: result.attemptID) }
      tell(notes)
    } catch { failed(error) }
  }

  /// Arms the one timer for what is next. What is due but has no room is looked at again in a second.
  private func arm(after wait: Int64?) {
    let now = clock.now()
    if let wait { return clock.wake(at: now + wait) }
    do {
      let next = try store.read { try $0.nextWake() }
      state.withLock { $0.nextWake = next }
      // A row can name an instant that no timer knows.
      let first = [next, nextLook].compactMap { $0 }.min()
      clock.wake(at: first.map { min(max($0, $0 <= now ? now + 1 : $0), .distantFuture) })
    } catch {
      failed(error)
      clock.wake(at: now + Self.pause)
    }
  }

  private func failed(_ error: any Error) {
    if SQLiteStore.isDamage(error) {
      onDamage("a page could not be read")
      return
    }
    let code = SQLiteStore.code(of: error)
    let isRefusal = SQLiteStore.isRefusal(error)
    let isNew = state.withLock { state in
      defer {
        state.trouble = code
        state.isRefusalTold = state.isRefusalTold || isRefusal
      }
      return state.trouble != code
    }
    if isNew { journal.log(isRefusal ? .databaseRefuses : .internalError, [.reason: code]) }
  }

  /// A transaction went through, or there was nothing to do.
  private func works() {
    let wasTold = state.withLock { state in
      defer { state.isRefusalTold = false }
      return state.isRefusalTold
    }
    if wasTold { journal.log(.databaseWorks, [:]) }
  }

  /// Whether there is room on the disk for what is begun (promise 5).
  private func lookAtSpace() {
    store.ballast.look()
    let isLow = store.ballast.isLow
    let wasLow = state.withLock { state in
      defer { state.pass.isSpaceLow = isLow }
      return state.pass.isSpaceLow
    }
    guard isLow != wasLow else { return }
    journal.log(isLow ? .diskLow : .diskEnough, [:])
    if !isLow { poke() }
  }
}
