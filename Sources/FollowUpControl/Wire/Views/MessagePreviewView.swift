/// A message as it would go out, and whether it would.
package struct MessagePreviewView: Codable, Equatable, Sendable {
  /// The reminder's id.
  package var reminder: String
  /// The ids of all that would leave in this message, this one first (R13).
  package var reminders: [String]
  /// The patient's ref.
  package var patient: String
  /// null: there is no contact that it could go to.
  @Nullable package var channel: String?
  @Nullable package var address: String?
  /// Whose address it is.
  @Nullable package var person: String?
  @Nullable package var adapter: String?
  /// `live`, `trial`.
  @Nullable package var mode: String?
  /// Of the text; null: there is none.
  @Nullable package var language: String?
  /// Of an e-mail.
  @Nullable package var subject: String?
  /// null: there is no text.
  @Nullable package var body: String?
  /// `send`, `defer`, `drop`, `staff`.
  package var decision: String
  /// When it goes, or is looked at again.
  @Nullable package var until: String?
  @Nullable package var reason: String?
  /// The decision in a sentence that can be read out.
  package var said: String
  /// The zone of the occurrence, for people to read the times in.
  @Nullable package var zone: String?

  package init(
    reminder: String, reminders: [String], patient: String, channel: String?, address: String?, person: String?,
    adapter: String?,
    mode: String?, language: String?, subject: String?, body: String?, decision: String, until: String?,
    reason: String?, said: String, zone: String?
  ) {
    self.reminder = reminder
    self.reminders = reminders
    self.patient = patient
    self.channel = channel
    self.address = address
    self.person = person
    self.adapter = adapter
    self.mode = mode
    self.language = language
    self.subject = subject
    self.body = body
    self.decision = decision
    self.until = until
    self.reason = reason
    self.said = said
    self.zone = zone
  }
}
