internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// What one pass of the dispatcher leaves to the next.
struct PassState: Sendable {
  /// Done in the first pass, then gone.
  var recovery: Recovery?
  var planning = PlanningState.unchecked
  /// By how many seconds the clock was set back, and what waits does not know of it yet.
  var setBack: Int64 = 0
  /// What adapters told and no transaction has recorded.
  var results: [AttemptResult] = []
  /// A transaction failed, perhaps in its COMMIT: what it claimed may stand in the database, known to nobody.
  var mayHaveLostClaims = false
  var paces: [String: Pace] = [:]
  var queue = DueQueue()
  /// How many of each channel stepped aside, over the passes that see through what is due.
  var aside: [String: ChannelSpace.Aside] = [:]
  var share = RoutineShare()
  /// How the channels' destinations fare.
  var destinations = Destinations()
  /// The disk is nearly full: nothing is claimed (promise 5).
  var isSpaceLow = false
  /// A look failed while the database worked: each row by itself until none does.
  var isWary = false
  /// When deadlines, the backlog and what is parked were looked at last; nil: they have to be at once, for rows changed.
  var lookedAt: Instant?

  /// Whether there may be something to do although nothing is due.
  var isPressing: Bool {
    !results.isEmpty || recovery != nil || mayHaveLostClaims || setBack > 0 || !planning.isDone
  }
}

/// One transaction of the dispatcher: results first, then planning, deadlines, and claims. A row that fails undoes nothing
/// of the others (promise 33).
struct DispatchPass {
  let settings: Settings
  let zones: any ZoneSource
  let channels: Channels
  let claims: ClaimTable
  let invocation: String
  let now: Instant
  /// Nanoseconds since boot, by which channels are paced.
  let boot: Int64
  var state: PassState
  private(set) var claimed: [Claim] = []
  private(set) var notes: [Note] = []
  private(set) var recorded: [AttemptResult] = []
  /// There may be more to do at once.
  private(set) var isFull = false
  /// More is parked and of no use any more than one pass looks at.
  private var parkedIsFull = false
  /// Why a row failed, for a reason that may be the database's.
  private(set) var fault: (any Error)?

  /// How many due reminders one transaction looks at.
  private static let batch = 1000
  /// How many it looks at beyond what channels without a rate have room for.
  private static let glance = 200
  /// A second's work ahead where a channel has no rate (R12).
  private static let reach = 1000

  init(
    _ state: PassState, settings: Settings, zones: any ZoneSource, channels: Channels, claims: ClaimTable,
    invocation: String, now: Instant, boot: Int64
  ) {
    self.state = state
    self.settings = settings
    self.zones = zones
    self.channels = channels
    self.claims = claims
    self.invocation = invocation
    self.now = now
    self.boot = boot
  }

  /// - Throws: what undid all of it; `RowFault` if one row did, and is to be looked at by itself.
  mutating func run(on store: SQLiteStore) throws {
    // Reads the zone files after a change of them: not while others wait to write.
    let replanner = state.planning.needsReplanner ? try Replanner(settings, zones) : nil
    var pass = self
    do {
      try store.write { try pass.run(in: $0, replanner) }
    } catch {
      pass.claimed.forEach { claims.end($0.messageID, attempt: $0.attemptID) }
      throw error
    }
    self = pass
    // Tried after each pass until it is done: it costs nothing then.
    try? store.restoredIsKnown()
    state.recovery?.begun.startAnew()
    state.recovery = nil
    for result in recorded { claims.end(result.messageID, attempt: result.attemptID) }
    if state.setBack > 0 { claims.shift(by: state.setBack, but: claimed) }
    state.setBack = 0
    state.mayHaveLostClaims = false
    for claim in claimed { state.paces[claim.message.channel]?.take(1) }
  }

  private mutating func run(in transaction: Transaction, _ replanner: Replanner?) throws {
    var terms = ClearanceTerms(
      settings: settings, zones: zones, isClockBelieved: true, holds: try transaction.openHolds())
    if state.setBack > 0 { try transaction.shiftWaits(by: state.setBack, now: now) }
    notes = try state.recovery?.run(transaction, terms: terms, channels: channels, now: now) ?? []
    if state.mayHaveLostClaims { try releaseLostClaims(transaction) }
    try record(in: transaction, terms)
    try plan(in: transaction, by: replanner)
    guard state.planning.isDone else { return }
    // In the midst of a flood results come many times a second: time has not passed, nor did rows change otherwise.
    let looks = state.lookedAt != now
    var deadlines = DeadlineRound(transaction, terms: terms, now: now)
    let events = looks ? try deadlines.run(limit: Self.batch) : 0
    notes += deadlines.notes
    // Holds may have begun or ended in the lines above.
    terms.holds = try transaction.openHolds()
    let isMore = try send(in: transaction, terms, isProven: deadlines.hasActed || !recorded.isEmpty, looks: looks)
    isFull = isMore || events == Self.batch
    // Of what these looks did not get through there is more at once.
    state.lookedAt = events == Self.batch || parkedIsFull ? nil : now
    if !isFull { state.aside = [:] }
    // Known to withdrawals before the commit makes them visible to commands.
    claims.add(claimed)
  }

  private mutating func record(in transaction: Transaction, _ terms: ClearanceTerms) throws {
    var round = ResultRound(
      transaction, terms: terms, channels: channels, now: now, invocation: invocation, withdrawing: claims,
      destinations: state.destinations, boot: boot,
      rows: { [claims] in claims.live($0.messageID, attempt: $0.attemptID)?.rows })
    if try round.recordAll(state.results) {
      recorded = state.results
      state.results = []
    } else {
      var unrecorded: [AttemptResult] = []
      for result in state.results {
        if let found = try round.recordApart(result) {
          fault = found
          unrecorded.append(result)
        } else {
          recorded.append(result)
        }
      }
      state.results = unrecorded
    }
    notes += round.notes
    try settle(round.destinations, in: transaction)
  }

  private mutating func plan(in transaction: Transaction, by replanner: Replanner?) throws {
    var round = PlanningRound(transaction, state: state.planning, now: now, withdrawing: claims)
    try round.run(by: replanner)
    state.planning = round.state
    notes += round.notes
    if !state.planning.isDone {
      isFull = true
      state.queue.forget()
    }
  }

  mutating func note(_ event: Event, _ fields: JournalFields) {
    notes.append(Note(event: event, fields: fields))
  }

  /// Looks at what is due, and at what is parked and of no use any more. True if there may be more.
  private mutating func send(
    in transaction: Transaction, _ terms: ClearanceTerms, isProven: Bool, looks: Bool
  ) throws -> Bool {
    let room = room()
    let destinations = DestinationSpace(
      state.destinations, inFlight: state.destinations.health.isEmpty ? [:] : claims.inFlight(without: recorded),
      boot: boot)
    let woken = try wakeParked(in: transaction, room: room, space: destinations)
    var sending = SendingRound(
      transaction, terms: terms, channels: channels, now: now, invocation: invocation,
      space: ChannelSpace(
        room: room, nextIn: state.paces.mapValues(\.nextIn), stalled: claims.stalled(now: now), aside: state.aside,
        share: state.share),
      destinations: destinations, isWary: state.isWary)
    // What commands ended, and below what expires, may have been the last that a backlog held.
    try sending.endBacklog()
    if looks || !woken.isEmpty { try sending.watchBacklog() }
    let parked = looks ? try transaction.parkedPastUse(now: now, limit: Self.batch) : []
    for id in parked { try sending.lookGuarded(at: id) }
    try sending.claimDrafts()
    parkedIsFull = parked.count == Self.batch
    var isMore = parkedIsFull
    let limit = state.isSpaceLow ? 0 : limit(room)
    if limit > 0 {
      let due = try state.queue.next(limit, transaction, now: now, room: sending.space.left)
      let looked = try sending.run(due)
      state.queue.drop(due.prefix(looked), but: sending.stays, now: now)
      let mayBeMore = looked >= limit || sending.isSated
      isMore = isMore || mayBeMore && !sending.space.isExhausted && !state.queue.isFull
    }
    try sending.judge(isProven: isProven)
    try sending.endBacklog()
    state.isWary = !sending.faults.isEmpty
    if let cause = sending.faults.first?.cause { fault = cause }
    (state.aside, state.share) = (sending.space.aside, sending.space.share)
    if try leave(sending, woken: woken, in: transaction) { isMore = true }
    claimed = sending.claims
    notes += sending.notes
    return isMore
  }

  /// A COMMIT that returned an error may stand nevertheless (`delivery.md`, trap 2). What it claimed was given to no worker,
  /// so that it cannot have begun.
  private func releaseLostClaims(_ transaction: Transaction) throws {
    for (attempt, message) in try transaction.claimedAttempts(invocation: invocation)
    where claims.live(message, attempt: attempt) == nil {
      try transaction.releaseStranded(attempt: attempt, message: message, now: now)
    }
  }

  /// How many more of each channel may be claimed: a second's work, less what is on its way (R12).
  private mutating func room() -> [String: Int] {
    let inFlight = claims.inFlight(without: recorded)
    var room: [String: Int] = [:]
    for channel in Set(channels.names).union(inFlight.keys) {
      let perMinute = perMinute(channel)
      let reach = perMinute == 0 ? Self.reach : min(Self.reach, max(settings.delivery.maxConnections, perMinute / 60))
      let fresh = Pace(perMinute: perMinute, now: boot)
      let paced = state.paces[channel, default: fresh].room(now: boot)
      room[channel] = max(0, min(paced, reach - inFlight[channel, default: 0]))
    }
    return room
  }

  /// How many due reminders this pass looks at. Where little may be sent, more than a few beyond that are not worth a look.
  private func limit(_ room: [String: Int]) -> Int {
    let unpaced = room.filter { perMinute($0.key) == 0 }
    guard !unpaced.isEmpty else { return Self.batch }
    let free = unpaced.values.reduce(0) { min(Self.batch, $0 + $1) }
    return unpaced.count < room.count || free > 0 ? min(Self.batch, free + Self.glance) : 0
  }

  private func perMinute(_ channel: String) -> Int {
    channels.traits(of: channel, mode: settings.delivery.mode).perMinute
  }
}
