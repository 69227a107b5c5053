package import FollowUpControl
package import FollowUpCore
package import FollowUpStore

/// What commands ask of the running service beside its database.
package protocol ServicePort: Sendable {
  /// `0.1.0`
  var version: String { get }
  /// The name from `$FOLLOWUPD_INSTANCE`, if the daemon has one.
  var instanceName: String? { get }
  var startedAt: Instant { get }
  var isClockBelieved: Bool { get }
  /// The database refuses work, or its disk is nearly full (promises 4, 5).
  var isStoreUneasy: Bool { get }
  /// The folder or table that the zones come from.
  var zoneSource: String { get }
  /// By name; `holds` are those in force.
  func channels(_ holds: [Hold]) -> [ChannelHealth]
  /// Staff say that a channel may send again: its destination's pause is forgotten, and the journal is told.
  func resume(channel: String, uid: UInt32)
  /// Tries a paused channel's destination now.
  func probeNow(channel: String)
  /// Walks the way of a test message. Blocks, for a minute at most. Throws `ControlError`.
  func test(channel: String, address: String, sends: Bool) throws -> [TestStage]
  /// What the service itself finds to need a person: a full disk, an unbelieved clock.
  func attention() -> [AttentionView]
  /// Where a plan's text lies: `shipped`, or the file.
  func planSource(_ name: String) -> String
  /// The folder of the clinic's own texts, beside its configuration; nil without one.
  var templatesFolder: String? { get }
  /// Checks a folder with `followupd.toml`, or the configuration in use; with `plansOnly` the folder is a `plans.d`.
  func check(directory: String?, plansOnly: Bool) -> (checked: Int, faults: [FollowUpControl.Fault])
  /// What the plans of a folder, or of the configuration's files, would do to reminders, if they joined what is in force.
  func outlook(plans directory: String?) throws -> PlanningTally
  /// Compares a folder with `followupd.toml`, or the files in use, with what is in force. Throws `ControlError` with the
  /// faults.
  func diff(directory: String?) throws -> DiffConfiguration.Reply
  /// Loads the configuration anew, or only says what that would do. Throws `ControlError` with the faults.
  func reload(dryRun: Bool, by actor: Actor) throws -> Reload.Reply
  /// Somebody vouches for the clock (R6).
  func believeClock()
  /// For the journal: somebody paused sending, or ended a pause.
  func raised(hold id: String, kind: HoldKind, uid: UInt32)
  func released(hold id: String, uid: UInt32)
  /// For the journal: what a peer said of a message that it took, the task that came of it, and the one that tells of a
  /// contact which has bounced by it.
  func received(
    _ outcome: ReceiptOutcome, of message: String, channel: String, code: ReceiptCode?, task: String?, bounced: String?,
    uid: UInt32)
  /// For the journal: a call that its caller may not make.
  func refused(method: String, needs group: String, uid: UInt32)
  /// For the journal: rows that a call met and could not read, or not whole (promise 33). Each is told once.
  func unreadable(_ rows: [UnreadableRow])
  /// For the journal: a call that failed for a reason of our own. `why` is free of patients' data.
  func failed(method: String, why: String)
}
