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

  /// Nothing at all is sent while it is in force.
  package var stopsAll: Bool { kind == .all || kind == .restored }

  /// Whether it is still in force at an instant to come, if nobody ends it before.
  package func lasts(at instant: Instant) -> Bool { until.map { $0 > instant } ?? true }

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
