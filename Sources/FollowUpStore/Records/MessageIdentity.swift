internal import FollowUpDigest

/// What makes a message the same one however often it is composed (`delivery.md`, Identity).
package struct MessageIdentity: Sendable, Equatable {
  /// The instance's UUID, as bytes.
  let namespace: [UInt8]
  /// What it carries, and to whom.
  let name: String

  /// UUIDv5 of it.
  package var text: String { UUIDv5.make(namespace: namespace, name: Array(name.utf8)) }
}
