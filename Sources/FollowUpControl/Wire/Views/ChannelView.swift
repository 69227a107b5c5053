/// A channel and how its adapter fares.
package struct ChannelView: Codable, Equatable, Sendable {
  package var name: String
  package var adapter: String
  /// `ok`, `paused` (its server cannot be used, and is tried again by itself), `opening` (it answers again, and is not yet
  /// given all), `held` (until staff resume it).
  package var state: String
  /// `connect-refused: the server takes no connection`; of a hold, its reason.
  @Nullable package var why: String?
  @Nullable package var since: String?
  /// How many messages and reminders wait for it.
  package var waiting: Int
  @Nullable package var nextProbe: String?
  /// When the first of what waits is of no use any more.
  @Nullable package var firstExpiry: String?
  /// What to do, where somebody may have to.
  @Nullable package var action: String?
  /// The hold that keeps it.
  @Nullable package var hold: String?
  /// Messages a minute; 0: no limit.
  package var perMinute: Int
  /// The clinic's zone, in which people read times.
  @Nullable package var zone: String?

  package init(
    name: String, adapter: String, state: String, why: String?, since: String?, waiting: Int,
    nextProbe: String?, firstExpiry: String?, action: String? = nil, hold: String? = nil, perMinute: Int = 0,
    zone: String? = nil
  ) {
    self.name = name
    self.adapter = adapter
    self.state = state
    self.why = why
    self.since = since
    self.waiting = waiting
    self.nextProbe = nextProbe
    self.firstExpiry = firstExpiry
    self.action = action
    self.hold = hold
    self.perMinute = perMinute
    self.zone = zone
  }
}
