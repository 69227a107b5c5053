/// Loads the configuration anew; a bad one changes nothing.
package enum Reload: ControlMethod {
  package static let name = "org.followupd.Reload"
  package static let access = Access.admin

  package struct Request: ActingRequest, Equatable {
    /// The staff name that the caller acts as, from `--as`.
    package var actingAs: String?
    /// Change nothing, say what would happen.
    package var dryRun: Bool?
    /// The preview was seen and agreed to.
    package var confirmed: Bool?

    package init() {}
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var changed: Bool
    package var said: String
    /// Open follow-ups that were planned anew.
    package var replanned: Int
    /// Reminders that were not to be sent and now are.
    package var added: Int
    /// Reminders that are sent at another instant.
    package var moved: Int
    /// Reminders that were to be sent and now are not.
    package var cancelled: Int
    /// Keys that take effect only after a restart.
    package var restartNeeded: [String]
    package var warnings: [String]

    package init(
      changed: Bool, said: String, replanned: Int, added: Int = 0, moved: Int = 0, cancelled: Int = 0,
      restartNeeded: [String], warnings: [String]
    ) {
      self.changed = changed
      self.said = said
      self.replanned = replanned
      self.added = added
      self.moved = moved
      self.cancelled = cancelled
      self.restartNeeded = restartNeeded
      self.warnings = warnings
    }
  }
}
