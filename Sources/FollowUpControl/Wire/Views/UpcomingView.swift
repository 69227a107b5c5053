/// A reminder that may still be sent, with what clearance would decide.
package struct UpcomingView: Codable, Equatable, Sendable {
  package var id: String
  package var followUp: String
  package var occurrence: String
  package var revision: Int
  package var kind: String
  @Nullable package var step: String?
  package var plannedAt: String
  @Nullable package var wakeAt: String?
  package var expiresAt: String
  package var state: String
  /// The reason of `decision`.
  @Nullable package var reason: String?
  @Nullable package var message: String?
  @Nullable package var task: String?
  /// The patient's ref.
  package var patient: String
  @Nullable package var patientName: String?
  package var priority: String
  /// Civil, of the occurrence, in `zone`.
  package var due: String
  package var zone: String
  package var dueAt: String
  /// `send`, `defer`, `drop`, `staff`.
  package var decision: String

  package init(
    id: String, followUp: String, occurrence: String, revision: Int, kind: String, step: String?,
    plannedAt: String, wakeAt: String?, expiresAt: String, state: String, reason: String?, message: String?,
    task: String?, patient: String, patientName: String?, priority: String, due: String, zone: String,
    dueAt: String, decision: String
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
    self.patient = patient
    self.patientName = patientName
    self.priority = priority
    self.due = due
    self.zone = zone
    self.dueAt = dueAt
    self.decision = decision
  }
}
