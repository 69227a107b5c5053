/// A method of the Varlink interface `org.followupd`: its name, who may call it, and the types on the wire.
package protocol ControlMethod: Sendable {
  associatedtype Request: Codable & Sendable
  associatedtype Reply: Codable & Sendable
  /// With the interface, `org.followupd.AddFollowUp`.
  static var name: String { get }
  /// The least right that it needs; a handler may ask for more, by what the request names.
  static var access: Access { get }
}

/// A request that a member of staff makes.
package protocol StaffRequest: Codable, Sendable {
  /// The staff name that the caller acts as, from `--as`; nil: the one that belongs to the user.
  var actingAs: String? { get set }
}

/// A request that changes something.
package protocol ActingRequest: StaffRequest {
  /// Change nothing, say what would happen.
  var dryRun: Bool? { get set }
  /// The preview was seen and agreed to; without it, what touches much only shows what it would do.
  var confirmed: Bool? { get set }
}

extension ActingRequest {
  package var isDryRun: Bool { dryRun ?? false }
  package var isConfirmed: Bool { confirmed ?? false }
}

/// A reply that may be a preview instead of a change.
package protocol ActingReply: Codable, Sendable {
  /// What it would do; there when it was a dry run, or must be confirmed first. Nothing was changed then.
  var preview: Preview? { get }
}
