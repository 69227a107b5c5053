/// A pause of sending.
package struct HoldView: Codable, Equatable, Sendable {
  package var id: String
  /// `all`, `plan`, `patient`, `channel`, `backlog`, `clock`, `restored`.
  package var kind: String
  @Nullable package var subject: String?
  @Nullable package var until: String?
  @Nullable package var reason: String?
  package var createdAt: String
  /// The clinic's zone, for people to read the times in.
  @Nullable package var zone: String?

  package init(
    id: String, kind: String, subject: String?, until: String?, reason: String?, createdAt: String, zone: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.subject = subject
    self.until = until
    self.reason = reason
    self.createdAt = createdAt
    self.zone = zone
  }
}
