/// The channels of the configuration, by name.
package enum ListChannels: ControlMethod {
  package static let name = "org.followupd.ListChannels"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init() {}
  }

  package typealias Reply = ItemList<ChannelView>
}
