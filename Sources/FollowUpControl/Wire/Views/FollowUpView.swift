/// A follow-up; `due`, `zone` and `dueAt` are those of the occurrence that its id means.
package struct FollowUpView: Codable, Equatable, Sendable {
  package var id: String
  /// The patient's ref.
  package var patient: String
  /// For staff.
  @Nullable package var patientName: String?
  package var plan: String
  /// `urgent`, `soon`, `routine`.
  package var priority: String
  /// `role:nurse`, `user:ana`.
  package var owner: String
  /// The clinician.
  @Nullable package var with: String?
  @Nullable package var note: String?
  /// RFC 5545 RRULE.
  @Nullable package var `repeat`: String?
  @Nullable package var source: String?
  @Nullable package var externalId: String?
  /// `active`, `ended`.
  package var status: String
  /// Null when every occurrence is over.
  @Nullable package var due: String?
  @Nullable package var zone: String?
  @Nullable package var dueAt: String?
  /// The latest, and the one that the id means; where a date was named, that one.
  package var occurrences: [OccurrenceView]
  package var reminders: [ReminderView]
  package var createdAt: String
  package var updatedAt: String
  package var version: Int
  /// The rule in plain words.
  @Nullable package var repeatText: String?

  package init(
    id: String, patient: String, patientName: String?, plan: String, priority: String, owner: String,
    with: String?, note: String?, `repeat`: String?, source: String?, externalId: String?, status: String,
    due: String?, zone: String?, dueAt: String?, occurrences: [OccurrenceView], reminders: [ReminderView],
    createdAt: String, updatedAt: String, version: Int, repeatText: String? = nil
  ) {
    self.id = id
    self.patient = patient
    self.patientName = patientName
    self.plan = plan
    self.priority = priority
    self.owner = owner
    self.with = with
    self.note = note
    self.repeat = `repeat`
    self.source = source
    self.externalId = externalId
    self.status = status
    self.due = due
    self.zone = zone
    self.dueAt = dueAt
    self.occurrences = occurrences
    self.reminders = reminders
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.version = version
    self.repeatText = repeatText
  }
}
