internal import Dispatch
internal import FollowUpCore
internal import FollowUpSystem
internal import Synchronization

/// Planning anew when what decides of it changed: the zone files, the configuration (R3, R10).
extension Dispatcher {
  /// Looks soon whether the zone files changed; if so, what is not yet sent is planned anew (R3). Cheap, from any thread.
  func checkZones() {
    queue.async { self.lookAtZones() }
  }

  /// Plans everything open anew, whatever the database records of it. Cheap, from any thread.
  func planAgain() {
    queue.async {
      self.state.withLock { $0.pass.planning = .stale }
      self.poke()
    }
  }

  /// Waits until everything open is planned by what is in force; false if that did not come about in `seconds`, or cannot
  /// now: the daemon stops, or its clock is not believed.
  @discardableResult
  func awaitPlanning(within seconds: Double) -> Bool {
    let semaphore = DispatchSemaphore(value: 0)
    let isDone = state.withLock { state -> Bool? in
      if state.pass.planning.isDone { return true }
      guard state.isRunning, state.belief.belief.isBelieved else { return false }
      state.awaitingPlans.append(semaphore)
      return nil
    }
    if let isDone { return isDone }
    poke()
    _ = semaphore.wait(timeout: .now() + seconds)
    return state.withLock { $0.pass.planning.isDone }
  }

  /// Why the zone files cannot be used; what was read before is in force then.
  var zoneTrouble: ZoneError? { state.withLock { $0.zoneTrouble } }

  /// On the queue, so that no pass sees the rules change under its hands.
  func lookAtZones() {
    let clinicZone = state.withLock { $0.settings.clinic.zone }
    let found = zones.reloadIfChanged(needing: clinicZone)
    let isNewTrouble = state.withLock { state in
      var trouble = state.zoneTrouble
      switch found {
      // Files that cannot be used count as changed until they can, so that these are as they were read.
      case .unchanged: trouble = nil
      case .reloaded: (trouble, state.pass.planning) = (nil, .unchecked)
      case .unusable(let error): trouble = error
      }
      defer { state.zoneTrouble = trouble }
      return trouble != nil && trouble != state.zoneTrouble
    }
    if isNewTrouble, case .unusable(let error) = found { journal.log(.zonesUnusable, [.reason: error.code]) }
    if found == .reloaded { poke() }
  }

  func releaseThoseAwaitingPlans() {
    let waiting = state.withLock { state in
      defer { state.awaitingPlans = [] }
      return state.awaitingPlans
    }
    waiting.forEach { $0.signal() }
  }
}
