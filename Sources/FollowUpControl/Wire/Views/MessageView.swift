/// What goes to one contact.
package struct MessageView: Codable, Equatable, Sendable {
  package var id: String
  /// The patient's ref; null: a notice to staff.
  @Nullable package var patient: String?
  package var channel: String
  package var adapter: String
  /// `live`, `trial`.
  package var mode: String
  package var state: String
  package var reminders: [String]
  @Nullable package var messageId: String?
  @Nullable package var gatewayId: String?
  @Nullable package var language: String?
  package var createdAt: String
  @Nullable package var sentAt: String?
  @Nullable package var deliveredAt: String?
  package var attempts: [AttemptView]
  /// The first one that came.
  @Nullable package var receipt: ReceiptView?
  /// Only when the body was asked for.
  @Nullable package var subject: String?
  /// Only when it was asked for and is still kept.
  @Nullable package var body: String?
  /// The clinic's zone, for people to read the times in.
  @Nullable package var zone: String?

  package init(
    id: String, patient: String?, channel: String, adapter: String, mode: String, state: String,
    reminders: [String], messageId: String?, gatewayId: String?, language: String?, createdAt: String,
    sentAt: String?, deliveredAt: String?, attempts: [AttemptView], receipt: ReceiptView? = nil, subject: String?,
    body: String?, zone: String? = nil
  ) {
    self.id = id
    self.patient = patient
    self.channel = channel
    self.adapter = adapter
    self.mode = mode
    self.state = state
    self.reminders = reminders
    self.messageId = messageId
    self.gatewayId = gatewayId
    self.language = language
    self.createdAt = createdAt
    self.sentAt = sentAt
    self.deliveredAt = deliveredAt
    self.attempts = attempts
    self.receipt = receipt
    self.subject = subject
    self.body = body
    self.zone = zone
  }
}
