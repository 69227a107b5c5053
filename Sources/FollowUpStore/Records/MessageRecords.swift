package import FollowUpCore
internal import GRDB

/// A message as composed and rendered, about to be stored with its first claim.
package struct NewMessage: Sendable {
  package var identity: String
  package var header: String
  package var patientID: Int64?
  package var contactID: Int64?
  package var channel: String
  package var adapter: String
  package var address: String
  package var mode: Mode
  package var language: String
  package var subject: String
  package var text: String
  package var wire: [UInt8]

  package init(
    identity: String, header: String, patientID: Int64?, contactID: Int64?, channel: String, adapter: String,
    address: String, mode: Mode, language: String, subject: String, text: String, wire: [UInt8]
  ) {
    self.identity = identity
    self.header = header
    self.patientID = patientID
    self.contactID = contactID
    self.channel = channel
    self.adapter = adapter
    self.address = address
    self.mode = mode
    self.language = language
    self.subject = subject
    self.text = text
    self.wire = wire
  }
}

/// A message that is not final, as a retry needs it.
package struct PendingMessage: Sendable, Equatable {
  package var id: Int64
  package var identity: String
  package var header: String
  package var contactID: Int64?
  package var patientID: Int64?
  package var channel: String
  package var adapter: String
  package var address: String?
  package var mode: Mode
  package var state: MessageState
  package var tries: Int
  package var doubts: Int
  package var firstTryAt: Instant?

  init?(_ row: Row) {
    guard let mode = Mode(rawValue: row["mode"]), let state = MessageState(rawValue: row["state"]) else { return nil }
    id = row["id"]
    identity = row["identity"]
    header = row["message_header"]
    contactID = row["contact_id"]
    patientID = row["patient_id"]
    channel = row["channel"]
    adapter = row["adapter"]
    address = row["address"]
    self.mode = mode
    self.state = state
    tries = row["tries"]
    doubts = row["doubts"]
    firstTryAt = (row["first_try_at"] as Int64?).map(Instant.init(_:))
  }
}

/// One committed claim: what a worker may send, until `sendBy`.
package struct Claim: Sendable, Equatable {
  package var messageID: Int64
  package var attemptID: Int64
  package var n: Int
  package var sendBy: Instant
  package var adapter: String
  package var mode: Mode
  package var message: RenderedMessage
}

/// What became of a claim's attempt.
package struct AttemptResult: Sendable {
  package var messageID: Int64
  package var attemptID: Int64
  package var outcome: Outcome

  package init(messageID: Int64, attemptID: Int64, outcome: Outcome) {
    self.messageID = messageID
    self.attemptID = attemptID
    self.outcome = outcome
  }
}
