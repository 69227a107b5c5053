/// A step of an occurrence, or a notice, planned for an instant.
package struct ReminderView: Codable, Equatable, Sendable {
  /// `F-12@2026-12-01/1/step/day-before`.
  package var id: String
  package var followUp: String
  package var occurrence: String
  package var revision: Int
  package var kind: String
  @Nullable package var step: String?
  /// Never changed by a deferral.
  package var plannedAt: String
  /// When it is looked at next; null while parked or final.
  @Nullable package var wakeAt: String?
  package var expiresAt: String
  package var state: String
  @Nullable package var reason: String?
  /// The message that carries it, `M-7`.
  @Nullable package var message: String?
  /// The task that took it over, `T-3`.
  @Nullable package var task: String?
  /// The zone of the occurrence, for people to read the times in.
  @Nullable package var zone: String?

  package init(
    id: String, followUp: String, occurrence: String, revision: Int, kind: String, step: String?,
    plannedAt: String, wakeAt: String?, expiresAt: String, state: String, reason: String?, message: String?,
    task: String?, zone: String? = nil
  ) {
    self.id = id
    self.followUp = followUp
    self.occurrence = occurrence
    self.revision = revision
    self.kind = kind
    self.step = step
    self.plannedAt = plannedAt
    self.wakeAt = wakeAt
    self.expiresAt = expiresAt
    self.state = state
    self.reason = reason
    self.message = message
    self.task = task
    self.zone = zone
  }
}
