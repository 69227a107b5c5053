/// One channel.
package enum ShowChannel: ControlMethod {
  package static let name = "org.followupd.ShowChannel"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var name: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(name: String) { self.name = name }
  }

  package typealias Reply = ChannelView
}
