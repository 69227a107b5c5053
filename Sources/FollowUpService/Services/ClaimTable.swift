internal import FollowUpCore
internal import FollowUpStore
internal import Synchronization

/// The claims of this run that no outcome has ended, and whether each has begun. Commands withdraw here, workers begin here,
/// and one lock decides who was first (R12).
final class ClaimTable: Withdrawing {
  private enum Phase { case claimed, begun, withdrawn }
  private struct Entry {
    var attempt: Int64
    var channel: String
    var sendBy: Instant
    var rows: ClaimedRows?
    var phase = Phase.claimed
  }

  private let begunFile: BegunFile
  private let entries = Mutex<[Int64: Entry]>([:])

  init(begunFile: BegunFile) { self.begunFile = begunFile }

  func add(_ claim: Claim) {
    entries.withLock {
      $0[claim.messageID] = Entry(
        attempt: claim.attemptID, channel: claim.message.channel, sendBy: claim.sendBy, rows: claim.rows)
    }
  }

  /// The worker's last look before the first byte: false if it was withdrawn or its time is over.
  func begin(_ message: Int64, attempt: Int64, now: Instant) -> Bool {
    entries.withLock { entries in
      guard var entry = entries[message], entry.attempt == attempt, entry.phase == .claimed, now < entry.sendBy,
        begunFile.mark(attempt)
      else { return false }
      entry.phase = .begun
      entries[message] = entry
      return true
    }
  }

  /// Whether the claim could still begin; nothing is marked.
  func stands(_ message: Int64, attempt: Int64, now: Instant) -> Bool {
    entries.withLock { entries in
      guard let entry = entries[message] else { return false }
      return entry.attempt == attempt && entry.phase == .claimed && now < entry.sendBy
    }
  }

  /// Whether an outcome of this attempt is still to come.
  func knows(_ message: Int64, attempt: Int64) -> Bool {
    entries.withLock { $0[message]?.attempt == attempt }
  }

  /// What the claim of an attempt left in the database; nil where that has to be read.
  func rows(of message: Int64, attempt: Int64) -> ClaimedRows? {
    entries.withLock { entries in entries[message].flatMap { $0.attempt == attempt ? $0.rows : nil } }
  }

  func withdraw(message id: Int64) -> Bool {
    entries.withLock { entries in
      guard var entry = entries[id], entry.phase != .begun else { return false }
      entry.phase = .withdrawn
      entries[id] = entry
      return true
    }
  }

  /// A peer has taken what the attempt carried: known from now on whatever becomes of this run.
  func delivered(_ attempt: Int64) { begunFile.markDelivered(attempt) }

  /// The outcome is committed.
  func end(_ message: Int64, attempt: Int64) {
    entries.withLock { entries in
      if entries[message]?.attempt == attempt { entries[message] = nil }
    }
    begunFile.clear(attempt)
  }

  /// The clock was set back by `seconds`: no claim stands longer for that.
  func shift(by seconds: Int64) {
    entries.withLock { entries in
      entries = entries.mapValues { entry in
        var entry = entry
        entry.sendBy = entry.sendBy - seconds
        return entry
      }
    }
  }

  /// The channels of which a claim has had no outcome although its time is over.
  func stalled(now: Instant) -> Set<String> {
    entries.withLock { entries in
      entries.values.reduce(into: []) { if $1.sendBy <= now { $0.insert($1.channel) } }
    }
  }

  /// How many claims of each channel no outcome has ended; `results` are about to.
  func inFlight(without results: [AttemptResult] = []) -> [String: Int] {
    entries.withLock { entries in
      var counts = entries.values.reduce(into: [:]) { $0[$1.channel, default: 0] += 1 }
      for result in results {
        if let entry = entries[result.messageID], entry.attempt == result.attemptID {
          counts[entry.channel, default: 0] -= 1
        }
      }
      return counts
    }
  }
}
