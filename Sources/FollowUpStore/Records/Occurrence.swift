package import FollowUpCore
internal import GRDB

/// One date of a follow-up, and what is promised for it.
package struct Occurrence: Sendable, Equatable, StoredRecord {
  /// 0 until it is inserted.
  package var id: Int64 = 0
  package var followUpID: Int64
  /// The civil date that the rule yielded; moves do not change it.
  package var key: String
  package var anchor: CivilDateTime { didSet { unreadable["civil"] = nil } }
  package var zone: String
  /// Derived from the anchor and the zone (R1).
  package var anchorAt: Instant
  /// Raised by each change of the anchor.
  package var revision = 1
  package var status = OccurrenceStatus.open
  package var answer = Answer.none
  package var answeredAt: Instant?
  package var answerVia: AnswerVia?
  package var answeredBy: String?
  package var causedBy: Cause?
  /// Why it was cancelled, in the words of whoever did it: for staff.
  package var causeReason: String?
  /// What the patient was last told.
  package var toldAnchor: CivilDateTime?
  package var toldZone: String?
  package var toldRevision: Int?
  package var createdAt: Instant
  package var updatedAt: Instant
  /// What its row holds that cannot be read, as it is stored, by column. It is written back as it is, until another value
  /// is set; for `anchor` stands what `anchorAt` is in UTC.
  package private(set) var unreadable: [String: String] = [:]

  package init(
    followUpID: Int64, key: CivilDate, anchor: CivilDateTime, zone: String, anchorAt: Instant, now: Instant
  ) {
    self.followUpID = followUpID
    self.key = key.description
    self.anchor = anchor
    self.zone = zone
    self.anchorAt = anchorAt
    createdAt = now
    updatedAt = now
  }

  /// `F-12@2026-12-01`.
  package var subject: String { SubjectID.occurrence(followUp: followUpID, key: key) }

  init(_ row: Row) throws {
    var free = FreeColumns(row)
    id = row["id"]
    followUpID = row["follow_up_id"]
    key = row["key"]
    zone = row["zone"]
    anchorAt = row.instant("anchor_at")
    anchor = free.text("civil", else: anchorAt.utc)
    revision = row["revision"]
    status = try row.word("status")
    answer = try row.word("answer")
    answeredAt = row.instantOrNil("answered_at")
    answerVia = try row.wordOrNil("answer_via")
    answeredBy = row["answered_by"]
    causedBy = try row.wordOrNil("caused_by")
    causeReason = row["cause_reason"]
    toldAnchor = free.textOrNil("told_civil")
    toldZone = row["told_zone"]
    toldRevision = row["told_revision"]
    createdAt = row.instant("created_at")
    updatedAt = row.instant("updated_at")
    unreadable = free.unreadable
  }

  static let table = "occurrence"
  static func subject(_ row: Row) -> String { SubjectID.occurrence(followUp: row["follow_up_id"], key: row["key"]) }

  /// False if the civil time cannot be read; `anchorAt` still tells when it was understood to be.
  package var isAnchorReadable: Bool { unreadable["civil"] == nil }

  /// `anchor` as it is stored.
  package var anchorText: String { unreadable["civil"] ?? anchor.description }

  /// `toldAnchor` as it is stored.
  package var toldText: String? { unreadable["told_civil"] ?? toldAnchor?.description }

  /// - Throws: `UnreadableRow` if its civil time cannot be read.
  package func requireAnchor() throws {
    guard isAnchorReadable else {
      throw UnreadableRow(table: Self.table, id: id, columns: ["civil"], subject: subject)
    }
  }
}

extension [Occurrence] {
  /// The one that the follow-up's id means: the earliest that is not over; if all are, the last.
  package var meant: Occurrence? {
    let ordered = sorted { ($0.anchorAt, $0.key) < ($1.anchorAt, $1.key) }
    return ordered.first { !$0.status.isOver } ?? ordered.last
  }
}
