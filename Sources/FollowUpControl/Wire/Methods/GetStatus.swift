/// The whole state of the service in one view.
package enum GetStatus: ControlMethod {
  package static let name = "org.followupd.GetStatus"
  package static let access = Access.monitor

  package struct Request: StaffRequest, Equatable {
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init() {}
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var version: String
    package var schema: Int
    @Nullable package var instance: String?
    /// `trial`, `live`.
    package var mode: String
    /// `ok`, `degraded`, `failing`.
    package var health: String
    package var held: Bool
    /// When the daemon started.
    package var since: String
    /// The clinic's.
    package var zone: String
    package var zoneData: ZoneDataView
    package var clock: ClockStateView
    package var patients: Int
    package var followUps: FollowUpCountsView
    package var occurrences: OccurrenceCountsView
    package var reminders: ReminderCountsView
    @Nullable package var nextWake: String?
    package var tasks: TaskCountsView
    package var holds: [HoldView]
    package var channels: [ChannelView]
    package var attention: [AttentionView]
    @Nullable package var lastBackup: String?

    package init(
      version: String, schema: Int, instance: String?, mode: String, health: String, held: Bool, since: String,
      zone: String, zoneData: ZoneDataView, clock: ClockStateView, patients: Int,
      followUps: FollowUpCountsView, occurrences: OccurrenceCountsView, reminders: ReminderCountsView,
      nextWake: String?, tasks: TaskCountsView, holds: [HoldView], channels: [ChannelView],
      attention: [AttentionView], lastBackup: String?
    ) {
      self.version = version
      self.schema = schema
      self.instance = instance
      self.mode = mode
      self.health = health
      self.held = held
      self.since = since
      self.zone = zone
      self.zoneData = zoneData
      self.clock = clock
      self.patients = patients
      self.followUps = followUps
      self.occurrences = occurrences
      self.reminders = reminders
      self.nextWake = nextWake
      self.tasks = tasks
      self.holds = holds
      self.channels = channels
      self.attention = attention
      self.lastBackup = lastBackup
    }
  }
}
