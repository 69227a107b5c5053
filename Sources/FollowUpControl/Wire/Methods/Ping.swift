/// Is the daemon there?
package enum Ping: ControlMethod {
  package static let name = "org.followupd.Ping"
  package static let access = Access.anyone

  package struct Request: Codable, Equatable, Sendable {
    package init() {}
  }

  package struct Reply: Codable, Equatable, Sendable {
    package var version: String
    @Nullable package var instance: String?

    package init(version: String, instance: String?) {
      self.version = version
      self.instance = instance
    }
  }
}
