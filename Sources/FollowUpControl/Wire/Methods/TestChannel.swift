/// Sends a test message to an address that is no patient's, and says each stage of its way. It may take a minute.
package enum TestChannel: ControlMethod {
  package static let name = "org.followupd.TestChannel"
  package static let access = Access.admin

  package struct Request: StaffRequest, Equatable {
    package var name: String
    package var address: String
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Connect and log in, but send nothing.
    package var dryRun: Bool?

    package init(name: String, address: String) {
      self.name = name
      self.address = address
    }
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var channel: String
    package var adapter: String
    /// All stages passed.
    package var passed: Bool
    package var stages: [StageView]
    package var said: String

    package init(channel: String, adapter: String, passed: Bool, stages: [StageView], said: String) {
      self.channel = channel
      self.adapter = adapter
      self.passed = passed
      self.stages = stages
      self.said = said
    }
  }
}
