internal import Dispatch
internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem
internal import Synchronization

/// Wakes when something is due, decides and claims it in one commit, gives it to the adapters, and records what became of
/// it (`architecture.md`, The way of the data). All of that on one serial queue.
final class Dispatcher: Sendable {
  /// What a pass leaves.
  private enum Rest {
    /// Nothing that could be done at once.
    case nothing
    /// There may be more to do at once.
    case more
    /// Rows that failed, for a reason that may be the database's: they are looked at again in a while.
    case faults(any Error)
  }

  private struct State {
    var isRunning = false
    var isScheduled = false
    var settings: Settings
    var channels: Channels
    var belief: ClockBelief
    /// Done in the first pass, then gone.
    var recovery: Recovery?
    var paces: [String: Pace] = [:]
    var queue = DueQueue()
    /// How many of each channel stepped aside, over the passes that see through what is due.
    var aside: [String: ChannelSpace.Aside] = [:]
    var share = RoutineShare()
    /// A look failed while the database worked: each row by itself until none does.
    var isWary = false
    /// By how many seconds the clock was set back, and what waits does not know of it yet.
    var setBack: Int64 = 0
    var results: [AttemptResult] = []
    var nextWake: Instant?
    var trouble: String?
    /// A transaction failed, perhaps in its COMMIT: what it claimed may stand in the database, known to nobody.
    var mayHaveLostClaims = false
    var planning = PlanningState.unchecked
    /// Those who wait until all is planned by what is in force.
    var awaitingPlans: [DispatchSemaphore] = []
    /// Why the zone files cannot be used, if they cannot.
    var zoneTrouble: ZoneError?
  }

  private let store: SQLiteStore
  private let clock: any Clock
  private let zones: any ZoneSource
  private let claims: ClaimTable
  private let journal: Journal
  private let invocation: String
  /// Called when the database turns out to be damaged: the daemon has to end.
  private let onDamage: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "followupd.dispatcher", qos: .userInitiated)
  private let state: Mutex<State>

  /// How many due reminders one transaction looks at.
  private static let batch = 1000
  /// How many it looks at beyond what channels without a rate have room for.
  private static let glance = 200
  /// A second's work ahead where a channel has no rate (R12).
  private static let reach = 1000
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
    state = Mutex(State(settings: settings, channels: channels, belief: belief, recovery: recovery))
  }

  // MARK: Life

  func start() {
    state.withLock { $0.isRunning = true }
    clock.onWake { [weak self] _ in self?.poke() }
    poke()
  }

  /// Rows changed, or time passed: look again soon. Cheap, from any thread.
  func poke() {
    let isNew = state.withLock { state in
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
        state.paces = [:]
        state.planning = .unchecked
        return old
      }
      lookAtZones()
      return (result, old)
    }
    DispatchQueue.global().async { old.stop(within: 30) }
    poke()
    return result
  }

  /// Looks soon whether the zone files changed; if so, what is not yet sent is planned anew (R3). Cheap, from any thread.
  func checkZones() {
    queue.async { self.lookAtZones() }
  }

  /// Plans everything open anew, whatever the database records of it. Cheap, from any thread.
  func planAgain() {
    queue.async {
      self.state.withLock { $0.planning = .stale }
      self.poke()
    }
  }

  /// Waits until everything open is planned by what is in force; false if that did not come about in `seconds`, or cannot
  /// now: the daemon stops, or its clock is not believed.
  @discardableResult
  func awaitPlanning(within seconds: Double) -> Bool {
    let semaphore = DispatchSemaphore(value: 0)
    let isDone = state.withLock { state -> Bool? in
      if state.planning.isDone { return true }
      guard state.isRunning, state.belief.belief.isBelieved else { return false }
      state.awaitingPlans.append(semaphore)
      return nil
    }
    if let isDone { return isDone }
    poke()
    _ = semaphore.wait(timeout: .now() + seconds)
    return state.withLock { $0.planning.isDone }
  }

  // MARK: What others may ask

  var isClockBelieved: Bool { state.withLock { $0.belief.belief.isBelieved } }
  var clockDoubt: String? { state.withLock { $0.belief.belief.reason } }
  var nextWake: Instant? { state.withLock { $0.nextWake } }
  /// Why the last transaction failed, if it did; a code, never a patient's data.
  var trouble: String? { state.withLock { $0.trouble } }

  /// Why the zone files cannot be used; what was read before is in force then.
  var zoneTrouble: ZoneError? { state.withLock { $0.zoneTrouble } }

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
      let missed = self.state.withLock { $0.nextWake }.map { $0 < self.clock.now() - 2 } ?? false
      let doubted = !self.isClockBelieved
      if missed || doubted { self.poke() }
      body()
    }
  }

  /// Blocks until no pass is under way or asked for: what can be done at this instant is done, but for adapters that have
  /// not answered.
  func drain() {
    repeat { queue.sync {} } while state.withLock { $0.isScheduled }
  }

  // MARK: One pass

  private func tick() {
    state.withLock { $0.isScheduled = false }
    guard state.withLock({ $0.isRunning }), believe() else { return }
    var wait: Int64?
    do {
      // One pass a turn: a flood leaves room for the watchdog's beat, a stop and a look at the clock.
      switch try pass() {
      case .nothing: break
      case .more: return poke()
      case .faults(let cause):
        wait = Self.pause
        failed(cause)
      }
    } catch is RowFault {
      // Once more, each row by itself, so that it keeps no other from leaving.
      state.withLock { $0.isWary = true }
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
      if after.isBelieved { state.setBack += state.belief.setBack(at: reading) }
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

  /// On the queue, so that no pass sees the rules change under its hands.
  private func lookAtZones() {
    let clinicZone = state.withLock { $0.settings.clinic.zone }
    let found = zones.reloadIfChanged(needing: clinicZone)
    let isNewTrouble = state.withLock { state in
      var trouble = state.zoneTrouble
      switch found {
      // Files that cannot be used count as changed until they can, so that these are as they were read.
      case .unchanged: trouble = nil
      case .reloaded: (trouble, state.planning) = (nil, .unchecked)
      case .unusable(let error): trouble = error
      }
      defer { state.zoneTrouble = trouble }
      return trouble != nil && trouble != state.zoneTrouble
    }
    if isNewTrouble, case .unusable(let error) = found { journal.log(.zonesUnusable, [.reason: error.code]) }
    if found == .reloaded { poke() }
  }

  private func releaseThoseAwaitingPlans() {
    let waiting = state.withLock { state in
      defer { state.awaitingPlans = [] }
      return state.awaitingPlans
    }
    waiting.forEach { $0.signal() }
  }

  /// One transaction: results first, then deadlines, then claims. A row that fails undoes nothing of the others
  /// (promise 33).
  private func pass() throws -> Rest {
    let now = clock.now()
    let (settings, channels, results, recovery, mayHaveLostClaims, setBack) = state.withLock { state in
      let results = state.results
      state.results = []
      return (state.settings, state.channels, results, state.recovery, state.mayHaveLostClaims, state.setBack)
    }
    var planning = state.withLock { $0.planning }
    if results.isEmpty, recovery == nil, !mayHaveLostClaims, setBack == 0, planning.isDone {
      let (next, isBacklogOver) = try store.read {
        (try $0.nextWake(), try $0.isBacklogOver(limit: settings.delivery.backlogLimit, now: now))
      }
      let isIdle = next.map { $0 > now } ?? true
      state.withLock { state in
        state.nextWake = next
        if isIdle { state.trouble = nil }
      }
      if isIdle, !isBacklogOver { return .nothing }
    }
    var claimed: [Claim] = []
    var notes: [Note] = []
    var isFull = false
    var recorded: [AttemptResult] = []
    var unrecorded: [AttemptResult] = []
    var fault: (any Error)?
    var (queue, aside, share, isWary) = state.withLock { ($0.queue, $0.aside, $0.share, $0.isWary) }
    do {
      // Reads the zone files after a change of them: not while others wait to write.
      let replanner = planning.needsReplanner ? try Replanner(settings, zones) : nil
      try store.write { transaction in
        var terms = ClearanceTerms(
          settings: settings, zones: zones, isClockBelieved: true, holds: try transaction.openHolds())
        if setBack > 0 { try transaction.shiftWaits(by: setBack, now: now) }
        notes = try recovery?.run(transaction, terms: terms, channels: channels, now: now) ?? []
        if mayHaveLostClaims { try releaseLostClaims(transaction, now: now) }
        var ending = ResultRound(
          transaction, terms: terms, channels: channels, now: now, invocation: invocation, withdrawing: claims)
        for result in results {
          if let found = try ending.recordApart(result) {
            fault = found
            unrecorded.append(result)
          } else {
            recorded.append(result)
          }
        }
        var planned = PlanningRound(transaction, state: planning, now: now, withdrawing: claims)
        try planned.run(by: replanner)
        planning = planned.state
        notes += ending.notes + planned.notes
        guard planning.isDone else {
          isFull = true
          queue.forget()
          return
        }
        var deadlines = DeadlineRound(transaction, terms: terms, now: now)
        let events = try deadlines.run(limit: Self.batch)
        // Holds may have begun or ended in the lines above.
        terms.holds = try transaction.openHolds()
        let room = room(settings, channels, without: recorded)
        var sending = SendingRound(
          transaction, terms: terms, channels: channels, now: now, invocation: invocation,
          space: ChannelSpace(
            room: room, nextIn: state.withLock { $0.paces.mapValues(\.nextIn) }, stalled: claims.stalled(now: now),
            aside: aside, share: share), isWary: isWary)
        // What commands ended, and below what expires, may have been the last that a backlog held.
        try sending.endBacklog()
        try sending.watchBacklog()
        let isMore = try send(&sending, &queue, limit: limit(room, settings, channels))
        try sending.judge(isProven: deadlines.hasActed || !recorded.isEmpty)
        try sending.endBacklog()
        isWary = !sending.faults.isEmpty
        if let cause = sending.faults.first?.cause { fault = cause }
        claimed = sending.claims
        notes += deadlines.notes + sending.notes
        isFull = isMore || events == Self.batch
        aside = isFull ? sending.space.aside : [:]
        share = sending.space.share
        // Known to withdrawals before the commit makes them visible to commands.
        claimed.forEach(claims.add)
        state.withLock { $0.nextWake = nil }
      }
    } catch {
      claimed.forEach { claims.end($0.messageID, attempt: $0.attemptID) }
      state.withLock { state in
        state.results = results + state.results
        state.mayHaveLostClaims = true
        state.queue.forget()
      }
      throw error
    }
    recovery?.begun.startAnew()
    for result in recorded { claims.end(result.messageID, attempt: result.attemptID) }
    if setBack > 0 { claims.shift(by: setBack) }
    state.withLock { state in
      state.recovery = nil
      if fault == nil { state.trouble = nil }
      state.results = unrecorded + state.results
      state.mayHaveLostClaims = false
      state.planning = planning
      state.setBack -= setBack
      state.queue = queue
      state.aside = aside
      state.share = share
      state.isWary = isWary
      for (channel, claims) in Dictionary(grouping: claimed, by: \.message.channel) {
        state.paces[channel]?.take(claims.count)
      }
    }
    for note in notes { journal.log(note.event, note.fields) }
    for claim in claimed { submit(claim, to: channels) }
    if planning.isDone { releaseThoseAwaitingPlans() }
    if let fault, planning.isDone { return .faults(fault) }
    return isFull ? .more : .nothing
  }

  /// Looks at what is due, and at what is parked and of no use any more. True if there may be more.
  private func send(
    _ sending: inout SendingRound, _ queue: inout DueQueue, limit: Int
  ) throws -> Bool {
    let now = sending.now
    let parked = try sending.transaction.parkedPastUse(now: now, limit: Self.batch)
    for id in parked { try sending.lookGuarded(at: id) }
    guard limit > 0 else { return parked.count == Self.batch }
    let due = try queue.next(limit, sending.transaction, now: now, room: sending.space.left)
    let looked = try sending.run(due)
    queue.drop(due.prefix(looked), but: sending.stays, now: now)
    return parked.count == Self.batch || looked >= limit && !sending.space.isExhausted && !queue.isFull
  }

  /// How many due reminders one pass looks at. Where little may be sent, more than a few beyond
  /// that are not worth a look.
  private func limit(_ room: [String: Int], _ settings: Settings, _ channels: Channels) -> Int {
    guard !room.isEmpty else { return Self.batch }
    let (free, isPaced) = room.reduce(into: (0, false)) { sum, channel in
      if channels.traits(of: channel.key, mode: settings.delivery.mode).perMinute > 0 {
        sum.1 = true
      } else {
        sum.0 = min(Self.batch, sum.0 + channel.value)
      }
    }
    let isAnyUnpaced = room.keys.contains {
      channels.traits(of: $0, mode: settings.delivery.mode).perMinute == 0
    }
    if !isAnyUnpaced { return Self.batch }
    return isPaced || free > 0 ? min(Self.batch, free + Self.glance) : 0
  }

  /// A COMMIT that returned an error may stand nevertheless (`delivery.md`, trap 2). What it claimed was given to no worker,
  /// so that it cannot have begun.
  private func releaseLostClaims(_ transaction: Transaction, now: Instant) throws {
    for (attempt, message) in try transaction.claimedAttempts(invocation: invocation)
    where !claims.knows(message, attempt: attempt) {
      try transaction.releaseStranded(attempt: attempt, message: message, now: now)
    }
  }

  /// How many more of each channel may be claimed: a second's work, less what is on its way (R12).
  private func room(
    _ settings: Settings, _ channels: Channels, without results: [AttemptResult]
  ) -> [String: Int] {
    let inFlight = claims.inFlight(without: results)
    let boot = clock.reading().boot
    return state.withLock { state in
      var room: [String: Int] = [:]
      for channel in Set(channels.names).union(inFlight.keys) {
        let perMinute = channels.traits(of: channel, mode: settings.delivery.mode).perMinute
        let reach =
          perMinute == 0 ? Self.reach : min(Self.reach, max(settings.delivery.maxConnections, perMinute / 60))
        let paced = state.paces[channel, default: Pace(perMinute: perMinute, now: boot)].room(now: boot)
        room[channel] = max(0, min(paced, reach - inFlight[channel, default: 0]))
      }
      return room
    }
  }

  private func submit(_ claim: Claim, to channels: Channels) {
    let message = claim.messageID
    let attempt = claim.attemptID
    guard let entry = channels.adapter(for: claim.message.channel, mode: claim.mode) else {
      return finished(AttemptResult(messageID: message, attemptID: attempt, outcome: .withdrawn))
    }
    entry.adapter.submit(
      DeliveryJob(
        message: claim.message,
        stands: { [claims, clock] in claims.stands(message, attempt: attempt, now: clock.now()) },
        permit: { [claims, clock] in claims.begin(message, attempt: attempt, now: clock.now()) },
        finished: { [weak self] outcome in
          self?.finished(AttemptResult(messageID: message, attemptID: attempt, outcome: outcome))
        }))
  }

  private func finished(_ result: AttemptResult) {
    state.withLock { $0.results.append(result) }
    poke()
  }

  /// The last results, once nothing new is taken.
  private func recordResults() {
    // Under a clock that is not believed the time since boot tells when it was: what was sent is not forgotten.
    let reading = clock.reading()
    let (settings, channels, results, now) = state.withLock { state in
      (state.settings, state.channels, state.results, state.belief.expectedWall(at: reading))
    }
    guard !results.isEmpty, let now else { return }
    var recorded: [AttemptResult] = []
    do {
      let notes = try store.write { transaction in
        let terms = ClearanceTerms(
          settings: settings, zones: zones, isClockBelieved: true, holds: try transaction.openHolds())
        var round = ResultRound(transaction, terms: terms, channels: channels, now: now, invocation: invocation)
        for result in results where try round.recordApart(result) == nil { recorded.append(result) }
        return round.notes
      }
      for result in recorded { claims.end(result.messageID, attempt: result.attemptID) }
      for note in notes { journal.log(note.event, note.fields) }
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
      clock.wake(at: next.map { min(max($0, $0 <= now ? now + 1 : $0), .distantFuture) })
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
    let isNew = state.withLock { state in
      defer { state.trouble = code }
      return state.trouble != code
    }
    if isNew { journal.log(.internalError, [.reason: code]) }
  }
}
