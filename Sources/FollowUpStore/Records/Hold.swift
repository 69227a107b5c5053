package import FollowUpCore
internal import GRDB

/// Sending is paused.
package struct Hold: Sendable, Equatable, StoredRecord {
  /// 0 until it is inserted.
  package var id: Int64 = 0
  package var kind: HoldKind
  /// The plan, the channel, or the patient's number (`P:17`); nil for the others.
  package var subject: String?
  package var until: Instant?
  package var reason: String
  package var createdAt: Instant
  package var createdBy: String

  package init(
    kind: HoldKind, subject: String?, until: Instant?, reason: String, createdBy: String, now: Instant
  ) {
    self.kind = kind
    self.subject = subject
    self.until = until
    self.reason = reason
    self.createdBy = createdBy
    createdAt = now
  }

  static let table = "hold"
  static func subject(_ row: Row) -> String { SubjectID.hold(row["id"]) }

  init(_ row: Row) throws {
    id = row["id"]
    kind = try row.word("kind")
    subject = row["subject"]
    until = row.instantOrNil("until")
    reason = row["reason"]
    createdAt = row.instant("created_at")
    createdBy = row["created_by"]
  }
}
