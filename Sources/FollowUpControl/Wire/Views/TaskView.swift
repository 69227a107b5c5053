/// Work for a person.
package struct TaskView: Codable, Equatable, Sendable {
  package var id: String
  package var subject: String
  package var reason: String
  /// What a person is to do.
  package var advice: String
  @Nullable package var patient: TaskPatientView?
  @Nullable package var followUp: String?
  @Nullable package var followUpDue: String?
  package var priority: String
  package var owner: String
  package var due: String
  package var state: String
  @Nullable package var takenBy: String?
  @Nullable package var takenAt: String?
  package var tried: [TriedView]
  @Nullable package var outcome: String?
  @Nullable package var note: String?
  package var createdAt: String
  @Nullable package var closedAt: String?
  /// The clinic's zone, for people to read the times in.
  @Nullable package var zone: String?

  package init(
    id: String, subject: String, reason: String, advice: String = "", patient: TaskPatientView?, followUp: String?,
    followUpDue: String?, priority: String, owner: String, due: String, state: String, takenBy: String?,
    takenAt: String?, tried: [TriedView], outcome: String?, note: String?, createdAt: String, closedAt: String?,
    zone: String? = nil
  ) {
    self.id = id
    self.subject = subject
    self.reason = reason
    self.advice = advice
    self.patient = patient
    self.followUp = followUp
    self.followUpDue = followUpDue
    self.priority = priority
    self.owner = owner
    self.due = due
    self.state = state
    self.takenBy = takenBy
    self.takenAt = takenAt
    self.tried = tried
    self.outcome = outcome
    self.note = note
    self.createdAt = createdAt
    self.closedAt = closedAt
    self.zone = zone
  }
}
