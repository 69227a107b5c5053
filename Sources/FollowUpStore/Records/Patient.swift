package import FollowUpCore
internal import GRDB

/// A person whom the clinic looks after.
package struct Patient: Sendable, Equatable, StoredRecord {
  /// 0 until it is inserted.
  package var id: Int64 = 0
  /// The clinic's own identifier.
  package var ref: String
  package var name: String
  package var calledName: String?
  package var born: CivilDate? { didSet { unreadable["born"] = nil } }
  /// BCP 47; nil: the clinic's.
  package var language: String?
  /// IANA; nil: the clinic's.
  package var zone: String?
  /// Own contact hours as typed; nil: the clinic's.
  package var hours: String?
  package var callOnly = false
  package var status = PatientStatus.active
  package var createdAt: Instant
  package var updatedAt: Instant
  /// Raised by each change.
  package var version = 1
  /// What its row holds that cannot be read, as it is stored, by column. It is written back as it is, until another value
  /// is set.
  package private(set) var unreadable: [String: String] = [:]

  package init(ref: String, name: String, now: Instant) {
    self.ref = ref
    self.name = name
    createdAt = now
    updatedAt = now
  }

  init(_ row: Row) throws {
    var free = FreeColumns(row)
    id = row["id"]
    ref = row["ref"]
    name = row["name"]
    calledName = row["called_name"]
    born = free.textOrNil("born")
    language = row["language"]
    zone = row["zone"]
    hours = row["hours"]
    callOnly = row["call_only"]
    status = try row.word("status")
    createdAt = row.instant("created_at")
    updatedAt = row.instant("updated_at")
    version = row["version"]
    unreadable = free.unreadable
  }

  static let table = "patient"
  static func subject(_ row: Row) -> String { SubjectID.patient(row["id"]) }

  /// `born` as it is stored.
  package var bornText: String? { unreadable["born"] ?? born?.description }
}
