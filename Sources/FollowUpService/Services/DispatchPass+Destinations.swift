internal import FollowUpCore
internal import FollowUpStore
internal import FollowUpSystem

/// What a pass does for destinations that are paused, or open slowly (`delivery.md`, Retry).
extension DispatchPass {
  /// Takes over what the results told of the destinations.
  mutating func settle(_ after: Destinations, in transaction: Transaction) throws {
    let before = state.destinations
    state.destinations = after
    for (channel, health) in after.health where health.isPaused && !before[channel].isPaused {
      // A few at a time: what has not begun waits with the rest.
      try transaction.withdrawClaims(.channel(channel), via: claims, now: now)
    }
    for (channel, health) in before.health where health.isPaused && !after[channel].isPaused {
      // What became overdue while it was paused shows at once, for staff may have to decide (R11).
      try transaction.wakeOverdue(waitingFor: channel, now: now)
      state.lookedAt = nil
      state.queue.reread()
    }
  }

  /// Lets go what is parked for destinations that take messages: all of it where one is wholly open, else as many as may
  /// leave now, the first in triage order first.
  mutating func wakeParked(
    in transaction: Transaction, room: [String: Int], space: DestinationSpace
  ) throws -> Set<String> {
    if !state.destinations.isKnown {
      state.destinations.found(try transaction.channelsWaitedFor(), boot: boot)
    }
    var woken: Set<String> = []
    // What may not be claimed is not woken.
    if state.isSpaceLow { return woken }
    for channel in state.destinations.looks.keys {
      let limit = space.left(channel).map { left in
        state.destinations.reach(channel, room: min(left, room[channel] ?? left))
      }
      if limit == 0 { continue }
      let count = try transaction.wake(waitingFor: channel, limit: limit, now: now)
      if count > 0 { woken.insert(channel) }
      if limit.map({ count < $0 }) ?? true { state.destinations.emptied(channel) }
    }
    if !woken.isEmpty { state.queue.reread() }
    return woken
  }

  /// After the look at what is due. True if there may be more to do at once: what was woken did not use its room.
  mutating func leave(_ sending: SendingRound, woken: Set<String>, in transaction: Transaction) throws -> Bool {
    let space = sending.destinations
    // What was claimed, not what was meant to be: a text that cannot be rendered is no probe.
    let taken = Set(sending.claims.lazy.filter { $0.mode == .live }.map(\.message.channel))
    // What was woken may stand in the queue, not looked at yet.
    let inVain = sending.isSated ? [] : woken.subtracting(taken)
    for channel in space.parked { state.destinations.parked(channel, boot: boot) }
    for channel in taken { state.destinations.claimed(channel, boot: boot) }
    for channel in taken.intersection(woken) { state.destinations.woke(channel, inVain: false) }
    for channel in inVain { state.destinations.woke(channel, inVain: true) }
    try warn(in: transaction)
    let paces = state.paces
    state.destinations.settle(
      left: { space.left($0) ?? 0 }, nextIn: { paces[$0]?.nextIn ?? 0 }, boot: boot)
    for channel in woken.subtracting(taken).subtracting(inVain) {
      state.destinations.lookAgain(at: channel, in: 1, boot: boot)
    }
    if state.isSpaceLow { state.destinations.rest(boot: boot) }
    return woken.contains { state.destinations.looks[$0] != nil && space.hasRoom($0) }
  }
}

extension DispatchPass {
  /// How long before a patient is lost the journal tells of it, in seconds (`interface.md`, Journal).
  private static let notice: Int64 = 7200

  /// A pause that costs a patient soon is an error of the journal's, once a pause.
  private mutating func warn(in transaction: Transaction) throws {
    for channel in state.destinations.unwarned {
      guard case .paused(let pause) = state.destinations[channel],
        let first = try transaction.firstPressing(waitingFor: channel), first.expiresAt - now <= Self.notice
      else { continue }
      state.destinations.warned(of: channel)
      note(
        .patientLostSoon,
        [.followup: first.subject, .channel: channel, .until: first.expiresAt.rfc3339, .reason: pause.why])
    }
  }
}

extension SendingRound {
  /// What would go to a destination that takes nothing now waits for it, out of sight. False if it may go.
  mutating func waits(_ reminder: DueReminder, for channel: String, _ mode: Mode) throws -> Bool {
    guard mode == .live, !destinations.hasRoom(channel) else { return false }
    try transaction.park(reminder: reminder.id, waitingFor: channel, now: now)
    destinations.park(channel)
    return true
  }
}
