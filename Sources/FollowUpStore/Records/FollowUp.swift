package import FollowUpCore
internal import GRDB

/// A promise to a patient.
package struct FollowUp: Sendable, Equatable, StoredRecord {
  /// 0 until it is inserted.
  package var id: Int64 = 0
  package var patientID: Int64
  package var plan: String
  package var priority: Priority
  package var owner: Owner { didSet { unreadable["owner"] = nil } }
  /// The one named by `--with`.
  package var clinician: String?
  /// For staff only.
  package var note: String?
  /// The first anchor, as promised (R1).
  package var anchor: CivilDateTime { didSet { unreadable["civil"] = nil } }
  package var zone: String
  /// RFC 5545 RRULE.
  package var rule: String?
  /// The rule's last date, where it ends.
  package var lastDate: CivilDate? { didSet { unreadable["last_date"] = nil } }
  /// The first date of the rule that has no occurrence yet; nil: none is to be made any more.
  package var nextDate: CivilDate? { didSet { unreadable["next_date"] = nil } }
  package var source: String?
  package var externalID: String?
  package var status = FollowUpStatus.active
  package var createdAt: Instant
  package var updatedAt: Instant
  /// Raised by each change.
  package var version = 1
  /// What its row holds that cannot be read, as it is stored, by column; the properties have a substitute then. It is
  /// written back as it is, until another value is set.
  package private(set) var unreadable: [String: String] = [:]

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
    var free = FreeColumns(row)
    id = row["id"]
    patientID = row["patient_id"]
    plan = row["plan"]
    priority = try row.word("priority")
    owner = free.text("owner", else: .frontDesk)
    clinician = row["clinician"]
    note = row["note"]
    let created = row.instant("created_at")
    anchor = free.text("civil", else: created.utc)
    zone = row["zone"]
    rule = row["rule"]
    lastDate = free.textOrNil("last_date")
    nextDate = free.textOrNil("next_date")
    source = row["source"]
    externalID = row["external_id"]
    status = try row.word("status")
    createdAt = created
    updatedAt = row.instant("updated_at")
    version = row["version"]
    unreadable = free.unreadable
  }

  static let table = "follow_up"
  static func subject(_ row: Row) -> String { SubjectID.followUp(row["id"]) }

  /// Whether dates of it are still to be made, as far as its row tells.
  package var makesDates: Bool { nextDate != nil || unreadable["next_date"] != nil }

  /// `owner` as it is stored.
  package var ownerText: String { stored("owner", owner.description) }

  /// What a column is written as: `text`, or what stood there and cannot be read.
  func stored(_ column: String, _ text: String) -> String { unreadable[column] ?? text }

  func storedOrNil(_ column: String, _ text: String?) -> String? { unreadable[column] ?? text }

  /// - Throws: `UnreadableRow` if what its dates are reckoned by cannot be read.
  package func requireDates() throws {
    let columns = ["civil", "last_date", "next_date"].filter { unreadable[$0] != nil }
    guard columns.isEmpty else {
      throw UnreadableRow(table: Self.table, id: id, columns: columns, subject: SubjectID.followUp(id))
    }
  }
}
