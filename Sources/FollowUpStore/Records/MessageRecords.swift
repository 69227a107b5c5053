package import FollowUpCore

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

  static let columns = """
    id, identity, message_header, contact_id, patient_id, channel, adapter, address, mode, state, tries, doubts,
    first_try_at
    """

  init?(_ row: HotStatement.Columns) {
    guard let mode = Mode(rawValue: row[8]), let state = MessageState(rawValue: row[9]) else { return nil }
    id = row[0]
    identity = row[1]
    header = MessageHeader.whole(row[2], identity: identity)
    contactID = row[3]
    patientID = row[4]
    channel = row[5]
    adapter = row[6]
    address = row[7]
    self.mode = mode
    self.state = state
    tries = row[10]
    doubts = row[11]
    firstTryAt = (row[12] as Int64?).map(Instant.init(_:))
  }
}

extension PendingMessage {
  /// A message that was stored with its first claim.
  init(_ message: NewMessage, claimedAs id: Int64, now: Instant) {
    self.id = id
    identity = message.identity
    header = message.header
    contactID = message.contactID
    patientID = message.patientID
    channel = message.channel
    adapter = message.adapter
    address = message.address
    mode = message.mode
    state = .claimed
    tries = 1
    doubts = 0
    firstTryAt = now
  }
}

/// What a claim left in the database, for the one who made it: as long as the fence holds, it need not be read again.
package struct ClaimedRows: Sendable, Equatable {
  package var message: PendingMessage
  package var reminders: [DueReminder]
}

/// One committed claim: what a worker may send, until `sendBy`.
package final class Claim: Sendable {
  package let messageID: Int64
  package let attemptID: Int64
  package let n: Int
  package let sendBy: Instant
  package let adapter: String
  package let mode: Mode
  package let message: RenderedMessage
  /// Nil where the message was stored before.
  package let rows: ClaimedRows?

  package init(
    messageID: Int64, attemptID: Int64, n: Int, sendBy: Instant, adapter: String, mode: Mode, message: RenderedMessage,
    rows: ClaimedRows? = nil
  ) {
    self.messageID = messageID
    self.attemptID = attemptID
    self.n = n
    self.sendBy = sendBy
    self.adapter = adapter
    self.mode = mode
    self.message = message
    self.rows = rows
  }
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
