package import FollowUpCore
internal import GRDB

/// Why an address is on the stop list (R16).
package enum StopKind: String, Sendable, CaseIterable {
  /// Its owner asked for no more messages.
  case stop
  /// It is not the address of whom we thought.
  case wrong
}

/// An address to which nothing is sent.
package struct StopEntry: Sendable, Equatable {
  package var id: Int64
  package var kind: StopKind
  package var channel: String
  package var source: String
  package var createdAt: Instant

  init(_ row: Row) throws {
    id = row["id"]
    kind = try row.word("kind")
    channel = row["channel"]
    source = row["source"]
    createdAt = row.instant("created_at")
  }
}
