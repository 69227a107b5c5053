package import FollowUpCore
internal import GRDB

/// A message with what a list says of it.
package struct ListedMessage: Sendable, Equatable, StoredRecord {
  package var id: Int64
  package var patientID: Int64?
  package var patientRef: String?
  package var channel: String
  package var adapter: String
  package var mode: Mode
  package var state: MessageState
  package var reason: Reason?
  /// The whole Message-ID, with its angle brackets where the adapter has them.
  package var messageID: String
  package var gatewayID: String?
  package var language: String
  package var createdAt: Instant
  package var sentAt: Instant?
  package var deliveredAt: Instant?
  package var reminders: [ListedReminder] = []
  package var attempts: [ListedAttempt] = []
  package var receipt: Receipt?
  /// What its row holds that cannot be read, as it is stored, by column.
  package private(set) var unreadable: [String: String] = [:]

  /// The columns that `init(_:)` reads, of `message m` and `patient p`.
  static let columns = """
    m.id, m.patient_id, p.ref AS patient_ref, m.channel, m.adapter, m.mode, m.state, m.reason, m.identity,
    m.message_header, m.gateway_id, m.language, m.created_at, m.sent_at, m.delivered_at
    """

  static let table = "message"
  static func subject(_ row: Row) -> String { SubjectID.message(row["id"]) }

  init(_ row: Row) throws {
    var free = FreeColumns(row)
    id = row["id"]
    patientID = row["patient_id"]
    patientRef = row["patient_ref"]
    channel = row["channel"]
    adapter = row["adapter"]
    mode = try row.word("mode")
    state = try row.word("state")
    reason = free.wordOrNil("reason")
    messageID = MessageHeader.whole(row["message_header"], identity: row["identity"])
    gatewayID = row["gateway_id"]
    language = row["language"]
    createdAt = row.instant("created_at")
    sentAt = row.instantOrNil("sent_at")
    deliveredAt = row.instantOrNil("delivered_at")
    unreadable = free.unreadable
  }
}

/// One try to deliver a message.
package struct ListedAttempt: Sendable, Equatable, StoredRecord {
  package var n: Int
  package var claimedAt: Instant
  /// nil while it is under way.
  package var finishedAt: Instant?
  package var state: AttemptState
  /// The server's code.
  package var code: String?
  /// The server's reply, addresses replaced (R22).
  package var detail: String?

  static let table = "attempt"
  static func subject(_ row: Row) -> String { SubjectID.message(row["message_id"]) }

  init(_ row: Row) throws {
    n = row["n"]
    claimedAt = row.instant("claimed_at")
    finishedAt = row.instantOrNil("finished_at")
    state = try row.word("state")
    code = row["code"]
    detail = row["detail"]
  }
}
