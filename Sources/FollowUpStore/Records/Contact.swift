package import FollowUpCore
internal import GRDB

/// One way to reach a patient.
package struct Contact: Sendable, Equatable, StoredRecord {
  /// 0 until it is inserted.
  package var id: Int64 = 0
  package var patientID: Int64
  package var channel: String
  package var address: Address
  /// Whose it is: `self`, or a description.
  package var person = "self"
  /// 1 is tried first.
  package var rank: Int
  package var consent: Consent
  package var consentSource: String?
  package var consentAt: Instant
  package var state = ContactState.ok
  package var createdAt: Instant
  package var updatedAt: Instant

  package init(
    patientID: Int64, channel: String, address: Address, rank: Int, consent: Consent, consentSource: String?,
    now: Instant
  ) {
    self.patientID = patientID
    self.channel = channel
    self.address = address
    self.rank = rank
    self.consent = consent
    self.consentSource = consentSource
    consentAt = now
    createdAt = now
    updatedAt = now
  }

  static let table = "contact"
  static func subject(_ row: Row) -> String { SubjectID.patient(row["patient_id"]) }

  init(_ row: Row) throws {
    id = row["id"]
    patientID = row["patient_id"]
    channel = row["channel"]
    address = Address(typed: row["address"], normalised: row["normalised"])
    person = row["person"]
    rank = row["rank"]
    consent = try row.word("consent")
    consentSource = row["consent_source"]
    consentAt = row.instant("consent_at")
    state = try row.word("state")
    createdAt = row.instant("created_at")
    updatedAt = row.instant("updated_at")
  }
}
