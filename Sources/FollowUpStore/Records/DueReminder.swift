package import FollowUpCore

/// A reminder that is due to be looked at, with what it hangs on.
package struct DueReminder: Sendable, Equatable {
  package var id: Int64
  package var occurrenceID: Int64
  package var followUpID: Int64
  package var patientID: Int64
  /// `F-12@2026-12-01`
  package var subject: String
  package var revision: Int
  package var kind: ReminderKind
  package var step: String
  package var planVersionID: Int64?
  package var priority: Priority
  package var intendedAt: Instant
  package var plannedAt: Instant
  package var expiresAt: Instant
  package var state: ReminderState
  package var messageID: Int64?
  /// Nil while parked.
  package var wakeAt: Instant?
  /// Since when it can be sent: its instant, or the later one that it was planned at, or that hours or the budget
  /// deferred it to (R11).
  package var sendableAt: Instant
  /// Staff let it go although it was overdue (R11).
  package var isReleased: Bool
  /// A message that carries it was tried.
  package var isTried: Bool
  /// False: a value of its row means nothing; it alone is affected (promise 33).
  package var isReadable: Bool

  /// `F-12@2026-12-01/1/step/day-before`
  package var name: String { "\(subject)/\(revision)/\(kind.rawValue)/\(step)" }

  static let columns = """
    reminder.id, reminder.occurrence_id, occurrence.follow_up_id, follow_up.patient_id, occurrence.key,
    reminder.revision, reminder.kind, reminder.step, reminder.plan_version_id, reminder.priority,
    reminder.intended_at, reminder.planned_at, reminder.expires_at, reminder.state, reminder.message_id,
    reminder.wake_at, coalesce(reminder.sendable_at, reminder.planned_at), reminder.is_released,
    coalesce((SELECT tries > 0 FROM message WHERE id = reminder.message_id), 0)
    """
  static let joins = """
    JOIN occurrence ON occurrence.id = reminder.occurrence_id JOIN follow_up ON follow_up.id = occurrence.follow_up_id
    """

  init(_ row: HotStatement.Columns) {
    let kind = ReminderKind(rawValue: row[6])
    let priority = Priority(rank: row[9])
    let state = ReminderState(rawValue: row[13])
    id = row[0]
    occurrenceID = row[1]
    followUpID = row[2]
    patientID = row[3]
    subject = "F-\(followUpID)@\(row[4] as String)"
    revision = row[5]
    self.kind = kind ?? .step
    step = row[7]
    planVersionID = row[8]
    self.priority = priority ?? .routine
    intendedAt = Instant(row[10])
    plannedAt = Instant(row[11])
    expiresAt = Instant(row[12])
    self.state = state ?? .planned
    messageID = row[14]
    wakeAt = (row[15] as Int64?).map(Instant.init(_:))
    sendableAt = Instant(row[16])
    isReleased = row[17]
    isTried = row[18]
    isReadable =
      kind != nil && priority != nil && state != nil && intendedAt.isPlausible && plannedAt.isPlausible
      && expiresAt.isPlausible && sendableAt.isPlausible && wakeAt?.isPlausible ?? true
  }

  /// R11: never tried, and sendable for more than an hour. What steps aside for its channel's pace was looked at in time.
  package func isOverdue(at now: Instant) -> Bool {
    !isTried && !isReleased && now - (wakeAt ?? sendableAt) > Self.overdueAfter
  }

  /// An hour (R11).
  static let overdueAfter: Int64 = 3600
}
