/// One message with its attempts.
package enum ShowMessage: ControlMethod {
  package static let name = "org.followupd.ShowMessage"
  package static let access = Access.staff

  package struct Request: StaffRequest, Equatable {
    package var id: String
    package var body: Bool?
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?

    package init(id: String, body: Bool? = nil) {
      self.id = id
      self.body = body
    }
  }

  package typealias Reply = MessageView
}
