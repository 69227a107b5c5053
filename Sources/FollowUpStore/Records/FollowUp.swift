package import FollowUpCore
internal import GRDB

/// A promise to a patient.
package struct FollowUp: Sendable, Equatable {
  /// 0 until it is inserted.
  package var id: Int64 = 0
  package var patientID: Int64
  package var plan: String
  package var priority: Priority
  package var owner: Owner
  /// The one named by `--with`.
  package var clinician: String?
  /// For staff only.
  package var note: String?
  /// The first anchor, as promised (R1).
  package var anchor: CivilDateTime
  package var zone: String
  /// RFC 5545 RRULE.
  package var rule: String?
  /// The rule's last date, where it ends.
  package var lastDate: CivilDate?
  /// The first date of the rule that has no occurrence yet; nil: none is to be made any more.
  package var nextDate: CivilDate?
  package var source: String?
  package var externalID: String?
  package var status = FollowUpStatus.active
  package var createdAt: Instant
  package var updatedAt: Instant
  /// Raised by each change.
  package var version = 1

  package init(
    patientID: Int64, plan: String, priority: Priority, owner: Owner, anchor: CivilDateTime, zone: String, now: Instant
  ) {
    self.patientID = patientID
    self.plan = plan
    self.priority = priority
    self.owner = owner
    self.anchor = anchor
    self.zone = zone
    createdAt = now
    updatedAt = now
  }

  init(_ row: Row) throws {
    id = row["id"]
    patientID = row["patient_id"]
    plan = row["plan"]
    priority = try row.word("priority")
    owner = try row.text("owner")
    clinician = row["clinician"]
    note = row["note"]
    anchor = try row.text("civil")
    zone = row["zone"]
    rule = row["rule"]
    lastDate = try row.textOrNil("last_date")
    nextDate = try row.textOrNil("next_date")
    source = row["source"]
    externalID = row["external_id"]
    status = try row.word("status")
    createdAt = row.instant("created_at")
    updatedAt = row.instant("updated_at")
    version = row["version"]
  }
}
