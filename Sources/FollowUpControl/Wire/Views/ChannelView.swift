/// A channel and how its adapter fares.
package struct ChannelView: Codable, Equatable, Sendable {
  package var name: String
  package var adapter: String
  package var state: String
  @Nullable package var why: String?
  @Nullable package var since: String?
  package var waiting: Int
  @Nullable package var nextProbe: String?
  @Nullable package var firstExpiry: String?

  package init(
    name: String, adapter: String, state: String, why: String?, since: String?, waiting: Int,
    nextProbe: String?, firstExpiry: String?
  ) {
    self.name = name
    self.adapter = adapter
    self.state = state
    self.why = why
    self.since = since
    self.waiting = waiting
    self.nextProbe = nextProbe
    self.firstExpiry = firstExpiry
  }
}
