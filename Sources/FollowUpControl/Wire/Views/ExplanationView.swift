/// Why a reminder is, or was not, sent.
package struct ExplanationView: Codable, Equatable, Sendable {
  /// `send`, `defer`, `drop`, `staff`.
  package var decision: String
  /// When it is looked at again; null: unknown, or final.
  @Nullable package var until: String?
  @Nullable package var reason: String?
  package var checks: [CheckView]
  package var reminder: ReminderView
  package var history: [HistoryView]
  /// The zone of the occurrence, for people to read the times in.
  @Nullable package var zone: String?
  /// The decision in a sentence that can be read out.
  package var said: String

  package init(
    decision: String, until: String?, reason: String?, checks: [CheckView], reminder: ReminderView,
    history: [HistoryView], zone: String? = nil, said: String = ""
  ) {
    self.decision = decision
    self.until = until
    self.reason = reason
    self.checks = checks
    self.reminder = reminder
    self.history = history
    self.zone = zone
    self.said = said
  }
}
