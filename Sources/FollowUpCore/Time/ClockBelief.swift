/// Whether the wall clock is believed (R6). While it is not, nothing expires, escalates, materialises, is deleted or sent.
package enum Belief: Hashable, Sendable {
  case believed
  case doubted(ClockDoubt)

  package var isBelieved: Bool { self == .believed }
  /// A stable word for the hold and the journal; nil when believed.
  package var reason: String? {
    if case .doubted(let doubt) = self { return doubt.rawValue }
    return nil
  }
}

/// Why the wall clock is not believed.
package enum ClockDoubt: String, Hashable, Sendable {
  /// Before the day on which the program was built.
  case beforeBuild = "before-build"
  /// Before something that the database records as having happened.
  case beforeRecords = "before-records"
  /// More than 60 days after the newest thing that the database records.
  case farAfterRecords = "far-after-records"
  /// More than a day ahead of what the time since boot allows.
  case jumpedForward = "jumped-forward"
  /// More than a day behind it.
  case jumpedBack = "jumped-back"
}

/// Judges the readings of the clocks (R6). Ask it at every wake, before anything is written.
package struct ClockBelief: Sendable {
  /// How far the wall clock may stray from the time since boot: a day, in seconds.
  static let tolerance: Int64 = 86_400
  /// How long the database may have been at rest: 60 days, in seconds.
  static let longestRest: Int64 = 60 * 86_400

  private let buildDate: Instant
  private var newestRecorded: Instant?
  /// A reading that was believed, to compare later ones with; none while the start is in doubt.
  private var trusted: ClockReading?
  /// The reading that steps of the clock are told by.
  private var steady: ClockReading?
  package private(set) var belief = Belief.believed

  package init(buildDate: Instant) { self.buildDate = buildDate }

  /// The first judgement. `newestRecorded` is the newest instant that the database records as having happened, never a
  /// planned one; nil for an empty database, which sets no upper bound. Returns whether the clock is believed.
  @discardableResult
  package mutating func atStart(now reading: ClockReading, newestRecorded: Instant?) -> Bool {
    self.newestRecorded = newestRecorded
    trusted = nil
    return check(reading).isBelieved
  }

  /// Compares a reading with the last one that was believed at start or vouched for; a clock that is right again is
  /// believed again.
  @discardableResult
  package mutating func check(_ reading: ClockReading) -> Belief {
    if let trusted {
      let elapsed = (reading.boot - trusted.boot) / 1_000_000_000
      let stray = reading.wall - (trusted.wall + elapsed)
      belief =
        stray > Self.tolerance
        ? .doubted(.jumpedForward) : stray < -Self.tolerance ? .doubted(.jumpedBack) : .believed
    } else {
      belief = startDoubt(reading.wall).map(Belief.doubted) ?? .believed
      if belief.isBelieved { trusted = reading }
    }
    return belief
  }

  /// What the wall clock would say at `reading`, had nobody set it; nil if it was never believed.
  package func expectedWall(at reading: ClockReading) -> Instant? {
    if belief.isBelieved { return reading.wall }
    return trusted.map { $0.wall + (reading.boot - $0.boot) / 1_000_000_000 }
  }

  /// How many seconds the clock was set back since this was asked last, 0 if it was not: what waits for a while, and for no
  /// civil time, must not wait so much longer (promise 14). Ask it only while the clock is believed.
  package mutating func setBack(at reading: ClockReading) -> Int64 {
    guard let steady else {
      self.steady = reading
      return 0
    }
    let stray = reading.wall - (steady.wall + (reading.boot - steady.boot) / 1_000_000_000)
    // Both clocks are read in turn, and the wall's in whole seconds.
    guard abs(stray) > 1 else { return 0 }
    self.steady = reading
    return max(0, -stray)
  }

  /// Staff vouch for the clock as it stands (`release clock`).
  package mutating func release(at reading: ClockReading) {
    trusted = reading
    belief = .believed
  }

  private func startDoubt(_ wall: Instant) -> ClockDoubt? {
    if wall < buildDate { return .beforeBuild }
    guard let newestRecorded else { return nil }
    if wall < newestRecorded { return .beforeRecords }
    return wall - newestRecorded > Self.longestRest ? .farAfterRecords : nil
  }
}
