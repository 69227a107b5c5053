/// A message as composed, before an adapter gives it its bytes.
package struct MessageDraft: Sendable, Equatable {
  /// The identity (UUIDv5, lower case, hyphens): left side of the Message-ID and the `webhook-id`.
  package var identity: String
  package var channel: String
  /// The address, normalised, as the channel understands it.
  package var address: String
  /// The subject, for channels that have one.
  package var subject: String
  /// The text, lines separated by LF.
  package var text: String
  /// BCP 47.
  package var language: String
  /// When it was composed: the `Date` header of an e-mail.
  package var composedAt: Instant
  /// The visit to attach as text/calendar, where the plan asks for it.
  package var calendar: CalendarEntry?
  /// The clinic's name, for the calendar entry and gateways that show a sender.
  package var clinicName: String

  package init(
    identity: String, channel: String, address: String, subject: String, text: String, language: String,
    composedAt: Instant, calendar: CalendarEntry? = nil, clinicName: String = ""
  ) {
    self.identity = identity
    self.channel = channel
    self.address = address
    self.subject = subject
    self.text = text
    self.language = language
    self.composedAt = composedAt
    self.calendar = calendar
    self.clinicName = clinicName
  }
}

/// What a text/calendar part says of a visit (RFC 5545, METHOD:PUBLISH).
package struct CalendarEntry: Sendable, Equatable {
  /// Stable over moves; the SEQUENCE tells them apart.
  package var uid: String
  /// The occurrence's revision: a calendar takes the highest that it has seen.
  package var sequence: Int
  package var start: Instant
  /// Neutral words, never what the visit is for (M3).
  package var summary: String

  package init(uid: String, sequence: Int, start: Instant, summary: String) {
    self.uid = uid
    self.sequence = sequence
    self.start = start
    self.summary = summary
  }
}

/// A message with its bytes fixed: stored at the first claim, used byte for byte by every attempt (`delivery.md`, Identity).
package struct RenderedMessage: Sendable, Equatable {
  package var identity: String
  /// The whole Message-ID with its angle brackets, where the adapter has one; else the identity.
  package var messageID: String
  package var channel: String
  package var address: String
  /// What goes over the wire as the message's content.
  package var body: [UInt8]

  package init(identity: String, messageID: String, channel: String, address: String, body: [UInt8]) {
    self.identity = identity
    self.messageID = messageID
    self.channel = channel
    self.address = address
    self.body = body
  }
}
